/**
 * Agents, visitors and their chats, for tests of the agent and visitor APIs: everything goes over
 * real HTTP to one server per test file, whose clock stands still until the test moves it.
 */
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { requireBeDescribed } from './described.js';
import { give } from './give.js';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import type { NewRecord, Records } from '@parley/configuration/records/records';
import { creation, replacement } from '@parley/configuration/records/record-changes';
import {
  type CallOptions,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  FakeClock,
  type LoggedIn,
  linkAt,
  type Reply,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  textAt,
} from './harness.js';

/** The demo account's skills. */
export const SALES = 11;
export const SUPPORT = 12;

/** Something that can be asked with a credential of its own. */
abstract class Principal {
  readonly fixture: Fixture;
  /** Everything is asked below this. */
  readonly uri: string;

  constructor(fixture: Fixture, uri: string) {
    this.fixture = fixture;
    this.uri = uri;
  }

  abstract credential(): CallOptions;

  call(method: string, path = '', options: CallOptions = {}): Promise<Reply> {
    const own = this.credential();
    const headers = { ...own.headers, ...options.headers };
    const url = path.startsWith('http') ? path : this.uri + path;
    return this.fixture.server.call(method, url, { ...own, ...options, headers });
  }

  get(path = '', headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.call('GET', path, { headers });
  }

  post(path: string, body?: unknown): Promise<Reply> {
    return this.call('POST', path, { body });
  }

  put(path: string, body?: unknown): Promise<Reply> {
    return this.call('PUT', path, { body });
  }

  /** Adds a line; gives the new event's id. @throws Error when it is refused. */
  async line(text: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const event = { '@type': 'line', text, ...more };
    const reply = await this.post('/events', { event });
    if (reply.status !== 201) throw new Error(`line "${text}": ${reply.status} ${reply.text}`);
    return Number(/\d+$/.exec(reply.headers.location ?? '')?.[0]);
  }

  /** Ends the chat. */
  end(): Promise<Reply> {
    return this.post('/events', { event: { '@type': 'state', state: 'ended' } });
  }

  /** The chat's events as the caller sees them. */
  async events(from = 0): Promise<ChatEvent[]> {
    const reply = await this.get(`/events?from=${from}`);
    const { events } = reply.body as { events: { event?: ChatEvent | ChatEvent[] } };
    return [events.event ?? []].flat();
  }

  /** The chat's events, each as one word: `waiting`, `info:4`, `Anna:hello`. */
  async feed(from = 0): Promise<string[]> {
    return (await this.events(from)).map((event) => {
      if (event['@type'] === 'state') return String(event.state);
      return event.systemMessageId === undefined
        ? `${event.by}:${event.text}`
        : `${event.by}:${event.systemMessageId}`;
    });
  }
}

export interface ChatEvent {
  readonly '@id': string;
  readonly '@type': string;
  readonly time: string;
  readonly state?: string;
  readonly text?: string;
  readonly textType?: string;
  readonly by?: string;
  readonly source?: string;
  readonly subType?: string;
  readonly systemMessageId?: number;
  readonly json?: unknown;
}

/** A logged-in agent with an agent session. */
export class Agent extends Principal {
  readonly login: LoggedIn;

  constructor(fixture: Fixture, uri: string, login: LoggedIn) {
    super(fixture, uri);
    this.login = login;
  }

  credential(): CallOptions {
    return { bearer: this.login.bearer };
  }

  async ringing(): Promise<string> {
    return textAt((await this.get('/incomingRequests')).body, 'incomingRequests.ringingCount');
  }

  async availability(): Promise<string> {
    return textAt((await this.get('/availability')).body, 'availability.chat');
  }

  async become(chat: 'Online' | 'Occupied' | 'Away'): Promise<void> {
    const reply = await this.put('/availability', { availability: { chat } });
    if (reply.status !== 200) throw new Error(reply.text);
  }

  /** Accepts what rings longest. @throws Error when nothing rings. */
  async accept(): Promise<AgentChat> {
    const reply = await this.post('/incomingRequests', {});
    if (reply.status !== 201) throw new Error(`nothing to accept: ${reply.text}`);
    return this.chat(linkAt(reply.body, 'chatLocation.link', 'location'));
  }

  /** The chat at a URI, as this agent has it. */
  chat(uri: string): AgentChat {
    return new AgentChat(this, uri);
  }
}

/** A chat as an agent has it. */
export class AgentChat extends Principal {
  readonly agent: Agent;

  constructor(agent: Agent, uri: string) {
    super(agent.fixture, uri);
    this.agent = agent;
  }

  credential(): CallOptions {
    return this.agent.credential();
  }

  get id(): string {
    return this.uri.slice(this.uri.lastIndexOf('/') + 1);
  }
}

/** A visitor with a chat. */
export class Visitor extends Principal {
  credential(): CallOptions {
    return { appKey: DEMO_VISITOR_KEY };
  }

