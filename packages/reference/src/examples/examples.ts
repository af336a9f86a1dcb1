/** All examples, as the description asks for them. */
import type { Representation, WireForm, AnyDocument, RegisteredOperation } from '@parley/protocol';
import { AGENT_ANSWERS, AGENT_BODIES } from './agent.js';
import { COLLABORATION_ANSWERS, COLLABORATION_BODIES } from './collaboration.js';
import { CONFIGURATION_ANSWERS, CONFIGURATION_BODIES } from './configuration.js';
import { ENGAGEMENT_ANSWERS, ENGAGEMENT_BODIES } from './engagement.js';
import type { AnswerExample, BodyExample } from './example.js';
import { SUPERVISION_ANSWERS, SUPERVISION_BODIES } from './supervision.js';
import { USERS_ANSWERS, USERS_BODIES } from './users.js';
import { LOGIN_ANSWERS, LOGIN_BODIES } from './login.js';
import { VISITOR_ANSWERS, VISITOR_BODIES } from './visitor.js';

const ANSWERS: readonly AnswerExample[] = [
  ...LOGIN_ANSWERS,
  ...AGENT_ANSWERS,
  ...COLLABORATION_ANSWERS,
  ...VISITOR_ANSWERS,
  ...ENGAGEMENT_ANSWERS,
  ...USERS_ANSWERS,
  ...CONFIGURATION_ANSWERS,
  ...SUPERVISION_ANSWERS,
];

const BODIES: readonly BodyExample[] = [
  ...LOGIN_BODIES,
  ...AGENT_BODIES,
  ...COLLABORATION_BODIES,
  ...VISITOR_BODIES,
  ...ENGAGEMENT_BODIES,
  ...USERS_BODIES,
  ...CONFIGURATION_BODIES,
  ...SUPERVISION_BODIES,
];

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
  return BODIES.filter(
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
    ANSWERS.filter(
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
