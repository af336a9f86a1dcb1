/**
 * Accounts to be spoilt: operations are asked in a copy of the demo account, with agents in chats;
 * when an answer has made it useless, another copy takes its place.
 */
import { creation } from '@parley/configuration/records/record-changes';
import type { ConfigChange } from '@parley/store';
import { contentRecords, DEMO_RECORDS, type Ids, populate } from '../isolation/populate.js';
import {
  type CallOptions,
  call,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  FakeClock,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  UNTHROTTLED,
} from '../harness.js';

/** Whose ids a request names. */
export type Owner = 'own' | 'others' | 'abroad';
/** Who asks. */
export type Asker = 'agent' | 'admin' | 'manager' | 'visitor';

export interface Home {
  readonly account: string;
  readonly ids: Readonly<Record<Owner, Ids>>;
  readonly credentials: Readonly<Record<Asker, CallOptions>>;
  readonly bearers: readonly string[];
  /** Of the agent's login. */
  readonly csrf: string;
}

/** A group that is not the root, and a key that has a secret. */
const RECORDS = { ...DEMO_RECORDS, 'le-users/agentGroups': '2', 'app-keys': '2' };

const ADMIN = 105;
/** Those who are logged in: two agents, a manager, an administrator. */
const RESIDENTS = [101, 102, 104, ADMIN];

const LOGIN_TTL_MS = 8 * 3_600_000;

export class Places {
  server: TestServer;
  readonly #clock: FakeClock;
  readonly #records: readonly ConfigChange[];
  #abroad: Ids | null = null;
  #current: Home | null = null;
  #made = 0;
  /** How many records of each kind a home begins with. */
  #sizes: readonly number[] = [];

  private constructor(server: TestServer, clock: FakeClock, records: readonly ConfigChange[]) {
    this.server = server;
    this.#clock = clock;
    this.#records = records;
  }

  static async start(options: TestServerOptions = {}): Promise<Places> {
    const clock = new FakeClock();
    const server = await startTestServer({
      clock,
      // Each request comes from an address of its own, so that none is refused for its number.
      trustedProxies: ['127.0.0.1'],
      throttle: UNTHROTTLED,
      ...options,
    });
    const { items } = await server.running.server.store.config.load(DEMO_ACCOUNT);
    const mail = { host: '127.0.0.1', port: 9, from: 'parley@example.com' };
    const places = new Places(server, clock, [
      ...items.map(({ kind, id, nameKey, data }) => {
        return { op: 'create', kind, id, nameKey, data } as const;
      }),
      ...contentRecords(1, 1, 1, 1, 1, { id: 1, userId: 103 }),
      creation('agentGroup', { name: 'East', parentGroupId: 1 }, 2),
      creation('settings', { mail: { ...mail, user: '', password: '', secure: false } }),
    ]);
    places.#abroad = (await places.#make()).ids.own;
    return places;
  }

  /** A home in which everything is still there. */
  async usable(): Promise<Home> {
    this.#current ??= await this.#make();
    return this.#current;
  }

  /** From now on, another home. */
  leave(): void {
    this.#current = null;
  }

  /** The clock stands still: who waits for news gets the time for it, which a home does not outlive. */
  letWaitsEnd(): void {
    if (this.server.running.server.polls.count === 0) return;
    this.#clock.advance(60_000);
    this.leave();
  }

  /** Whether its residents can still do what they could when it was made. */
  stillWhole({ account, bearers, ids: { own } }: Home): boolean {
    const live = this.server.running.server.accounts.loaded(account);
    if (live === undefined) return false;
    const { setup, logins, host } = live;
    const records = Object.values(setup.records).map((each) => each.size);
    const chat = host.state.chats.get(own.chat);
    return (
      bearers.every((bearer) => logins.byBearer(bearer) !== null) &&
      RESIDENTS.every((id) => setup.users.get(id)?.enabled) &&
      setup.users.get(ADMIN)?.roles.includes('administrator') === true &&
      records.every((size, index) => size >= (this.#sizes[index] ?? 0)) &&
      host.state.sessions.has(own.session) &&
      chat?.phase.name === 'active'
    );
  }

  /** All that a request which was refused must not have changed. */
  async state(account: string): Promise<unknown> {
    const { accounts, store } = this.server.running.server;
    const live = await accounts.get(account);
    const logins = await store.logins.load(account, 0);
    return {
      journal: live?.host.state.seq,
      configuration: live?.setup.revisions,
      logins: logins.map(({ bearerHash, cookieHash, expiresAt }) =>
        [bearerHash, cookieHash, expiresAt].join(),
      ),
    };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  async #make(): Promise<Home> {
    // What is counted by time begins anew.
    this.#clock.advance(60_000);
    this.#made += 1;
    const account = `home_${this.#made}`;
    const { store, accounts } = this.server.running.server;
    await store.accounts.create({ id: account, createdAt: 1 });
    await store.config.write(account, { changes: this.#records });
    const live = await accounts.get(account);
    if (live === null) throw new Error(`the account ${account} is not there`);
    const login = (userId: number) => live.logins.open(userId, LOGIN_TTL_MS, 0);
    const [agent1, agent2, manager, admin] = await Promise.all(RESIDENTS.map(login));
    if (!agent1 || !agent2 || !manager || !admin) throw new Error('a login is missing');

    const now = this.#clock.now();
    const key = { account, appKey: DEMO_VISITOR_KEY, skill: 'Sales', records: RECORDS, now };
    const all = { ...key, supervisor: admin.bearer };
    const { http } = this.server;
    // One after the other: both are watched from one session.
    const own = await populate(http, {
      ...{ ...all, agent: 'agent1', bearer: agent1.bearer, visitor: 'vera', lines: 1 },
    });
    const others = await populate(http, {
      ...{ ...all, agent: 'agent2', bearer: agent2.bearer, visitor: 'wim', lines: 1 },
    });
    const base = `${http}/api/account/${account}`;
    // The manager is invited: what the first agent may take back.
    await call('POST', `${base}/agentSession?NC=true`, { bearer: manager.bearer });
    const chat = `${base}/agentSession/${own.session}/chat/${own.chat}`;
    const invited = await call('POST', `${chat}/collaborationChannels`, {
      bearer: agent1.bearer,
      body: { channel: { agentId: 104, role: 'listener' } },
    });
    const channel = (invited.headers.location ?? '').slice(-12);
    // One more rings at the first agent.
    const body = { request: { agent: 'agent1' } };
    await call('POST', `${base}/chat/request`, { appKey: DEMO_VISITOR_KEY, body });
    this.#sizes = Object.values(live.setup.records).map(({ size }) => size);
    return {
      account,
      bearers: [agent1, manager, admin].map(({ bearer }) => bearer),
      // Everybody in the chat sees its first events.
      ids: { own: { ...own, event: '1', channel }, others, abroad: this.#abroad ?? own },
      credentials: {
        agent: { bearer: agent1.bearer },
        manager: { bearer: manager.bearer },
        admin: { bearer: admin.bearer },
        visitor: { appKey: DEMO_VISITOR_KEY },
      },
      csrf: agent1.csrf,
    };
  }
}
