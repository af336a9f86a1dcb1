/**
 * Two accounts with agents, visitors, chats, visits and configuration in each, and everything that
 * can be named by an id: whose it is, and one of the same form that is nobody's.
 */
import fc from 'fast-check';
import { creation } from '../../src/config/records.js';
import type { RegisteredOperation } from '../../src/http/operation.js';
import { validBodies } from '../fuzz/bodies.js';
import { World } from '../chat-world.js';
import {
  type CallOptions,
  call,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  type Reply,
  textAt,
} from '../harness.js';
import { type PathId, type QueryId, recordsAt } from './audience.js';

export const OTHER_ACCOUNT = 'other_shop';
const OTHER_KEY = 'other-shop-visitor-key';

/** Everything that can be named, of one owner. */
export interface Ids
  extends Readonly<Record<Exclude<PathId, 'id'>, string>>,
    Record<QueryId, string> {
  readonly account: string;
  /** Records of the configuration, by their path. */
  readonly records: Readonly<Record<string, string>>;
}

/** Kinds of records by their path, with ids that only the other account has. */
const RECORDS = {
  'le-users/users': 7101,
  'le-users/skills': 7211,
  'le-users/agentGroups': 7301,
  surveys: 7401,
  'canned-content/categories': 7501,
  'canned-content': 7601,
  'app-keys': 7701,
} as const;

