/** What can go wrong, by cause: what to do differs from one class to the next. */

/** What is known about an error response. */
export interface ErrorFacts {
  /** HTTP status; null when there was no response. */
  readonly status?: number | null;
  /** `internalCode` of the server's table of errors; null when it gave none. */
  readonly code?: number | null;
  /** The server's reason, which some errors have: `no-available-agents`. */
  readonly reason?: string | null;
  /** `X-Request-Id` of the response: give it to the operator. */
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/**
 * Every error of this package. `message` says what was wrong; `remedy` what to do.
 * @example
 * if (error instanceof ParleyError) console.error(error.message, error.remedy, error.requestId);
 */
export class ParleyError extends Error {
  /** HTTP status; null when there was no response. */
  declare readonly status: number | null;
  /** `internalCode` of the server's table of errors (`/docs/errors`); null when there is none. */
  declare readonly code: number | null;
  /** The server's reason, which some errors have: `no-available-agents`. */
  declare readonly reason: string | null;
  /** `X-Request-Id` of the response: give it to the operator. */
  declare readonly requestId: string | null;
  /** What to do. */
  declare readonly remedy: string;

  constructor(message: string, remedy: string, { cause, ...facts }: ErrorFacts = {}) {
    super(message, cause === undefined ? {} : { cause });
    Object.assign(this, { remedy, status: null, code: null, reason: null, requestId: null }, facts);
  }
}

/** The server refused the request (4xx) and would refuse it again: correct the request. Never retried. */
export class RefusedError extends ParleyError {
  override readonly name = 'RefusedError';
}

/** The credential is not accepted (401): it is wrong, has expired, or belongs to a disabled user. */
export class LoginError extends ParleyError {
  override readonly name = 'LoginError';
}

/** No server answers at that address, or only with 5xx, and the client has stopped retrying. */
export class UnreachableError extends ParleyError {
  override readonly name = 'UnreachableError';
}

/**
 * The response does not follow the API: it comes from another server, or from a proxy that answers by itself.
 */
export class UnexpectedAnswerError extends ParleyError {
  override readonly name = 'UnexpectedAnswerError';
}

/** The session or chat that this is about is over. `why` says how it ended. */
export class EndedError<Why extends string = string> extends ParleyError {
  override readonly name = 'EndedError';
  readonly why: Why;

  constructor(message: string, remedy: string, why: Why) {
    super(message, remedy);
    this.why = why;
  }
}

/** What to do about answers that are none of a chat server. */
export const WRONG_SERVER = 'Check that a chat server answers there.';

/** What to do where nothing answers. */
export const CHECK_CONNECTION = 'Check address and connection.';
