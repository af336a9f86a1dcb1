/** The documents' examples, as the description asks for them. */
import type { Representation, WireForm, AnyDocument, RegisteredOperation } from '@parley/protocol';
import { ANSWER_EXAMPLES, BODY_EXAMPLES, type BodyExample } from '@parley/protocol/examples';

/** An example with a name for its component. */
export interface NamedExample {
  readonly component: string;
  readonly name: string;
  readonly document: AnyDocument;
  readonly form: WireForm & Representation;
  readonly summary: string;
  /** JSON, or a text where the form is XML. */
  readonly value: () => unknown;
}

/** The bodies that an operation can be sent. */
export function bodiesOf({ method, url, operation }: RegisteredOperation): BodyExample[] {
  const { body } = operation;
  return BODY_EXAMPLES.filter(
    ({ documentName, on }) =>
      documentName === body?.name && (on === undefined || on.test(`${method} ${url}`)),
  );
}

/** The same as examples of the description. */
export function bodyExamples(
  registered: RegisteredOperation,
  form: 'json' | 'xml',
): NamedExample[] {
  const { body: document } = registered.operation;
  if (document === undefined) return [];
  return bodiesOf(registered).map(({ documentName, name, summary, body, writeXml }) => ({
    document,
    component: `${documentName}.${name}${form === 'xml' ? '.xml' : ''}`,
    name,
    form,
    summary,
    value: () => (form === 'xml' ? writeXml() : body),
  }));
}

/** What an operation answers as one of these documents. */
export function answerExamples(
  documents: readonly AnyDocument[],
  { method, url }: Pick<RegisteredOperation, 'method' | 'url'>,
  form: WireForm & Representation,
): NamedExample[] {
  const operation = `${method} ${url}`;
  return documents.flatMap((document) =>
    ANSWER_EXAMPLES.filter(
      ({ documentName, on }) =>
        documentName === document.name && (on === undefined || on.test(operation)),
    ).map(({ documentName, name, summary, write }) => ({
      document,
      component: `answer.${documentName}.${name}${form === 'json' ? '' : `.${form}`}`,
      name,
      form,
      summary,
      value: () => (form === 'xml' ? write(form) : (JSON.parse(write(form)) as unknown)),
    })),
  );
}
