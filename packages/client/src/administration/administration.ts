/** An administrator at the configuration of an account. */
import type {
  AppKeyChange,
  AuditDocument,
  ConfiguredAppKey,
  ConfiguredCategory,
  ConfiguredContent,
  ConfiguredGroup,
  ConfiguredReason,
  ConfiguredRoutingRule,
  ConfiguredSettings,
  ConfiguredSkill,
  ConfiguredSurvey,
  ConfiguredUser,
  GroupChange,
  MailTestDocument,
  ReasonChange,
  RoutingRuleChange,
  SettingsChange,
  SkillChange,
  SurveyChange,
  UserChange,
  WorkspacePagesDocument,
} from '@parley/protocol/types';
import { checkCertificate } from '../core/certificate.js';
import { type Clock, sleep } from '../core/clock.js';
import { CookieJar } from '../core/cookie-jar.js';
import { baseOf, type Place } from '../core/domain.js';
import { LoginError } from '../core/errors.js';
import { type Fetch, Http, type HttpRequest, type Reply } from '../core/http.js';
import { Credential, type Login, REFRESH_MS } from '../core/login.js';
import {
  type ChangeOptions,
  Collection,
  type ConfigurationCalls,
  revisionOf,
} from './collection.js';
import { Supervision } from './supervision.js';

/** Options of `connectAdministration`. */
export interface AdministrationOptions extends Place {
  readonly login: Login;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** Ends the connection; the login is left to expire. */
  readonly signal?: AbortSignal;
}

/** An app key with its secrets, which are shown only once. */
export type AppKeySecrets = ConfiguredAppKey & {
  readonly secret?: string;
  readonly accessToken?: string;
  readonly accessTokenSecret?: string;
};

/** An entry of the audit log: who changed what, when and from where. */
export type AuditEntry = AuditDocument['entries'][number];

/** The configuration of an account. `connectAdministration` returns it. */
export class Administration {
  readonly users: Collection<ConfiguredUser, UserChange>;
  readonly skills: Collection<ConfiguredSkill, SkillChange>;
  readonly agentGroups: Collection<ConfiguredGroup, GroupChange>;
  readonly surveys: Collection<ConfiguredSurvey, SurveyChange>;
  readonly statusReasons: Collection<ConfiguredReason, ReasonChange>;
  /** Attachment rules: which users join chats automatically, and which bot answers first. */
  readonly routingRules: Collection<ConfiguredRoutingRule, RoutingRuleChange>;
  readonly cannedContent: Collection<ConfiguredContent, ConfiguredContent>;
  readonly cannedCategories: Collection<ConfiguredCategory, ConfiguredCategory>;
  /** Without `create`: use `createAppKey`, which returns the secrets once. */
  readonly appKeys: Pick<
    Collection<ConfiguredAppKey, AppKeyChange>,
    'list' | 'get' | 'update' | 'delete'
  >;
  /** Chats that are live or waiting. */
  readonly supervision: Supervision;
  readonly #calls: ConfigurationCalls;
  readonly #credential: Credential;
  readonly #closing: AbortController;

  private constructor(
    calls: ConfigurationCalls,
    credential: Credential,
    closing: AbortController,
    chats: string,
  ) {
    this.supervision = new Supervision(calls, chats);
    this.#calls = calls;
    this.#credential = credential;
    this.#closing = closing;
    const of = <T, C>(path: string, version = '1.0') => new Collection<T, C>(calls, path, version);
    this.users = of('le-users/users', '4.0');
    this.skills = of('le-users/skills', '2.0');
    this.agentGroups = of('le-users/agentGroups', '2.0');
    this.statusReasons = of('le-agents/status-reasons');
    this.routingRules = of('routing-rules');
    this.surveys = of('surveys');
    this.cannedContent = of('canned-content');
    this.cannedCategories = of('canned-content/categories');
    this.appKeys = of('app-keys');
  }

  /** Logs in. For `connectAdministration`. */
  static async connect(options: AdministrationOptions): Promise<Administration> {
    const closing = new AbortController();
    const { signal } = options;
    const stop = () => closing.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    const jar = new CookieJar();
    const http: Http = new Http({
      fetch: options.fetch,
      clock: options.clock,
      credentials: 'include',
      prepare: async (request, headers) => {
        const cookie = jar.header(request.url, http.clock.now());
        if (cookie !== null) headers['cookie'] = cookie;
        await credential.authorize(request, headers);
      },
      received: (url, response) => jar.take(url, response, http.clock.now()),
      unanswered: checkCertificate,
    });
    const credential = new Credential(options.login, http);
    const login = await baseOf(http, options, 'agentVep', closing.signal);
    await credential.open(login, closing.signal);
    const base = await baseOf(http, options, 'accountConfigReadWrite', closing.signal);
    const again = () => credential.open(login, closing.signal);
    const calls = {
      http,
      base: `${base}/configuration`,
      send: (request: HttpRequest) => sendLoggedIn(http, again, closing.signal, request),
    };
    const administration = new Administration(
      calls,
      credential,
      closing,
      `${login}/supervision/chats`,
    );
    void administration.#stayLoggedIn();
    return administration;
  }

