/** One HTTP call, made until there is an answer, by the retry policy (retry.ts). */
import { type Clock, sleep, systemClock } from './clock.js';
import { docOf, plain } from './document.js';
import {
  type ErrorFacts,
  LoginError,
  type ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
} from './errors.js';
import { pauseAfter } from './retry.js';

/** What `fetch` is given. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly body?: string;
  readonly cache: 'no-store';
  readonly credentials: 'include' | 'omit';
}

/** What `fetch` is needed for: `globalThis.fetch`, or one of your own. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** A request, complete with its query. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sent as JSON; `URLSearchParams` as a form. */
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
  readonly credentials?: 'include' | 'omit';
  /** Adds headers: credentials, cookies. Asked before each try. */
  prepare?(request: HttpRequest, headers: Record<string, string>): void | Promise<void>;
  /** Sees each answer: its cookies. */
  received?(url: string, response: Response): void;
  /** Is told of each try that failed and will be followed by another at `next` (epoch ms). */
  troubled?(error: ParleyError, next: number): void;
  /** Is told that the server answers. */
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
      const pause = result.final ? null : pauseAfter(failure, failures, login, this.clock.random());
      if (pause === null || request.retry === 'never') throw error;
      if (failure.status === 0) failures.unanswered += 1;
      else failures.answered += failure.status >= 500 ? 1 : 0;
      this.#hooks.troubled?.(error, this.clock.now() + pause);
      await sleep(this.clock, pause, request.signal, failure.status === 0 ? whenOnline : undefined);
    }
  }

  /** The response to a call, as it begins: a stream is read from it. Never tried again. */
  async open(request: HttpRequest, signal: AbortSignal): Promise<Response> {
    const { method = 'GET', url, body, key, tag } = request;
    const form = body instanceof URLSearchParams;
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(body === undefined
        ? {}
        : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(tag ? { 'if-none-match': tag } : {}),
      ...request.headers,
    };
    await this.#hooks.prepare?.(request, headers);
    const response = await this.#fetch(url, {
      method,
      headers,
      signal,
      // The browser's cache knows less of it than we do.
      cache: 'no-store',
      credentials: this.#hooks.credentials ?? 'omit',
      ...(body === undefined ? {} : { body: form ? String(body) : JSON.stringify(body) }),
    });
    this.#hooks.received?.(url, response);
    return response;
  }

  async #try(request: HttpRequest): Promise<Reply | Failed> {
    const { signal, timeout = TIMEOUT_MS, method = 'GET', url } = request;
    signal?.throwIfAborted();
    const stop = new AbortController();
    const cancel = this.clock.after(timeout, () => stop.abort());
    const aborted = () => stop.abort();
    signal?.addEventListener('abort', aborted);
    try {
      const response = await this.open(request, stop.signal);
      const text = await response.text();
      if (!(response.ok || response.status === 304)) return failed(method, url, response, text);
      this.#hooks.answered?.();
      const { status, headers } = response;
      return { status, headers, body: text.trim() === '' ? null : parse(method, url, text) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UnexpectedAnswerError || error instanceof LoginError) throw error;
      return unanswered(url, error);
    } finally {
      cancel();
      signal?.removeEventListener('abort', aborted);
    }
  }
}

interface Failed {
  readonly error: ParleyError;
  readonly retryAfter: number;
  /** Another try would come to the same. */
  readonly final?: true;
}

function parse(method: string, url: string, text: string): unknown {
  try {
    return plain(JSON.parse(text));
  } catch (cause) {
    throw new UnexpectedAnswerError(
      `${method} ${place(url)} was answered with something else than JSON: ${text.slice(0, 60)}`,
      'See whether the address is that of a chat server, and no proxy answers in its place.',
      { cause },
    );
  }
}

/** The error that an answer tells of: wrapped, bare, or as problem details. */
function failed(method: string, url: string, response: Response, text: string): Failed {
  const { status, headers } = response;
  let told: Record<string, unknown> = {};
  try {
    const body = docOf(JSON.parse(text));
    told = { ...body, ...docOf(body['error']) };
  } catch {
    // A proxy's page: the status says what there is to say.
  }
  const { message, detail, internalCode, reason, error_description: described } = told;
  const said = [message, detail, described].find((each) => typeof each === 'string');
  const what = (said as string | undefined) ?? `${method} ${place(url)} was answered ${status}.`;
  const facts: ErrorFacts = {
    status,
    code: typeof internalCode === 'number' ? internalCode : null,
    reason: typeof reason === 'string' ? reason : null,
    requestId: headers.get('x-request-id'),
  };
  const retryAfter = Number(headers.get('retry-after')) || 0;
  if (status === 401) {
    return { error: new LoginError(what, 'Log in with a valid credential.', facts), retryAfter };
  }
  if (status >= 500) {
    const remedy = 'Try again later; tell the operator the request id if it goes on.';
    return { error: new UnreachableError(what, remedy, facts), retryAfter };
  }
  return { error: new RefusedError(what, REMEDIES[status] ?? REMEDY, facts), retryAfter };
}

const REMEDY = 'Correct the request as the message says; sent again as it is, it is refused again.';

const REMEDIES: Readonly<Record<number, string>> = {
  403: 'Ask an administrator of the account for the right.',
  404: 'It is gone, or was never yours: get its address anew.',
  409: 'The state forbids it: read it again and decide anew.',
  429: 'Send less, and wait as long as the server says.',
};

function unanswered(url: string, cause: unknown): Failed {
  const { origin } = new URL(url);
  const inner = (cause as { cause?: { code?: unknown } } | null)?.cause?.code;
  const code = typeof inner === 'string' ? inner : '';
  if (/CERT|SIGNATURE/.test(code)) {
    const error = new UnreachableError(
      `The certificate of ${origin} is not trusted here (${code}).`,
      'Set NODE_EXTRA_CA_CERTS to the file of the certificate, which the server names when it starts.',
      { cause },
    );
    return { error, retryAfter: 0, final: true };
  }
  const error = new UnreachableError(
    `${origin} does not answer${code === '' ? '' : ` (${code})`}.`,
    'Check the address and the connection, and whether the server runs.',
    { cause },
  );
  return { error, retryAfter: 0 };
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
