/** What has to be there before a documented example can be sent: sessions, chats, records. */
import type { RegisteredOperation } from '@parley/protocol';
import { type Access, placeOf } from '@parley/reference/chapters';
import { EXAMPLE_TOKEN } from '@parley/protocol/examples';
import { vi } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, type CallOptions, linkAt, textAt } from './harness.js';
import { claimsOf, ISSUER, SigningKey } from './identity-provider.js';

/** A request that is ready but for its body. */
export interface Scenario {
  readonly url: string;
  readonly credential: CallOptions;
  /** Puts what only now is known into a body: tokens, ids, names. */
  readonly adapt: (body: string) => string;
  /** Addresses of the records that were made for it. */
  readonly made: readonly string[];
}

interface Props {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly credential?: CallOptions;
  readonly adapt?: (body: string) => string;
  readonly made?: readonly string[];
}

const same = (body: string) => body;

/** One server with all that is configured for the examples. */
export class ExampleFixture {
  readonly fixture: Fixture;
  readonly #key = new SigningKey('ES256');
  #connector = '';
  #made = 0;

  constructor(fixture: Fixture) {
    this.fixture = fixture;
  }

  static async start(): Promise<ExampleFixture> {
    const fixture = await Fixture.start();
    const made = new ExampleFixture(fixture);
    const mail = { host: '127.0.0.1', port: 9, from: 'parley@example.com' };
    await made.#require('PUT', '/configuration/settings', { mail });
    made.#connector = String(
      at(
        await made.#require('POST', '/configuration/visitor-identity', {
          ...{ name: 'For the examples', kind: 'jwt', issuer: ISSUER, publicKey: made.#key.pem },
        }),
        'id',
      ),
    );
    for (const kind of ['preChat', 'offline', 'exit', 'agent']) {
      await made.#require('POST', '/configuration/surveys', survey(kind));
    }
    return made;
  }

  stop(): Promise<void> {
    return this.fixture.stop();
  }

  /** Everything that the operation needs, new each time. */
  async scenarioFor(registered: RegisteredOperation): Promise<Scenario> {
    const { access } = placeOf(registered.url);
    const props = await this.#propsFor(registered);
    const { params = {}, query = '', credential, adapt = same, made = [] } = props;
    const all: Readonly<Record<string, string>> = { account: '12345678', ...params };
    const path = registered.url.replaceAll(/:(\w+)/g, (_, name: string) => {
      const value = all[name];
      if (value === undefined) throw new Error(`${registered.url}: nothing is known for ${name}`);
      return value;
    });
    const { http } = this.fixture.server;
    return {
      url: `${http}${path}${query}`,
      credential: credential ?? (await this.#may(access)),
      adapt,
      made,
    };
  }

  /** A credential for the access, where the scenario needs no certain one. */
  async #may(access: Access): Promise<CallOptions> {
    switch (access) {
      case 'user':
        return { bearer: (await this.fixture.login('admin1')).bearer };
      case 'visitor':
        return { appKey: 'parley-demo-visitor-key' };
      default:
        return {};
    }
  }

  async #propsFor(registered: RegisteredOperation): Promise<Props> {
    switch (placeOf(registered.url).chapter) {
      case 'domain':
        return { params: { service: 'agentVep' } };
      case 'login':
        return this.#login(registered);
      case 'agent-sessions':
        return this.#agentSession(registered);
      case 'agent-chats':
        return this.#agentChat(registered);
      case 'visits':
        return this.#visit(registered);
      case 'visitors': {
        const token = await this.#token('vera');
        return {
          adapt: (body) => body.replace(EXAMPLE_TOKEN, token).replace(/\b71\b/, this.#connector),
        };
      }
      case 'visitor-chats':
        return { params: { chat: (await this.fixture.visitor()).id, event: '0' } };
      case 'engagement': {
        const { visitor, sid } = await this.#tracked();
        return { params: { visitor }, query: registered.method === 'PUT' ? `?sid=${sid}` : '' };
      }
      case 'supervision':
        return this.#supervised();
      case 'users':
      case 'skills':
      case 'agent-groups':
      case 'configuration':
        if (registered.url.endsWith('/:visitor')) return this.#pastVisitor();
        return this.#record(registered);
      default:
        return {};
    }
  }

  async #login({ url }: RegisteredOperation): Promise<Props> {
    if (!/(refresh|logout)$/.test(url)) return {};
    const { bearer, csrf } = await this.fixture.server.login('agent2');
    return { credential: { bearer }, adapt: (body) => body.replace(/[0-9a-f]{64}/, csrf) };
  }

  async #agentSession({ url, method }: RegisteredOperation): Promise<Props> {
    if (url.includes('/approvals') || url.includes('/delegations')) return this.#delegated();
    if (!url.includes(':session')) {
      return { credential: { bearer: (await this.fixture.login('agent1')).bearer } };
    }
    const agent = await this.fixture.agent();
    const rings = method === 'POST' || url.includes(':offer');
    if (rings) await this.fixture.visitor();
    const offer = url.includes(':offer')
      ? textAt((await agent.get('/incomingRequests')).body, 'incomingRequests.offer.id')
      : '';
    const credential = agent.credential();
    return { params: { session: lastPart(agent.uri), offer }, credential };
  }

  async #agentChat({ url, method }: RegisteredOperation): Promise<Props> {
    if (url.endsWith('/takeOver')) return this.#watched();
    if (url.includes('/suggestions')) return this.#suggested(method === 'POST');
    const { agent, chat } = await this.fixture.chat({ skill: 'Sales' });
    await this.fixture.agent('agent2');
    const invites = url.includes('/collaborationChannels') && method !== 'POST';
    const channel = { agentId: 102, role: 'listener' };
    const invited = invites ? await chat.post('/collaborationChannels', { channel }) : null;
    return {
      params: {
        ...{ session: lastPart(agent.uri), chat: chat.id, event: '0' },
        channel: lastPart(invited?.headers.location ?? ''),
      },
      query: url.endsWith('/chat') ? `?chatSessionKeys=${chat.id}` : '',
      credential: agent.credential(),
    };
  }

  async #visit({ url }: RegisteredOperation): Promise<Props> {
    if (url.includes('/monitoring/')) {
      const { visitor, sid } = await this.#tracked();
      return { params: { visitor }, query: `?sid=${sid}` };
    }
    const visitorId = String(700_000_000 + this.#next());
    const before = await this.fixture.visitor({ visitorId });
    await before.end();
    const body = { authChatConnId: this.#connector, ssoKey: await this.#token(visitorId) };
    const known = (await this.fixture.visit('POST', '/conversation', { body })).body as object;
    const { agent, chat } = await this.fixture.chat({ visitorId, ...known });
    const visit = lastPart(linkAt((await chat.get()).body, 'chat.link', 'visit-id'));
    return {
      params: {
        session: lastPart(agent.uri),
        visit,
        earlier: before.id,
        participant: textAt(known, 'participantId'),
      },
      credential: agent.credential(),
    };
  }

  /** A chat of another agent, as a manager has it who watches. */
  async #watched(): Promise<Props> {
    const { chat } = await this.fixture.chat({ skill: 'Sales' });
    const { bearer } = await this.fixture.login('manager1');
    const body = { loginData: { role: 'supervisor' } };
    const opened = await this.fixture.server.call('POST', '/agentSession?NC=true', {
      bearer,
      body,
    });
    const session = lastPart(opened.headers.location ?? '');
    return { params: { session, chat: chat.id }, credential: { bearer } };
  }

  /** A program works in a session, and waits to be approved. */
  async #delegated(): Promise<Props> {
    const agent = await this.fixture.agent();
    const made = await agent.post('/delegations', {
      delegation: { name: 'Helper', rights: ['availability'], approval: ['availability'] },
    });
    const bearer = textAt(made.body, 'delegation.bearer');
    const away = { availability: { chat: 'Away' } };
    // It waits for whoever approves it.
    void agent.call('PUT', '/availability', { bearer, body: away }).catch(() => {});
    const approval = await vi.waitFor(async () => {
      const { body } = await this.fixture.server.call('GET', '/approvals', agent.credential());
      return textAt(body, 'approvals.approval.0.id');
    });
    const delegation = lastPart(made.headers.location ?? '');
    const params = { session: lastPart(agent.uri), delegation, approval };
    return { params, credential: agent.credential() };
  }

  /** A chat to which a bot listens: as the bot has it, or, once it suggested something, the agent. */
  async #suggested(asBot: boolean): Promise<Props> {
    const { agent, chat } = await this.fixture.chat({ skill: 'Sales' });
    const bot = await this.fixture.agent('agent2');
    await chat.post('/collaborationChannels', { channel: { agentId: 102, role: 'listener' } });
    const heard = await bot.accept();
    if (!asBot) await heard.post('/suggestions', { suggestion: { text: 'hello' } });
    const by = asBot ? bot : agent;
    const params = { session: lastPart(by.uri), chat: chat.id, suggestion: '1' };
    return { params, credential: by.credential() };
  }

  /** A chat that rings, with another agent who could take it. */
  async #supervised(): Promise<Props> {
    await this.fixture.agent();
    const visitor = await this.fixture.visitor({ skill: 'Sales' });
    await this.fixture.agent('agent2');
    return { params: { chat: visitor.id, user: '101' } };
  }

  /** A token that was not used yet. */
  #token(sub: string): Promise<string> {
    const now = this.fixture.clock.now();
    return this.#key.sign(claimsOf(sub, now, { jti: String(this.#next()) }));
  }

  async #tracked(): Promise<{ readonly visitor: string; readonly sid: string }> {
    const { body } = await this.fixture.visit('POST', '/app/engagement/visitors', { body: {} });
    return { visitor: textAt(body, 'visitorId'), sid: textAt(body, 'sessionId') };
  }

  /** A record of the collection that the path is about; two for a list of ids. */
  async #record({ url, operation }: RegisteredOperation): Promise<Props> {
    const collection =
      /\/configuration\/((?:le-\w+|engagement-window)\/[\w-]+|[\w-]+(?:\/categories)?)/.exec(
        url,
      )?.[1] ?? '';
    if (collection === 'le-users/profiles') return { params: { id: '2' } };
    const make = NEW[collection];
    if (make === undefined) return {};
    const made = async () => {
      const body = make(this.#next());
      const record = await this.#require('POST', `/configuration/${collection}`, body);
      return { id: String(at(record, 'id')), name: String(at(record, 'loginName')) };
    };
    const one = await made();
    const other = operation.body?.name === 'recordIds' ? await made() : one;
    return {
      params: { id: one.id },
      made: [one, other].map(({ id }) => `/configuration/${collection}/${id}`),
      adapt: (body) =>
        operation.body?.name === 'recordIds'
          ? body.replace(/\b21\b/, one.id).replace(/\b22\b/, other.id)
          : url.endsWith('/changePassword')
            ? body.replace('agent1', one.name)
            : body.replace(/("id":|<id>)(?:51|61)\b/, `$1${one.id}`),
    };
  }

  /** A visitor whose chat is over. */
  async #pastVisitor(): Promise<Props> {
    const visitorId = `past-${this.#next()}`;
    const visitor = await this.fixture.visitor({ visitorId });
    await visitor.end();
    return { params: { visitor: visitorId } };
  }

  /** Takes back what was made, so that the next one of that name can be made too. */
  async undo(locations: readonly string[]): Promise<void> {
    const { bearer } = await this.fixture.login('admin1');
    for (const location of locations) {
      if (!location.includes('/configuration/')) continue;
      const { status, text } = await this.fixture.server.call('DELETE', location, { bearer });
      if (status !== 200 && status !== 404) throw new Error(`DELETE ${location}: ${text}`);
    }
  }

  async #require(method: string, path: string, body?: unknown): Promise<unknown> {
    const { bearer } = await this.fixture.login('admin1');
    const reply = await this.fixture.server.call(method, path, { bearer, body });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }

  #next(): number {
    this.#made += 1;
    return this.#made;
  }
}

