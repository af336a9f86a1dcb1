/** Every way in which an agent, a bot or an administrator proves who they are. */
import { onAbort } from './clock.js';
import { docOf } from './document.js';
import { LoginError, UnexpectedAnswerError, WRONG_SERVER } from './errors.js';
import type { Http, HttpRequest } from './http.js';
import type { SharedSession } from './session-tabs.js';
import { oauthHeader, type SignatureMethod, type SigningKeys } from './oauth1.js';

/**
 * A secret, or a function that asks for it at each login. The function's signal is aborted when the secret is
 * no longer needed: another tab has logged in, or the session ended.
 */
export type Secret = string | ((signal?: AbortSignal) => string | Promise<string>);

/** A person's name and password. A function is called at each login, so it can show a dialog. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: Secret;
}

/** A bot's app key. For an OAuth 2 client, `accessToken` and its secret may be missing. */
export interface AppKeyLogin {
  readonly username: string;
  readonly appKey: string;
  readonly secret: string;
  readonly accessToken?: string;
  readonly accessTokenSecret?: string;
}

/** No login: each request is signed with OAuth 1.0a. */
export interface SignedLogin extends SigningKeys {
  readonly sign: SignatureMethod;
}

/** An OAuth 2 client (`client_credentials`): an app key and its secret for a short-lived bearer. */
export interface ClientLogin {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * A bearer obtained in another way: by single sign-on, or from a delegation. A function is called again when
 * the bearer has expired. With the `csrf` token of the same login, the client refreshes the login.
 */
export interface TokenLogin {
  readonly bearer: Secret;
  readonly csrf?: string;
}

/** How to log in. */
export type Login = PasswordLogin | AppKeyLogin | SignedLogin | ClientLogin | TokenLogin;

/** How often a login is refreshed, milliseconds: within the documented 3 to 5 minutes. */
export const REFRESH_MS = 4 * 60_000;

const VERSION = 'v=1.3';

/** A login as it stands: what requests carry, how it is renewed, and ended. */
export class Credential {
  readonly #login: Login;
  readonly #http: Http;
  #base = '';
  #bearer: string | null = null;
  #csrf: string | null = null;
  #admin = false;
  /** Epoch ms; of an OAuth 2 bearer. */
  #expires: number | null = null;

  constructor(login: Login, http: Http) {
    this.#login = login;
    this.#http = http;
  }

  /** Whether each request is signed: then there is nothing to log in to. */
  get signs(): boolean {
    return 'sign' in this.#login;
  }

  /** What requests carry; null while there is no login, and where each request is signed. */
  get bearer(): string | null {
    return this.#bearer;
  }

  /** Whether the login's answer said that this user administers the account. */
  get isAdmin(): boolean {
    return this.#admin;
  }

  /** What another tab calls with, so that this one can, too; null where that is no bearer. */
  get shared(): Omit<SharedSession, 'uri'> | null {
    const [bearer, csrf, isAdmin] = [this.#bearer, this.#csrf, this.#admin];
    return bearer === null ? null : { bearer, csrf, isAdmin };
  }

  /** Goes on with the login of another tab. */
  adopt(base: string, { bearer, csrf, isAdmin }: Omit<SharedSession, 'uri'>): void {
    this.#base = base;
    this.#bearer = bearer;
    this.#csrf = csrf;
    this.#admin = isAdmin;
  }

  /** Adds what a request needs. */
  async authorize(request: HttpRequest, headers: Record<string, string>): Promise<void> {
    const login = this.#login;
    if ('sign' in login) {
      const { method = 'GET', url } = request;
      const now = this.#http.clock.now();
      headers['authorization'] = await oauthHeader(login, login.sign, { method, url }, now);
    } else if (this.#bearer !== null) headers['authorization'] = `Bearer ${this.#bearer}`;
  }

  /**
   * Logs in, or in again.
   * @param base of the service `agentVep`
   * @throws LoginError when the credential is not accepted; RefusedError.
   */
  async open(base: string, signal?: AbortSignal): Promise<void> {
    const login = this.#login;
    this.#base = base;
    if ('sign' in login) return;
    const before = this.#bearer;
    this.#bearer = null;
    if ('bearer' in login) {
      const given = await secretOf(login.bearer, signal);
      if (given === before) {
        throw new LoginError(
          'The bearer has ended, and there is no other.',
          'Give login.bearer a function that gets a new one, or log in anew.',
          { status: 401 },
        );
      }
      this.#bearer = given;
      this.#csrf = login.csrf ?? null;
    } else if ('clientId' in login) await this.#openClient(login, signal);
    else await this.#openUser(login, signal);
  }

  /** Pushes the login's end out. @throws LoginError when it has ended already */
  async refresh(signal?: AbortSignal): Promise<void> {
    if (this.#expires !== null) {
      if (this.#expires - this.#http.clock.now() < 2 * REFRESH_MS) {
        await this.open(this.#base, signal);
      }
    } else if (this.#csrf !== null) await this.#post('refresh', { csrf: this.#csrf }, signal);
  }

  /** Ends the login, and with it the user's agent session. @returns false when there is none of its own */
  async close(signal?: AbortSignal): Promise<boolean> {
    const csrf = this.#csrf;
    if (csrf === null || 'bearer' in this.#login) return false;
    this.#csrf = null;
    await this.#post('logout', { csrf }, signal, true);
    return true;
  }

  async #openUser(login: PasswordLogin | AppKeyLogin, signal?: AbortSignal): Promise<void> {
    const body =
      'password' in login
        ? { username: login.username, password: await secretOf(login.password, signal) }
        : login;
    const answer = docOf(await this.#post('login', body, signal));
    const { bearer, csrf } = answer;
    if (typeof bearer !== 'string') throw noBearer(this.#base);
    this.#bearer = bearer;
    this.#csrf = typeof csrf === 'string' ? csrf : null;
    this.#admin = docOf(answer, 'config')['isAdmin'] === true;
  }

  async #openClient({ clientId, clientSecret }: ClientLogin, signal?: AbortSignal): Promise<void> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const url = `${this.#base}/oauth2/token`;
    const reply = await this.#http.send({
      method: 'POST',
      url,
      body: String(form),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      retry: 'login',
      signal,
    });
    const { access_token: bearer, expires_in: seconds } = docOf(reply.body);
    if (typeof bearer !== 'string') throw noBearer(this.#base);
    this.#bearer = bearer;
    this.#expires = this.#http.clock.now() + (Number(seconds) || 3_600) * 1_000;
  }

  async #post(
    name: string,
    body: unknown,
    signal?: AbortSignal,
    keepalive = false,
  ): Promise<unknown> {
    const url = `${this.#base}/${name}?${VERSION}`;
    const retry = name === 'login' ? 'login' : undefined;
    const request: HttpRequest = { method: 'POST', url, body, signal, keepalive };
    return (await this.#http.send(retry ? { ...request, retry } : request)).body;
  }
}

async function secretOf(secret: Secret, signal?: AbortSignal): Promise<string> {
  if (typeof secret === 'string') return secret;
  return new Promise((resolve, reject) => {
    onAbort(signal, () => reject(signal?.reason));
    Promise.resolve(secret(signal)).then(resolve, reject);
  });
}

function noBearer(base: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(`${base} answered the login without a bearer.`, WRONG_SERVER);
}