/** In the form of ids, but nobody's. */
const NOBODYS: Ids = {
  account: 'nobody_here',
  session: '777777777777777777',
  chat: `H7777777777-${'7'.repeat(32)}K7777777777`,
  event: '777',
  visit: 'H7777777777K7777777777',
  earlier: `H7777777777-${'7'.repeat(32)}K7777777777`,
  participant: 'nobody-authenticated',
  visitor: 'nobody-visits',
  service: 'nobodysService',
  chatSessionKeys: `H7777777777-${'7'.repeat(32)}K7777777777`,
  sid: 'nobody-has-this-session',
  skill: 'nobodysSkill',
  serviceQueue: 'nobodysSkill',
  agent: 'nobodysAgent',
  records: Object.fromEntries(Object.keys(RECORDS).map((path) => [path, '7777'])),
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

export class IsolationWorld {
  readonly world: World;
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

  constructor(world: World, credentials: Credentials, ids: readonly [Ids, Ids, Ids]) {
    this.world = world;
    this.credentials = credentials;
    [this.victim, this.own, this.abroad] = ids;
  }

  static async start(): Promise<IsolationWorld> {
    const world = await World.start({
      // Each request comes from an address of its own: many wrong credentials come from each.
      trustedProxies: ['127.0.0.1'],
      throttle: { perUser: 1_000_000, perAddress: 1_000_000 },
    });
    await makeOtherAccount(world);
    await addRecords(world);
    const victim = await inhabit(world, DEMO_ACCOUNT, 'agent1', DEMO_VISITOR_KEY, 'vera');
    const own = await inhabit(world, DEMO_ACCOUNT, 'agent2', DEMO_VISITOR_KEY, 'wim');
    const abroad = await inhabit(world, OTHER_ACCOUNT, 'zoe_abroad', OTHER_KEY, 'xena');
    return new IsolationWorld(world, await allCredentials(world), [victim, own, abroad]);
  }

  get operations(): readonly RegisteredOperation[] {
    return this.world.server.running.server.operations;
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
    const url = this.world.server.http + this.path(operation, ids) + query;
    const headers = { ...credential.headers, 'x-forwarded-for': from };
    return call(method, url, { ...credential, headers, ...this.#body(operation, ids) });
  }

  /** What nobody but the owners may change: both accounts' journals and configurations. */
  async state(): Promise<unknown> {
    const { accounts } = this.world.server.running.server;
    const ids = [DEMO_ACCOUNT, OTHER_ACCOUNT];
    const live = await Promise.all(ids.map((id) => accounts.get(id)));
    return live.map((account) => [account?.host.state.seq, account?.setup.revisions]);
  }

  stop(): Promise<void> {
    return this.world.stop();
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

/** An account with its own users, skill and visitors' key. */
async function makeOtherAccount({ server }: World): Promise<void> {
  const { store, accounts } = server.running.server;
  const demo = await accounts.get(DEMO_ACCOUNT);
  const agent1 = demo?.setup.userByLogin.get('agent1');
  if (agent1 === undefined) throw new Error('the demo has no agent1');
  const { id: _, revision: __, ...names } = agent1;
  const { passwordHash } = agent1;
  const user = { ...names, passwordHash, skillIds: [RECORDS['le-users/skills']], groupId: 1 };
  await store.accounts.create({ id: OTHER_ACCOUNT, createdAt: 1 });
  await store.config.write(OTHER_ACCOUNT, {
    changes: [
      creation('agentGroup', { name: 'Theirs' }, 1),
      creation('agentGroup', { name: 'East', parentGroupId: 1 }, RECORDS['le-users/agentGroups']),
      creation(
        'skill',
        { name: 'abroadSkill', description: '', maxWaitTime: 60 },
        RECORDS['le-users/skills'],
      ),
      creation(
        'user',
        { ...user, loginName: 'zoe_abroad', nickname: 'Zoe' },
        RECORDS['le-users/users'],
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
        RECORDS['app-keys'],
      ),
      ...contentRecords(RECORDS.surveys, RECORDS['canned-content/categories']),
    ],
  });
}

/** Records of the kinds that the demo has none of. */
async function addRecords({ server }: World): Promise<void> {
  const { store, accounts } = server.running.server;
  await store.config.write(DEMO_ACCOUNT, { changes: contentRecords(1, 1) });
  await accounts.refresh(DEMO_ACCOUNT);
}

function contentRecords(survey: number, category: number) {
  const questions = [
    {
      id: 1,
      order: 1,
      logicId: 1,
      mandatory: false,
      type: 'Text Field',
      validationType: 'alpha_numeric',
      label: 'Order?',
      entries: [],
    },
  ] as const;
  const kinds = ['agent', 'exit', 'offline'] as const;
  const content = category === 1 ? 1 : RECORDS['canned-content'];
  return [
    ...kinds.map((kind, index) =>
      creation(
        'survey',
        { kind, name: kind, title: kind, header: '', skillId: null, enabled: true, questions },
        survey + index,
      ),
    ),
    creation('cannedCategory', { name: 'Greetings' }, category),
    creation(
      'cannedContent',
      {
        name: 'Hello',
        enabled: true,
        hotkey: '',
        categoryIds: [category],
        skillIds: [],
        texts: [{ language: 'en-US', text: 'Hello!' }],
      },
      content,
    ),
  ];
}

/** An agent in a chat with a visitor who was here before; gives the ids of it all. */
async function inhabit(
  { server }: World,
  account: string,
  agent: string,
  appKey: string,
  visitor: string,
): Promise<Ids> {
  const base = `${server.http}/api/account/${account}`;
  const bearer = await bearerOf(server.http, account, agent);
  const must = async (method: string, url: string, options: CallOptions) => {
    const reply = await call(method, url.startsWith('http') ? url : base + url, options);
    if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.text}`);
    return reply;
  };
  const opened = await must('POST', '/agentSession?NC=true', { bearer });
  const session = opened.headers.location ?? '';
  const seen = await must('POST', `/app/engagement/visitors/${visitor}`, { appKey, body: {} });
  const sid = textAt(seen.body, 'sessionId');
  const request = { visitorId: visitor, agent, LETagVisitorId: visitor, LETagSessionId: sid };
  const chats: string[] = [];
  for (const time of ['before', 'now']) {
    const body = { request: { ...request, preChatLines: ['hidden'] } };
    await must('POST', '/chat/request', { appKey, body });
    const accepted = await must('POST', `${session}/incomingRequests`, { bearer });
    const chat = accepted.headers.location ?? '';
    // agent1's chat has more events than the others': ids that are there and not theirs.
    for (let lines = 0; lines < (agent === 'agent1' ? 8 : 2); lines += 1) {
      const event = { type: 'line', text: 'line', subType: 'ONLY_TO_REP' };
      await must('POST', `${chat}/events`, { bearer, body: { event } });
    }
    if (time === 'before') {
      const event = { type: 'state', state: 'ended' };
      await must('POST', `${chat}/events`, { bearer, body: { event } });
    }
    chats.push(last(chat));
  }
  const [earlier = '', chat = ''] = chats;
  const abroad = account === OTHER_ACCOUNT;
  return {
    account,
    session: last(session),
    chat,
    event: '10',
    visit: chat.replace(/-.*K/, 'K'),
    earlier,
    participant: visitor,
    visitor,
    service: 'agentVep',
    chatSessionKeys: chat,
    sid,
    skill: abroad ? 'abroadSkill' : 'Sales',
    serviceQueue: abroad ? 'abroadSkill' : 'Sales',
    agent,
    records: abroad
      ? Object.fromEntries(Object.entries(RECORDS).map(([path, id]) => [path, String(id)]))
      : {
          'le-users/users': agent === 'agent1' ? '101' : '102',
          'le-users/skills': '11',
          'le-users/agentGroups': '1',
          surveys: '1',
          'canned-content/categories': '1',
          'canned-content': '1',
          'app-keys': '1',
        },
  };
}

async function allCredentials({ server }: World): Promise<Credentials> {
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

async function bearerOf(http: string, account: string, username: string): Promise<string> {
  const body = { username, password: DEMO_PASSWORD };
  const reply = await call('POST', `${http}/api/account/${account}/login?v=1.3`, { body });
  return textAt(reply.body, 'bearer');
}

function last(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
