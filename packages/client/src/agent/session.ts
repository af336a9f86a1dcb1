/**
 * One agent session: logged in, opened, kept, and opened again when it was lost. Calls go through
 * `request`, which sees to that.
 *
 * One file, though it is long: login, session and what tabs share of them are one state.
 */
import { checkCertificate } from '../core/certificate.js';
import { type Clock, sleep } from '../core/clock.js';
import { CookieJar } from '../core/cookie-jar.js';
import { docOf, findLink, linkOf, type Relation, withQuery } from '../core/document.js';
import { baseOf, type Place } from '../core/domain.js';
import { EndedError, LoginError, type ParleyError, RefusedError } from '../core/errors.js';
import { type Fetch, Http, type HttpRequest, type Reply } from '../core/http.js';
import { newKey } from '../core/keys.js';
import {
  type AgentTabs,
  type SessionTab,
  sessionName,
  type SharedSession,
} from '../core/session-tabs.js';
import { Credential, type Login, REFRESH_MS } from '../core/login.js';
import { ConnectionState } from '../core/connection.js';
import type { Connection, SessionEnd } from './connection.js';

/** A session without a heartbeat for 120 s is lost; until shortly before that it was not. */
const SURELY_ALIVE_MS = 110_000;

/** Any call at least every 60 s is a heartbeat, also beside a stream. */
const KEEP_ALIVE_MS = 45_000;

/** How long the request that ends it may take. */
const CLOSE_MS = 10_000;

/** What a program asks for may wait for the agent's approval for two minutes. */
const APPROVAL_MS = 130_000;

/** A session that is renewed this often for one request will not answer it. */
const MAX_RENEWALS = 3;

/** 404s that say something else than that the session is gone. */
const ORDINARY_404 = [1303, 1304];

export interface SessionOptions extends Place {
  readonly login: Login;
  /**
   * Address of a session that somebody else has opened, in which this program works with the bearer from
   * `programs.delegate`. The client neither opens nor ends this session.
   */
  readonly session?: string;
  /**
   * `supervisor`: a session for watching chats, for administrators and managers. No chats ring in it, and it is
   * always Away.
   */
  readonly role?: 'supervisor';
  /**
   * `session` (default in Node): the session uses its security cookie, kept in a cookie jar of its own. `none`
   * (default in browsers): the session is opened with `NC=true` and needs no cookie.
   */
  readonly cookies?: 'session' | 'none';
  /**
   * Lets the tabs of a browser work in one session: `agentTabs()` of `@parley/client/tabs`. Without it, a
   * second tab takes the session over from the first one. Only for logins that have a `username` and get a
   * bearer.
   */
  readonly tabs?: AgentTabs;
  /** `globalThis.fetch` by default. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** Ends the session. */
  readonly signal?: AbortSignal;
}

interface Listener {
  connection(value: Connection): void;
  /** The session was opened anew: its chats have other addresses, or are gone. */
  reopened(): Promise<void>;
  ended(why: SessionEnd): void;
  /** Whether of all tabs in the session this one leads now. */
  leads(is: boolean): void;
}

export class Session {
  readonly http: Http;
  readonly connection: ConnectionState<SessionEnd>;
  /** Aborted when the session ends, with the error that calls then throw. */
  readonly ending = new AbortController();
  readonly #options: SessionOptions;
  readonly #listener: Listener;
  readonly #credential: Credential;
  readonly #jar = new CookieJar();
  readonly #withCookie: boolean;
  /** What all tabs that work in the session name it; null where it is this one's alone. */
  readonly tabsName: string | null;
  readonly #tab: SessionTab | null;
  /** Aborted when another tab has a new login, while this one asks for it. */
  #loggedIn = new AbortController();
  #base = '';
  #links: unknown = null;
  /** Of each request: what may wait for a person is waited for. */
  #manner: Pick<HttpRequest, 'timeout' | 'headers'> = {};
  #lastAnswer = 0;
  /** Counts how often the session was renewed: who failed before that tries again. */
  #renewals = 0;
  #renewing: Promise<boolean> | null = null;

