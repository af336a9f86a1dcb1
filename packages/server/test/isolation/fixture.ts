/**
 * Two accounts with agents, visitors, chats, visits and configuration in each, and everything that
 * can be named by an id: whose it is, and one of the same form that is nobody's.
 */
import fc from 'fast-check';
import { creation } from '@parley/configuration/records/record-changes';
import type { RegisteredOperation } from '@parley/protocol';
import { validBodies } from '../fuzz/bodies.js';
import { Fixture } from '../chat-fixture.js';
import {
  type CallOptions,
  call,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  type Reply,
  UNTHROTTLED,
} from '../harness.js';
import { type PathId, recordsAt } from './audience.js';
import {
  bearerOf,
  contentRecords,
  DEMO_RECORDS,
  FOREIGN_RECORDS,
  type Ids,
  populate,
} from './populate.js';

export const OTHER_ACCOUNT = 'other_shop';
const OTHER_KEY = 'other-shop-visitor-key';

/** In the form of ids, but nobody's. */
const NOBODYS: Ids = {
  account: 'nobody_here',
  session: '777777777777777777',
  chat: `H7777777777-${'7'.repeat(32)}K7777777777`,
  event: '777',
  visit: 'H7777777777K7777777777',
  earlier: `H7777777777-${'7'.repeat(32)}K7777777777`,
  participant: '77777777-7777-8777-8777-777777777777',
  visitor: 'nobody-visits',
  service: 'nobodysService',
  offer: '777777',
  channel: '777777777777',
  suggestion: '7777',
  delegation: '777777777777',
  approval: '777777777777777',
  user: '7777',
  chatSessionKeys: `H7777777777-${'7'.repeat(32)}K7777777777`,
  sid: 'nobody-has-this-session',
  skill: 'nobodysSkill',
  skillId: '7777',
  serviceQueue: 'nobodysSkill',
  chatReasonId: '7777',
  ids: '7777',
  skill_ids: '7777',
  agentId: '7777',
  groupId: '7777',
  agent: 'nobodysAgent',
  records: mapped(FOREIGN_RECORDS, () => '7777'),
};

export interface Credentials {
  readonly nobody: CallOptions;
  readonly garbage: CallOptions;
  readonly loggedOut: CallOptions;
  readonly otherAdmin: CallOptions;
  readonly otherAgent: CallOptions;
  readonly otherVisitor: CallOptions;
  readonly agent2: CallOptions;
  readonly bot: CallOptions;
  readonly manager: CallOptions;
  readonly admin: CallOptions;
  readonly visitor: CallOptions;
}

export class IsolationFixture {
  readonly fixture: Fixture;
  readonly credentials: Credentials;
  /** agent1's, whom nobody else may reach. */
  readonly victim: Ids;
  /** agent2's own. */
  readonly own: Ids;
  /** Those of the other account. */
  readonly abroad: Ids;
  readonly nobodys: Ids = NOBODYS;
  readonly #bodies = new Map<string, unknown>();
  #asked = 0;

  constructor(fixture: Fixture, credentials: Credentials, ids: readonly [Ids, Ids, Ids]) {
    this.fixture = fixture;
    this.credentials = credentials;
    [this.victim, this.own, this.abroad] = ids;
  }

  static async start(): Promise<IsolationFixture> {
    const fixture = await Fixture.start({
      // Each request comes from an address of its own: many wrong credentials come from each.
      trustedProxies: ['127.0.0.1'],
      throttle: UNTHROTTLED,
    });
    await makeOtherAccount(fixture);
    await addRecords(fixture);
    const { http } = fixture.server;
    const now = fixture.clock.now();
    const supervisor = await bearerOf(http, DEMO_ACCOUNT, 'admin1');
    const demo = { account: DEMO_ACCOUNT, appKey: DEMO_VISITOR_KEY, skill: 'Sales', now };
    const here = { ...demo, supervisor };
    const agent1 = await bearerOf(http, DEMO_ACCOUNT, 'agent1');
    const victim = await populate(http, {
      ...{ ...here, agent: 'agent1', bearer: agent1, visitor: 'vera', records: DEMO_RECORDS },
      // More events than agent2's chat: ids that are there, but not agent2's.
      lines: 8,
    });
    const own = await populate(http, {
      ...{ ...here, agent: 'agent2', bearer: await bearerOf(http, DEMO_ACCOUNT, 'agent2') },
      ...{ visitor: 'wim', lines: 2 },
      records: { ...DEMO_RECORDS, 'le-users/users': '102' },
    });
    const abroad = await populate(http, {
      ...{ account: OTHER_ACCOUNT, appKey: OTHER_KEY, skill: 'abroadSkill', agent: 'zoe_abroad' },
      ...{
        bearer: await bearerOf(http, OTHER_ACCOUNT, 'zoe_abroad'),
        supervisor: await bearerOf(http, OTHER_ACCOUNT, 'boss'),
        visitor: 'xena',
        lines: 8,
        now,
      },
      records: mapped(FOREIGN_RECORDS, String),
    });
    return new IsolationFixture(fixture, await allCredentials(fixture), [victim, own, abroad]);
  }

