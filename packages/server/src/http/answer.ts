/** What a handler answers with. */
import type { Representation } from '@parley/protocol';
import type { StreamAnswer } from './stream.js';
import type { Wait } from './wait.js';

/** Header fields by name; a list is sent as several fields. */
export type AnswerHeaders = Readonly<Record<string, string | string[]>>;

/** What a handler answers with. */
export type Outcome = Answer | Wait | StreamAnswer;

/** A document, or that there is none. */
export interface Answer {
  readonly kind: 'document';
  readonly status: number;
  /** The document, written; null for none. */
  readonly body: string | null;
  readonly representation: Representation;
  readonly headers?: AnswerHeaders;
  /** Resolves when all that the answer says is on disk; absent when it is already. */
  readonly durable?: Promise<void>;
  /** Lines of JSON instead of a body, sent as they come; each ends with a line feed. */
  readonly lines?: AsyncIterable<string>;
}
