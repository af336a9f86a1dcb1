/** The configuration API, for tests: calls as one user, records without their documents around them. */
import type { Reply } from './harness.js';
import { Fixture } from './chat-fixture.js';

export const USERS = '/configuration/le-users/users';
export const SKILLS = '/configuration/le-users/skills';
export const GROUPS = '/configuration/le-users/agentGroups';

/** A record as the API answers it. */
export interface ApiRecord {
  readonly id: number;
  readonly [field: string]: unknown;
}

export class ConfigurationFixture {
  readonly fixture: Fixture;

  constructor(fixture: Fixture) {
    this.fixture = fixture;
  }

  static async start(): Promise<ConfigurationFixture> {
    return new ConfigurationFixture(await Fixture.start());
  }

  /** A call by a user, administrator unless said otherwise. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    options: {
      readonly as?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly ifMatch?: string;
    } = {},
  ): Promise<Reply> {
    const { bearer } = await this.fixture.login(options.as ?? 'admin1');
    const { ifMatch, headers } = options;
    return this.fixture.server.call(method, path, {
      bearer,
      ...(body === undefined ? {} : { body }),
      headers: { ...headers, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
    });
  }

  /** The record or records of an answer that must be a success. */
  async require(method: string, path: string, body?: unknown): Promise<ApiRecord> {
    const reply = await this.call(method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body as ApiRecord;
  }

  async list(path: string): Promise<readonly ApiRecord[]> {
    return (await this.require('GET', path)) as unknown as readonly ApiRecord[];
  }

  /** The revision that a collection is at. */
  async revision(path: string): Promise<number> {
    const { headers } = await this.call('GET', path);
    return Number(headers['ac-revision']);
  }

  /** The status and the message of an answer that must be a refusal, and must change nothing. */
  async refused(method: string, path: string, body?: unknown): Promise<readonly [number, string]> {
    const { store } = this.fixture.server.running.server;
    const account = this.fixture.base.slice(this.fixture.base.lastIndexOf('/') + 1);
    const before = (await store.config.load(account)).revisions;
    const reply = await this.call(method, path, body);
    if (reply.status < 400) throw new Error(`${method} ${path} was not refused: ${reply.text}`);
    const after = (await store.config.load(account)).revisions;
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      throw new Error(`${method} ${path} was refused and changed something`);
    }
    const { error } = reply.body as { error: { message: string } };
    return [reply.status, error.message];
  }

  stop(): Promise<void> {
    return this.fixture.stop();
  }
}