  get operations(): readonly RegisteredOperation[] {
    return this.fixture.server.running.server.operations;
  }

  /** The path of an operation with ids filled in. */
  path({ url }: RegisteredOperation, ids: Ids): string {
    return url.replaceAll(/:(\w+)/g, (_, name: string) =>
      name === 'id' ? (ids.records[recordsAt(url)] ?? '0') : String(Reflect.get(ids, name)),
    );
  }

  /** Ids of one owner, but for one place of the path. */
  mixed(operation: RegisteredOperation, ids: Ids, at: PathId, other: Ids): Ids {
    if (at !== 'id') return { ...ids, [at]: other[at] };
    const records = recordsAt(operation.url);
    return { ...ids, records: { ...ids.records, [records]: other.records[records] ?? '0' } };
  }

  /** The ids, one of them in every spelling that could be taken for it but is not it. */
  respelled(operation: RegisteredOperation, ids: Ids, at: PathId): readonly Ids[] {
    const records = recordsAt(operation.url);
    const id = at === 'id' ? (ids.records[records] ?? '0') : ids[at];
    return respellings(id).map((spelling) => {
      const other = at === 'id' ? { [records]: spelling } : {};
      const all = { ...ids, records: { ...ids.records, ...other } };
      return at === 'id' ? all : { ...all, [at]: spelling };
    });
  }

