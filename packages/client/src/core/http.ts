/** One HTTP call, made until there is an answer, by the retry policy (retry.ts). */
import { type Clock, onAbort, sleep, systemClock } from './clock.js';
import { docOf, plain } from './document.js';
import {
  CHECK_CONNECTION,
  type ErrorFacts,
  LoginError,
  ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
  WRONG_SERVER,
} from './errors.js';
import { pauseAfter } from './retry.js';

/** What `fetch` is given. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly body?: string;
  readonly cache: 'no-store';
  readonly credentials: 'include' | 'same-origin';
  /** Whether browsers go on with it when its page is closed: for what ends a login or a session. */
  readonly keepalive?: boolean;
}

/** The `fetch` to use: `globalThis.fetch`, or one of your own. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** A request, complete with its query. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sent as JSON; a text as it is, with the `content-type` in `headers`. */
  readonly body?: unknown;
  /** `Idempotency-Key`: the same for every try, so that nothing happens twice. */
  readonly key?: string;
  /** `If-None-Match`: the answer may be 304. */
  readonly tag?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer may take, milliseconds. */
  readonly timeout?: number;
  /** `login`: spread, and slower after a 429. `never`: the first answer counts. */
  readonly retry?: 'login' | 'never';
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that is no error. */
export interface Reply {
  readonly status: number;
  /** JSON without the `@` of attributes; null for an empty body. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** What the parts around a call do with it. */
export interface HttpHooks {
  readonly fetch?: Fetch | undefined;
  readonly clock?: Clock | undefined;
  /** Whether browsers send their cookies to other origins; by default they do not. */
  readonly credentials?: 'include';
  /** Adds headers: credentials, cookies. Asked before each try. */
  prepare?(request: HttpRequest, headers: Record<string, string>): void | Promise<void>;
  /** Sees each answer: its cookies. */
  received?(url: string, response: Response): void;
  /** Sees why there was no answer. @throws for what another try cannot change */
  unanswered?(url: string, cause: unknown): void;
  /** Called for each try that failed and will be followed by another at `next` (epoch ms). */
  troubled?(error: ParleyError, next: number): void;
  /** Called when the server answers. */
  answered?(): void;
}

const TIMEOUT_MS = 20_000;

export class Http {
  readonly clock: Clock;
  readonly #hooks: HttpHooks;
  readonly #fetch: Fetch;

  constructor(hooks: HttpHooks = {}) {
    this.#hooks = hooks;
    this.clock = hooks.clock ?? systemClock;
    // Looked up at each call: a page may wrap it later.
    this.#fetch = hooks.fetch ?? ((url, init) => fetch(url, init));
  }

  /**
   * Calls until there is an answer.
   * @throws RefusedError, LoginError for a 4xx; UnreachableError when there will be no further try;
   *   the signal's reason when it is aborted.
   */
  async send(request: HttpRequest): Promise<Reply> {
    const failures = { answered: 0, unanswered: 0 };
    const login = request.retry === 'login';
    for (;;) {
      const result = await this.#try(request);
      if ('body' in result) return result;
      const { error, retryAfter } = result;
      const failure = { status: error.status ?? 0, code: error.code, retryAfter };
      const pause = pauseAfter(failure, failures, login, this.clock.random());
      if (pause === null || request.retry === 'never') throw error;
      if (failure.status === 0) failures.unanswered += 1;
      else failures.answered += failure.status >= 500 ? 1 : 0;
      this.#hooks.troubled?.(error, this.clock.now() + pause);
      await sleep(this.clock, pause, request.signal, failure.status === 0 ? whenOnline : undefined);
    }
  }

  /** Server-sent events, as they begin. Never tried again. */
  async stream(address: () => string, signal: AbortSignal): Promise<Response> {
    const url = address();
    const init = await this.#prepare({ url, headers: { accept: 'text/event-stream' } });
    try {
      const response = await this.#open(url, { ...init, signal });
      if (response.ok) return response;
      throw failed('GET', url, response, await response.text()).error;
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof ParleyError ? error : unanswered(url, error).error;
    }
  }