  constructor(options: SessionOptions, listener: Listener) {
    this.#options = options;
    this.#listener = listener;
    this.connection = new ConnectionState<SessionEnd>((value) => listener.connection(value));
    this.http = new Http({
      fetch: options.fetch,
      clock: options.clock,
      credentials: 'include',
      prepare: async (request, headers) => {
        const cookie = this.#jar.header(request.url, this.http.clock.now());
        if (cookie !== null) headers['cookie'] = cookie;
        await this.#credential.authorize(request, headers);
      },
      received: (url, response) => this.#jar.take(url, response, this.http.clock.now()),
      troubled: (error, next) => this.connection.troubled(error, this.http.clock.now(), next),
      answered: () => this.connection.answered(),
      unanswered: checkCertificate,
    });
    this.#credential = new Credential(options.login, this.http);
    if (options.session !== undefined) this.#manner = { timeout: APPROVAL_MS };
    const keepsCookies = options.cookies ?? ('document' in globalThis ? 'none' : 'session');
    const { tabs, login } = options;
    this.tabsName =
      tabs !== undefined && options.session === undefined && 'username' in login
        ? sessionName({ ...options, username: login.username })
        : null;
    // A cookie is this tab's alone.
    this.#withCookie =
      keepsCookies === 'session' && !this.#credential.signs && this.tabsName === null;
    this.#tab =
      this.tabsName === null || tabs === undefined
        ? null
        : tabs.join(this.tabsName, {
            closed: () => this.end('closed'),
            loggedIn: () => this.#loggedIn.abort(),
            leads: (is) => listener.leads(is),
          });
  }

  /** The login as it stands. */
  get credential(): Pick<Credential, 'bearer' | 'isAdmin'> {
    return this.#credential;
  }