  get id(): string {
    return this.uri.slice(this.uri.lastIndexOf('/') + 1);
  }
}

export class Fixture {
  readonly server: TestServer;
  readonly clock: FakeClock;
  readonly #logins = new Map<string, LoggedIn>();

  constructor(server: TestServer, clock: FakeClock) {
    this.server = server;
    this.clock = clock;
  }

  static async start(options: TestServerOptions = {}): Promise<Fixture> {
    const clock = new FakeClock();
    return new Fixture(await startTestServer({ clock, ...options }), clock);
  }

  /** `http://127.0.0.1:port/api/account/12345678` */
  get base(): string {
    return this.server.base;
  }

  /** The user's login; the same one each time. */
  async login(name: string): Promise<LoggedIn> {
    const known = this.#logins.get(name);
    if (known !== undefined) return known;
    const login = await this.server.login(name);
    this.#logins.set(name, login);
    return login;
  }

  /** Logs everybody in anew when they are asked for next. */
  forgetLogins(): void {
    this.#logins.clear();
  }

  /** A new agent session, without a cookie. */
  async agent(name = 'agent1'): Promise<Agent> {
    const login = await this.login(name);
    const { bearer } = login;
    const reply = await this.server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    if (reply.status !== 201) throw new Error(`session of ${name}: ${reply.text}`);
    return new Agent(this, reply.headers.location ?? '', login);
  }

  /** A visitor who asked for a chat. */
  async visitor(request: Readonly<Record<string, unknown>> = {}): Promise<Visitor> {
    const reply = await this.visit('POST', '/chat/request', { body: { request } });
    if (reply.status !== 201) throw new Error(`chat request: ${reply.text}`);
    return new Visitor(this, reply.headers.location ?? '');
  }

  /** An agent chatting with a visitor. */
  async chat(
    request: Readonly<Record<string, unknown>> = {},
    agentName = 'agent1',
  ): Promise<{ agent: Agent; chat: AgentChat; visitor: Visitor }> {
    const agent = await this.agent(agentName);
    const visitor = await this.visitor(request);
    return { agent, chat: await agent.accept(), visitor };
  }

  /** A call with the visitors' app key, below the account or to a whole URL. */
  visit(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    return this.server.call(method, path, { appKey: DEMO_VISITOR_KEY, ...options });
  }

  /** Lets time pass while these give heartbeats, which keeps their chats and sessions. */
  async pass(seconds: number, ...alive: readonly Principal[]): Promise<void> {
    for (let left = seconds; left > 0; left -= 10) {
      this.clock.advance(Math.min(left, 10) * 1000);
      for (const caller of alive) await caller.get();
    }
  }

  /** Changes fields of a user of the account. */
  async changeUser(id: number, fields: Partial<Records['user']>): Promise<void> {
    const { store, accounts } = this.server.running.server;
    const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
    const item = items.find((each) => each.id === id);
    if (item === undefined) throw new Error(`no user ${id}`);
    const record = { ...JSON.parse(item.data), ...fields };
    await store.config.write(DEMO_ACCOUNT, { changes: [replacement('user', id, record)] });
    await accounts.refresh(DEMO_ACCOUNT);
  }

  /** Adds a record of the account's configuration; gives its id. */
  async add<K extends keyof Records>(kind: K, record: NewRecord<K>): Promise<number> {
    const { store, accounts } = this.server.running.server;
    const { items } = await store.config.write(DEMO_ACCOUNT, { changes: [creation(kind, record)] });
    await accounts.refresh(DEMO_ACCOUNT);
    return items[0]?.id ?? 0;
  }

  /** Ends every chat and agent session, so that the next test starts from nothing. */
  async clear(): Promise<void> {
    const host = await this.host();
    const { chats, sessions } = host.state;
    const from = { party: 'visitor' } as const;
    await Promise.all([
      ...[...chats.values()]
        .filter(({ phase }) => phase.name !== 'ended')
        .map(({ id }) => give<'chat.end'>(host, { type: 'chat.end', chatId: id, from })),
      ...[...sessions.keys()].map((sessionId) =>
        give<'session.close'>(host, { type: 'session.close', sessionId, reason: 'deleted' }),
      ),
    ]);
  }

  /** The demo account inside the server, for what no resource shows. */
  async host(): Promise<AccountHost> {
    const account = await this.server.running.server.accounts.get(DEMO_ACCOUNT);
    if (account === null) throw new Error('the demo account is gone');
    return account.host;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request exactly as given: no header is added but `Host` and the length of the body. */
export function send(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  return new Promise<RawReply>((resolve, reject) => {
    const request = httpRequest({ method, hostname, port, path, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.end(body);
  }).then((reply) => {
    const { status, headers: answered, text } = reply;
    requireBeDescribed({ method, url, headers, status, answered, text });
    return reply;
  });
}