  /** Calls an operation with a body that its document reads. */
  async ask(
    operation: RegisteredOperation,
    ids: Ids,
    credential: CallOptions,
    query = '',
  ): Promise<Reply> {
    this.#asked += 1;
    const from = `10.${this.#asked >> 16}.${(this.#asked >> 8) & 255}.${this.#asked & 255}`;
    const { method } = operation;
    const url = this.fixture.server.http + this.path(operation, ids) + query;
    const headers = { ...credential.headers, 'x-forwarded-for': from };
    return call(method, url, { ...credential, headers, ...this.#body(operation, ids) });
  }

  /** What nobody but the owners may change: both accounts' journals and configurations. */
  async state(): Promise<unknown> {
    const { accounts } = this.fixture.server.running.server;
    const ids = [DEMO_ACCOUNT, OTHER_ACCOUNT];
    const live = await Promise.all(ids.map((id) => accounts.get(id)));
    return live.map((account) => [account?.host.state.seq, account?.setup.revisions]);
  }

  stop(): Promise<void> {
    return this.fixture.stop();
  }

  #body(operation: RegisteredOperation, ids: Ids): { readonly body?: unknown } {
    const { body: document } = operation.operation;
    if (document === undefined) return {};
    // The only document that names its account.
    if (document.name === 'changesQuery') {
      return { body: { type: 2, parameters: [{ site: ids.account }] } };
    }
    if (!this.#bodies.has(document.name)) {
      this.#bodies.set(document.name, fc.sample(validBodies(document), { numRuns: 1, seed: 7 })[0]);
    }
    return { body: this.#bodies.get(document.name) };
  }
}

/** Percent-encoded where an address needs it. */
function respellings(id: string): readonly string[] {
  const digits = (zero: number) =>
    encodeURIComponent(id.replaceAll(/\d/g, (digit) => String.fromCharCode(zero + Number(digit))));
  const [fullWidth, arabic] = [digits(0xff10), digits(0x660)];
  const around = [`0${id}`, `+${id}`, `-${id}`, `${id}.0`, `${id}.`, `${id}e0`, `${id},`, `${id}n`];
  const spaces = ['%20', '%C2%A0', '%EF%BB%BF'];
  const cases = [id.toUpperCase(), id.toLowerCase()];
  const hex = /^\d+$/.test(id) ? [`0x${BigInt(id).toString(16)}`] : [];
  const all = [...around, ...cases, ...hex, fullWidth, arabic];
  const others = [...all, ...spaces.flatMap((space) => [space + id, id + space])];
  return others.filter((other) => other !== id);
}

/** An account with its own users, skill and visitors' key. */
async function makeOtherAccount({ server }: Fixture): Promise<void> {
  const { store, accounts } = server.running.server;
  const demo = await accounts.get(DEMO_ACCOUNT);
  const agent1 = demo?.setup.userByLogin.get('agent1');
  if (agent1 === undefined) throw new Error('the demo has no agent1');
  const { id: _, revision: __, ...names } = agent1;
  const { passwordHash } = agent1;
  const user = {
    ...names,
    passwordHash,
    skillIds: [FOREIGN_RECORDS['le-users/skills']],
    groupId: 1,
  };
  await store.accounts.create({ id: OTHER_ACCOUNT, createdAt: 1 });
  await store.config.write(OTHER_ACCOUNT, {
    changes: [
      creation('agentGroup', { name: 'Theirs' }, 1),
      creation(
        'agentGroup',
        { name: 'East', parentGroupId: 1 },
        FOREIGN_RECORDS['le-users/agentGroups'],
      ),
      creation(
        'skill',
        { name: 'abroadSkill', description: '', maxWaitTime: 60 },
        FOREIGN_RECORDS['le-users/skills'],
      ),
      creation(
        'user',
        { ...user, loginName: 'zoe_abroad', nickname: 'Zoe' },
        FOREIGN_RECORDS['le-users/users'],
      ),
      creation('user', { ...user, loginName: 'boss', roles: ['administrator'] }, 7102),
      creation(
        'appKey',
        {
          kind: 'visitor',
          key: OTHER_KEY,
          secretHash: null,
          accessToken: null,
          accessTokenSecretHash: null,
          userId: null,
          trusted: false,
        },
        FOREIGN_RECORDS['app-keys'],
      ),
      ...contentRecords(
        ...([FOREIGN_RECORDS.surveys, FOREIGN_RECORDS['canned-content/categories']] as const),
        FOREIGN_RECORDS['canned-content'],
        FOREIGN_RECORDS['le-agents/status-reasons'],
        FOREIGN_RECORDS['visitor-identity'],
        { id: FOREIGN_RECORDS['routing-rules'], userId: FOREIGN_RECORDS['le-users/users'] },
      ),
    ],
  });
}

/** Records of the kinds that the demo has none of. */
async function addRecords({ server }: Fixture): Promise<void> {
  const { store, accounts } = server.running.server;
  await store.config.write(DEMO_ACCOUNT, {
    changes: contentRecords(1, 1, 1, 1, 1, { id: 1, userId: 103 }),
  });
  await accounts.refresh(DEMO_ACCOUNT);
}

async function allCredentials({ server }: Fixture): Promise<Credentials> {
  const login = async (account: string, name: string) => ({
    bearer: await bearerOf(server.http, account, name),
  });
  // Not an agent's: a logout ends their session.
  const gone = await server.login('admin1');
  const { csrf } = gone;
  const url = `${server.base}/logout`;
  await call('POST', url, { bearer: gone.bearer, body: { csrf } });
  return {
    nobody: {},
    garbage: { bearer: '0'.repeat(64) },
    loggedOut: { bearer: gone.bearer },
    otherAdmin: await login(OTHER_ACCOUNT, 'boss'),
    otherAgent: await login(OTHER_ACCOUNT, 'zoe_abroad'),
    otherVisitor: { appKey: OTHER_KEY },
    agent2: await login(DEMO_ACCOUNT, 'agent2'),
    bot: await login(DEMO_ACCOUNT, 'bot1'),
    manager: await login(DEMO_ACCOUNT, 'manager1'),
    admin: await login(DEMO_ACCOUNT, 'admin1'),
    visitor: { appKey: DEMO_VISITOR_KEY },
  };
}

function mapped(records: Readonly<Record<string, number>>, map: (id: number) => string) {
  return Object.fromEntries(Object.entries(records).map(([path, id]) => [path, map(id)]));
}
