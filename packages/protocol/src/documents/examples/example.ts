/** What an example is: a document as it is answered, or a body as a client sends it. */
import type { DocumentType, Representation } from '../../index.js';

/** An answer as the description shows it. */
export interface AnswerExample {
  readonly documentName: string;
  readonly name: string;
  readonly summary: string;
  /** Which operations answer it, as `GET /api/…/:id`; absent for all that answer the document. */
  readonly on: RegExp | undefined;
  readonly write: (representation: Representation) => string;
}

/** A request body as the description shows it; a test sends each of them. */
export interface BodyExample {
  readonly documentName: string;
  readonly name: string;
  readonly summary: string;
  /** Which operations it is for, as `PUT /api/…/:id`; absent for all that read the document. */
  readonly on: RegExp | undefined;
  /** JSON, as a client writes it. */
  readonly body: unknown;
  readonly writeXml: () => string;
}

/** An example answer; the document's type keeps it true to its schema. */
export function answered<T>(
  document: DocumentType<T>,
  value: T,
  { name = 'answer', summary = document.description, on }: Partial<Answered> = {},
): AnswerExample {
  const write = (representation: Representation) => document.write(value, representation);
  return { documentName: document.name, name, summary, on, write };
}

interface Answered {
  readonly name: string;
  readonly summary: string;
  readonly on: RegExp;
}

/** @throws Error when the server would refuse the body: a mistake of this program. */
export function sent<T>(
  document: DocumentType<T>,
  name: string,
  summary: string,
  body: unknown,
  on?: RegExp,
): BodyExample {
  const writeXml = () => {
    const read = document.read(body);
    if (read.ok) return document.write(read.value, 'xml');
    throw new Error(`The example ${name} of ${document.name} would be refused.`);
  };
  return { documentName: document.name, name, summary, on, body, writeXml };
}