  /** Aborted when the session ends. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** The session's address. */
  get uri(): string {
    return linkOf(this.#links, 'self');
  }

  /** Of the session resource. @throws UnexpectedAnswerError when there is no such link. */
  link(rel: Relation): string {
    return linkOf(this.#links, rel);
  }

  findLink(rel: Relation): string | undefined {
    return findLink(this.#links, rel);
  }

  /** A link as it is asked for: with the version, and without the cookie where there is none. */
  address(href: string, query = ''): string {
    const version = this.#withCookie ? 'v=1' : 'v=1&NC=true';
    return withQuery(href, query === '' ? version : `${query}&${version}`);
  }

  /** Logs in and opens the session. */
  async open(): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const stop = () => this.end('closed', signal?.reason);
    signal?.addEventListener('abort', stop);
    this.signal.addEventListener('abort', () => signal?.removeEventListener('abort', stop));
    this.#base = await baseOf(this.http, this.#options, 'agentVep', this.signal);
    if (!(await this.#joined())) {
      await this.#credential.open(this.#base, this.signal);
      await this.#openSession();
    }
    void this.#every(REFRESH_MS, () => this.#refresh());
    void this.#every(KEEP_ALIVE_MS, () => this.#keepAlive());
  }

  /**
   * Calls, after a login or a session that ended with a new one.
   * @param make is asked again for each of these: addresses change with the session
   * @throws EndedError when the session is over; what `Http.send` throws.
   */
  async request(make: () => HttpRequest): Promise<Reply> {
    for (let tries = 0; ; tries += 1) {
      this.signal.throwIfAborted();
      const renewals = this.#renewals;
      const request = make();
      const signal = request.signal ? AbortSignal.any([request.signal, this.signal]) : this.signal;
      try {
        const started = this.http.clock.now();
        const reply = await this.http.send({ ...this.#manner, ...request, signal });
        this.#lastAnswer = Math.max(this.#lastAnswer, started);
        return reply;
      } catch (error) {
        if (!isLost(error) || tries >= MAX_RENEWALS) throw error;
        if (!(await this.#renewed(renewals))) throw error;
      }
    }
  }

  /** Rights of which each use is to wait for a person from now on. */
  askFor(rights: readonly string[]): void {
    this.#manner = { timeout: APPROVAL_MS, headers: { 'approval-for': rights.join() } };
  }

  /** A stream of the session, as it begins; after a login or a session that ended, of the next one. */
  async stream(address: () => string, signal: AbortSignal): Promise<Response> {
    const renewals = this.#renewals;
    const open = () => this.http.stream(address, signal);
    return open().catch(async (error: unknown) => {
      if (!isLost(error) || !(await this.#renewed(renewals))) throw error;
      return open();
    });
  }

  /** The server says that the session ended, and nobody took it over: the next call opens another. */
  lost(): void {
    this.#lastAnswer = Number.NEGATIVE_INFINITY;
  }

  /** The document that a link of the session leads to. */
  async get(rel: Relation, query = '', signal?: AbortSignal): Promise<unknown> {
    const reply = await this.request(() => ({
      url: this.address(this.link(rel), query),
      signal,
    }));
    return reply.body;
  }

  /** Ends it for its users; the server learns of it by `close`. */
  end(why: SessionEnd, error?: unknown): void {
    if (this.signal.aborted) return;
    this.#tab?.leave();
    this.ending.abort(endedError(why, error));
    this.connection.ended(why, error ?? null);
    this.#listener.ended(why);
  }

  /**
   * Ends session and login on the server; a login that was brought along as a bearer goes on.
   * @throws UnreachableError when the server could not be reached
   */
  async close(): Promise<void> {
    const was = this.signal.aborted;
    if (!was) this.#tab?.close();
    this.end('closed');
    if (was) return;
    if (this.#options.session !== undefined) return;
    const signal = AbortSignal.timeout(CLOSE_MS);
    if (await this.#credential.close(signal)) return;
    const url = this.address(this.uri);
    await this.http.send({ method: 'DELETE', url, retry: 'never', signal, keepalive: true });
  }

  /** Opens a session, unless another tab has just done so. */
  async #openSession(): Promise<void> {
    const tab = this.#tab;
    if (tab === null) {
      await this.#read(this.#options.session ?? (await this.#newSession()));
      return;
    }
    await tab.alone(async () => {
      if (await this.#joined()) return;
      await this.#read(await this.#newSession());
      this.#share();
    }, this.signal);
  }

  async #read(location: string): Promise<void> {
    const session = await this.http.send({ url: this.address(location), signal: this.signal });
    this.#links = docOf(session.body, 'agentSessionId');
    this.#lastAnswer = this.http.clock.now();
  }

  /** Hands session and login to the other tabs. */
  #share(): void {
    const { shared } = this.#credential;
    if (shared !== null) this.#tab?.share({ ...shared, uri: this.uri });
  }

  /** Goes on with what another tab works with. @returns false when none does, or with what this one has */
  async #joined(): Promise<boolean> {
    const there = (await this.#tab?.ask()) ?? null;
    if (there === null || this.#has(there)) return false;
    const own = this.#credential.shared;
    this.#credential.adopt(this.#base, there);
    try {
      await this.#read(there.uri);
    } catch (error) {
      if (!isLost(error)) throw error;
      // It may be newer than what the others have.
      if (own !== null) this.#credential.adopt(this.#base, own);
      return false;
    }
    this.#share();
    return true;
  }

  #has({ uri, bearer }: SharedSession): boolean {
    return this.#links !== null && uri === this.uri && bearer === this.#credential.bearer;
  }

  async #newSession(): Promise<string> {
    const href = `${this.#base}/agentSession`;
    const { role } = this.#options;
    const opened = await this.http.send({
      method: 'POST',
      url: this.address(href),
      body: { loginData: role === undefined ? '' : { role } },
      key: newKey(),
      retry: 'login',
      signal: this.signal,
    });
    return linkOf(docOf(opened.body, 'agentSessionLocation'), 'location');
  }

  /** Whether the session was renewed since that many renewals; it is now, if that is what it needs. */
  async #renewed(since: number): Promise<boolean> {
    if (this.#renewals !== since) return true;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** @returns false when login and session are as good as ever: the refusal was about something else */
  async #renew(): Promise<boolean> {
    const { signal } = this;
    const before = this.uri;
    if (await this.#joined()) {
      this.#renewals += 1;
      if (this.uri !== before) await this.#listener.reopened();
      return true;
    }
    let login = false;
    for (;;) {
      const found = await this.#look();
      if (found === 'there') break;
      if (found === 'logged-out' && !login) {
        login = true;
        this.#loggedIn = new AbortController();
        const elsewhere = this.#loggedIn.signal;
        try {
          await this.#credential.open(this.#base, AbortSignal.any([signal, elsewhere]));
        } catch (error) {
          if (elsewhere.aborted && !signal.aborted) return this.#renew();
          if (error instanceof LoginError) this.end('login-refused', error);
          throw error;
        }
        continue;
      }
      const silent = this.http.clock.now() - this.#lastAnswer;
      // After a logout the session is gone with it; else it takes another one to end a live one.
      const isOthers = this.#options.session !== undefined;
      if (isOthers || (!login && silent < SURELY_ALIVE_MS)) {
        this.end('taken-over');
        signal.throwIfAborted();
      }
      await this.#openSession();
      this.#renewals += 1;
      await this.#listener.reopened();
      return true;
    }
    if (login) {
      this.#renewals += 1;
      this.#share();
    }
    return login;
  }

  async #look(): Promise<'there' | 'logged-out' | 'gone'> {
    const { uri: href, signal } = this;
    try {
      await this.http.send({ url: this.address(href), signal });
      return 'there';
    } catch (error) {
      if (error instanceof LoginError) return error.code === 1101 ? 'gone' : 'logged-out';
      if (error instanceof RefusedError && error.status === 404) return 'gone';
      throw error;
    }
  }

  async #refresh(): Promise<void> {
    const renewals = this.#renewals;
    await this.#credential.refresh(this.signal).catch(async (error: unknown) => {
      if (!(error instanceof LoginError)) throw error;
      await this.#renewed(renewals);
    });
  }

  async #keepAlive(): Promise<void> {
    if (this.http.clock.now() - this.#lastAnswer < KEEP_ALIVE_MS) return;
    await this.get('self');
  }

  async #every(ms: number, act: () => Promise<void>): Promise<void> {
    try {
      for (;;) {
        await sleep(this.http.clock, ms, this.signal);
        await act();
      }
    } catch (error) {
      if (!this.signal.aborted) this.end('failed', error);
    }
  }
}

/** Whether an error may mean that login or session are gone. */
function isLost(error: unknown): boolean {
  if (error instanceof LoginError) return true;
  const { status, code } = error as Partial<ParleyError>;
  return error instanceof RefusedError && status === 404 && !ORDINARY_404.includes(code ?? 0);
}

const ENDS: Readonly<Record<SessionEnd, readonly [message: string, remedy: string]>> = {
  closed: ['The agent session was closed.', 'Connect again to go on.'],
  'taken-over': [
    'The user works somewhere else now: a newer session took this one over.',
    'Connect again to take it back.',
  ],
  'login-refused': ['The login is not accepted any more.', 'Log in with a valid credential.'],
  failed: ['The agent session failed.', 'See the cause; connect again.'],
};

function endedError(why: SessionEnd, cause: unknown): EndedError<SessionEnd> {
  const [message, remedy] = ENDS[why];
  const error = new EndedError(message, remedy, why);
  if (cause !== undefined) error.cause = cause;
  return error;
}