  /** The account's settings, with defaults for settings that are not set. */
  async settings(signal?: AbortSignal): Promise<{
    readonly settings: ConfiguredSettings;
    readonly revision: string | null;
  }> {
    const reply = await this.#calls.send({ url: this.#url('settings'), signal });
    return { settings: reply.body as ConfiguredSettings, revision: revisionOf(reply) };
  }

  /** Changes the given settings and keeps the others. @throws RefusedError 400 naming the field, 412 */
  async changeSettings(
    change: SettingsChange,
    { revision, signal }: ChangeOptions = {},
  ): Promise<ConfiguredSettings> {
    const reply = await this.#calls.send({
      method: 'PUT',
      url: this.#url('settings'),
      body: change,
      signal,
      ...(revision ? { headers: { 'if-match': revision } } : {}),
    });
    return reply.body as ConfiguredSettings;
  }

  /**
   * Sends a test mail to this administrator's own address, through the saved mail server.
   * @returns what the mail server said
   * @throws RefusedError 409 without a mail server, or where this user has no address; 429
   */
  async testMail(signal?: AbortSignal): Promise<MailTestDocument> {
    const url = this.#url('settings/mail-test');
    // A mail that was sent is not sent again because its answer was lost.
    const request = { method: 'POST', url, signal, retry: 'never' } as const;
    return (await this.#calls.send(request)).body as MailTestDocument;
  }

  /** The pages that the workspace shows beside chats to this user. */
  async workspacePages(signal?: AbortSignal): Promise<WorkspacePagesDocument> {
    const url = this.#url('workspace-pages');
    return (await this.#calls.send({ url, signal })).body as WorkspacePagesDocument;
  }

  /**
   * Gives a user a new password. The user must change it at the next login, unless `changeAtNextLogin` is
   * false.
   */
  async resetPassword(
    userId: number,
    newPassword: string,
    {
      changeAtNextLogin = true,
      signal,
    }: { changeAtNextLogin?: boolean; signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#calls.send({
      method: 'PUT',
      url: `${this.#calls.base}/le-users/users/${userId}/resetPassword?v=4.0`,
      body: { newPassword, changePwdNextLogin: changeAtNextLogin },
      signal,
    });
  }

  /**
   * Creates an app key. Its secrets are returned here and never again, so the client does not repeat a request
   * that got no response: list the keys, and delete the one whose secrets nobody has.
   */
  createAppKey(key: AppKeyChange, signal?: AbortSignal): Promise<AppKeySecrets> {
    return this.#secrets(this.#url('app-keys'), key, signal);
  }

  /** Gives an app key new secrets; the old ones are invalid at once. */
  rotateAppKey(id: number, signal?: AbortSignal): Promise<AppKeySecrets> {
    return this.#secrets(this.#url(`app-keys/${id}/rotate`), undefined, signal);
  }

  /**
   * Entries of the audit log: who changed what, newest first. @param before entries older than the entry with
   * this id
   */
  async audit({
    limit = 50,
    before,
    signal,
  }: {
    limit?: number;
    before?: number;
    signal?: AbortSignal;
  } = {}): Promise<readonly AuditEntry[]> {
    const older = before === undefined ? '' : `&before=${before}`;
    const url = `${this.#url('audit')}&limit=${limit}${older}`;
    const { body } = await this.#calls.send({ url, signal });
    return (body as AuditDocument).entries;
  }

  /** Logs out. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new DOMException('The administration was closed.', 'AbortError'));
    await this.#credential.close(AbortSignal.timeout(10_000));
  }

  /** `close()`, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #url(path: string): string {
    return `${this.#calls.base}/${path}?v=1.0`;
  }

  async #secrets(url: string, body: unknown, signal?: AbortSignal): Promise<AppKeySecrets> {
    const request = { method: 'POST', url, body, signal, retry: 'never' } as const;
    return (await this.#calls.send(request)).body as AppKeySecrets;
  }

  async #stayLoggedIn(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // A login that ended meanwhile is made again by the next call.
      await sleep(this.#calls.http.clock, REFRESH_MS, signal)
        .then(() => this.#credential.refresh(signal))
        .catch(() => {});
    }
  }
}

async function sendLoggedIn(
  http: Http,
  again: () => Promise<void>,
  closing: AbortSignal,
  request: HttpRequest,
): Promise<Reply> {
  const signal = request.signal ? AbortSignal.any([request.signal, closing]) : closing;
  return http.send({ ...request, signal }).catch(async (error: unknown) => {
    if (!(error instanceof LoginError)) throw error;
    await again();
    return http.send({ ...request, signal });
  });
}