const NEW: Readonly<Record<string, (n: number) => unknown>> = {
  'le-users/users': (n) => ({
    loginName: `extra${n}`,
    nickname: `Extra ${n}`,
    passwordSh: 'parley-demo',
    changePwdNextLogin: false,
    profileIds: [2],
  }),
  'le-users/skills': (n) => ({ name: `Skill ${n}` }),
  'le-users/agentGroups': (n) => ({ name: `Group ${n}`, parentGroupId: 1 }),
  surveys: (n) => ({ ...survey('exit'), name: `Survey ${n}`, skillId: 12 }),
  'canned-content': (n) => ({ name: `Text ${n}`, texts: [{ language: 'en-US', text: 'Hello' }] }),
  'canned-content/categories': (n) => ({ name: `Category ${n}` }),
  'engagement-window/canned-responses': (n) => ({
    data: [{ title: `Response ${n}`, lang: 'en-US', msg: 'Hello' }],
  }),
  'le-categories/categories': (n) => ({ name: `Category of responses ${n}` }),
  'visitor-identity': (n) => ({
    name: `Connection ${n}`,
    kind: 'jwt',
    issuer: ISSUER,
    jwksUrl: 'https://idp.example.com/jwks',
  }),
  'routing-rules': (n) => ({ name: `Rule ${n}`, action: 'attach', userId: 103, enabled: false }),
  'le-agents/status-reasons': (n) => ({ text: `Reason ${n}`, state: 'Away' }),
  'app-keys': (n) => ({ kind: 'agent', name: `Key ${n}`, userId: 103 }),
};

function survey(kind: string) {
  return {
    kind,
    name: `For the examples: ${kind}`,
    title: 'Two questions',
    questions: [
      { id: 1, type: 'Text Field', label: 'Your name' },
      {
        id: 2,
        type: 'Dropdown Box',
        label: 'What is it about?',
        entry: [{ value: 'order' }, { value: 'else' }],
      },
    ],
  };
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
