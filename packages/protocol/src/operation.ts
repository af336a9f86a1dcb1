/**
 * What a method of a resource is, said once: the API description is made from it, and the tests
 * that hold for every route walk it.
 */
import type { DOCUMENTS } from './documents/all.js';
import type { ErrorCode } from './errors.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** A document of the wire, whatever its value. */
export type AnyDocument = typeof DOCUMENTS extends ReadonlyMap<string, infer D> ? D : never;

/** A query parameter. */
export interface Parameter {
  readonly description: string;
  /** JSON Schema of one value. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required?: true;
  /** A value that shows what it is for; it stands in the operation's `curl` command. */
  readonly example?: number | string;
  /** May be given several times. */
  readonly repeated?: true;
}

/** A header of an answer that its clients heed. */
export type AnswerHeader = 'Location' | 'Set-Cookie' | 'ETag';

/** Media type of lines that are JSON each. */
export const LINES = 'application/x-ndjson';

/** Media type of streams of frames. */
export const EVENT_STREAM = 'text/event-stream';

/** What an operation reads and answers line by line. */
export interface LinesOperation {
  /** What the body is, by media type. */
  readonly body: Readonly<
    Record<string, { readonly description: string; readonly example: string }>
  >;
  /** Bytes that the body may have. */
  readonly maxBodyBytes: number;
  /** JSON Schema of a line of the answer, which is `application/x-ndjson`. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** How an operation heeds `Idempotency-Key`. */
export interface RetryDescription {
  /** Names the operation: the same wherever it is addressed. */
  readonly name: string;
  /**
   * Who may send it again. `key`: whoever has the key, since visitors have nothing else of their own
   * before they have a chat; it must be unguessable.
   */
  readonly caller: 'user' | 'chat' | 'key';
}

/** One method of a resource, as its callers see it. */
export interface DescribedOperation {
  /** A short sentence: "Adds a line, or ends the chat." */
  readonly summary: string;
  /** What its callers should know besides. Paragraphs, separated by an empty line. */
  readonly description?: string;
  readonly query?: Readonly<Record<string, Parameter>>;
  /** Headers of the request that it heeds, beyond those that every resource does. */
  readonly headers?: Readonly<Record<string, Parameter>>;
  /** The document the body is read as; absent when any body, or none, will do. */
  readonly body?: AnyDocument;
  /** The body may be a form too: `application/x-www-form-urlencoded`. */
  readonly formBody?: true;
  /** What is answered, by status; null for no body. Several documents: one of them. */
  readonly answers: Readonly<Record<number, AnyDocument | readonly AnyDocument[] | null>>;
  /** Headers of what is answered when all went well. */
  readonly gives?: readonly AnswerHeader[];
  /** Answered in JSON, whatever is accepted. */
  readonly jsonOnly?: true;
  /** Errors beyond those that every resource of the API may answer. */
  readonly errors?: readonly ErrorCode[];
  /** Goes on as a stream of frames. */
  readonly stream?: 'sse' | 'websocket';
  /** Reads and answers lines, not documents. */
  readonly lines?: LinesOperation;
  /** Heeds `Idempotency-Key`: the same request again gets the first answer again. */
  readonly retry?: RetryDescription;
}

/** A registered operation, as the API description sees it. */
export interface RegisteredOperation {
  readonly method: Method;
  /** Path with `:name` parameters. */
  readonly url: string;
  /** Values of the query parameter `v` that it understands. */
  readonly versions: readonly string[];
  readonly operation: DescribedOperation;
}