  /** What fetch is given, but for the signal. */
  async #prepare(request: HttpRequest): Promise<Omit<FetchInit, 'signal'>> {
    const { method = 'GET', body, key, tag, keepalive } = request;
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
    if (body !== undefined) headers['content-type'] ??= 'application/json';
    if (key !== undefined) headers['idempotency-key'] = key;
    if (tag) headers['if-none-match'] = tag;
    await this.#hooks.prepare?.(request, headers);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      method,
      headers,
      // The browser's cache knows less of it than we do.
      cache: 'no-store',
      credentials: this.#hooks.credentials ?? 'same-origin',
      ...(body === undefined ? {} : { body: text }),
      ...(keepalive ? { keepalive } : {}),
    };
  }

  async #open(url: string, init: FetchInit): Promise<Response> {
    const response = await this.#fetch(url, init);
    this.#hooks.received?.(url, response);
    return response;
  }

  async #try(request: HttpRequest): Promise<Reply | Failed> {
    const { signal, timeout = TIMEOUT_MS, method = 'GET', url } = request;
    signal?.throwIfAborted();
    const init = await this.#prepare(request);
    const stop = new AbortController();
    const cancel = this.clock.after(timeout, () => stop.abort());
    const off = onAbort(signal, () => stop.abort());
    try {
      const response = await this.#open(url, { ...init, signal: stop.signal });
      const text = await response.text();
      if (!(response.ok || response.status === 304)) return failed(method, url, response, text);
      this.#hooks.answered?.();
      const { status, headers } = response;
      return { status, headers, body: text.trim() === '' ? null : parse(method, url, text) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ParleyError) throw error;
      this.#hooks.unanswered?.(url, error);
      return unanswered(url, error);
    } finally {
      cancel();
      off();
    }
  }
}

interface Failed {
  readonly error: ParleyError;
  readonly retryAfter: number;
}

function parse(method: string, url: string, text: string): unknown {
  try {
    return plain(JSON.parse(text));
  } catch (cause) {
    throw new UnexpectedAnswerError(
      `${method} ${place(url)} gave no JSON: ${text.slice(0, 60)}`,
      WRONG_SERVER,
      { cause },
    );
  }
}

/** The error that an answer reports: wrapped, bare, or as problem details. */
function failed(method: string, url: string, response: Response, text: string): Failed {
  const { status, headers } = response;
  let fields: Record<string, unknown> = {};
  try {
    const body = docOf(JSON.parse(text));
    fields = { ...body, ...docOf(body['error']) };
  } catch {
    // A proxy's page: the status says what there is to say.
  }
  const { message, internalCode, reason, error_description: described } = fields;
  const textOf = (field: unknown) => (typeof field === 'string' ? field : null);
  const what =
    textOf(message) ?? textOf(described) ?? `${method} ${place(url)} was answered ${status}.`;
  const facts: ErrorFacts = {
    status,
    code: Number(internalCode) || null,
    reason: textOf(reason),
    requestId: headers.get('x-request-id'),
  };
  const retryAfter = Number(headers.get('retry-after')) || 0;
  const [kind, remedy]: readonly [new (...of: ErrorArguments) => ParleyError, string] =
    status === 401
      ? [LoginError, 'Log in with a valid credential.']
      : status < 500
        ? [RefusedError, status === 409 ? REMEDY_409 : REMEDY]
        : [UnreachableError, 'Try again later.'];
  return { error: new kind(what, remedy, facts), retryAfter };
}

type ErrorArguments = [message: string, remedy: string, facts: ErrorFacts];

const REMEDY = 'Correct the request as the message says.';
const REMEDY_409 = 'Read the state again first.';

function unanswered(url: string, cause: unknown): Failed {
  const { origin } = new URL(url);
  const code = causeCode(cause);
  const error = new UnreachableError(
    `${origin} does not answer${code && ` (${code})`}.`,
    CHECK_CONNECTION,
    { cause },
  );
  return { error, retryAfter: 0 };
}

/** Node's word for why a connection failed; an empty text where there is none. */
export function causeCode(error: unknown): string {
  const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  return typeof code === 'string' ? code : '';
}

/** Without the query, in which an app key may stand. */
function place(url: string): string {
  return url.replace(/\?.*/, '');
}

/** In browsers, a connection that comes back ends the wait for one. */
function whenOnline(wake: () => void): () => void {
  const target = globalThis as Partial<EventTarget>;
  target.addEventListener?.('online', wake);
  return () => target.removeEventListener?.('online', wake);
}
