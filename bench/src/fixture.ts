/** Agents and chats on a running server, made over HTTP like anybody else's. */
import type { BotKeySecrets } from '@parley/server/administration';
import type { Pair } from './push/messages.js';

/** Who may do what in the bench's account. */
export interface Credentials {
  readonly account: string;
  readonly appKey: string;
  readonly bots: readonly BotLogin[];
}

/** What a bot logs in with, as the login's body has it. */
export interface BotLogin extends BotKeySecrets {
  readonly username: string;
}

interface Agent {
  readonly bearer: string;
  /** Path of the agent session. */
  readonly session: string;
}

/** A chat that an agent has accepted. */
export interface FixtureChat {
  /** Path as its visitor knows it. */
  readonly visitorPath: string;
  /** Path as its agent knows it. */
  readonly agentPath: string;
  readonly bearer: string;
  /** The id that its next event will have. */
  next: number;
}

/** Chats asked for at once. They ring for 20 seconds, so a batch is accepted before the next. */
const BATCH = 200;
/** Seconds without a call after which a visitor counts as gone: the most that can be asked for. */
const VISITOR_TIMEOUT = 600;
/** Events of a chat once it is accepted: waiting, welcome, chatting, "you are now chatting with". */
const EVENTS_OF_NEW_CHAT = 4;
/** A line of ordinary length. */
const LINE = 'Hello, I would like to know when my order will arrive. Thank you!';

export class Fixture {
  readonly chats: FixtureChat[] = [];
  readonly #port: number;
  readonly #credentials: Credentials;
  readonly #agents: Agent[] = [];

  private constructor(port: number, credentials: Credentials) {
    this.#port = port;
    this.#credentials = credentials;
  }

  /** Logs every bot in and opens a session for each. */
  static async open(port: number, credentials: Credentials): Promise<Fixture> {
    const fixture = new Fixture(port, credentials);
    for (const bot of credentials.bots) fixture.#agents.push(await fixture.#openAgent(bot));
    return fixture;
  }

  /** Starts more chats and has the agents accept them. */
  async startChats(count: number): Promise<void> {
    const wanted = this.chats.length + count;
    for (let left = count; left > 0; left -= BATCH) {
      const visitors = await Promise.all(
        Array.from({ length: Math.min(BATCH, left) }, () => this.#requestChat()),
      );
      const byId = new Map(visitors.map((path) => [lastPart(path), path]));
      const accepted = await Promise.all(this.#agents.map((agent) => this.#acceptAll(agent)));
      // Each agent's first, then their second: chats that follow one another are of different agents.
      for (const { agentPath, bearer } of inTurns(accepted)) {
        const visitorPath = byId.get(lastPart(agentPath));
        if (visitorPath === undefined) throw new Error(`Nobody asked for ${agentPath}.`);
        this.chats.push({ visitorPath, agentPath, bearer, next: EVENTS_OF_NEW_CHAT });
      }
    }
    if (this.chats.length < wanted) {
      throw new Error(`Only ${this.chats.length} of ${wanted} chats were accepted.`);
    }
  }

  /** A call on every agent session, so that none of them counts as lost. */
  async keepAgentsAlive(): Promise<void> {
    for (const { bearer, session } of this.#agents) {
      await this.#call(200, 'GET', `${session}/incomingRequests`, `Bearer ${bearer}`);
    }
  }

  /** Requests for what is new in chats, by their agents: there is nothing. */
  idlePolls(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const { agentPath, bearer, next } = this.#chat(index % this.chats.length);
      return this.#get(`${agentPath}/events?from=${next}&v=1&NC=true`, bearer);
    });
  }

  /** Requests for what rings, by agents: nothing does. */
  incomingPolls(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const agent = this.#agents[index % this.#agents.length];
      if (agent === undefined) throw new Error('There are no agents.');
      return this.#get(`${agent.session}/incomingRequests?v=1&NC=true`, agent.bearer);
    });
  }

  /** Requests that add a line, each to a chat of its own: `count` chats from the one at `first` on. */
  newLines(count: number, first = 0): string[] {
    return Array.from({ length: count }, (_, index) =>
      this.#line(this.#chat(first + index).visitorPath, this.#visitor()),
    );
  }

  #line(chat: string, authorization: string): string {
    const body = JSON.stringify({ event: { '@type': 'line', text: LINE } });
    return [
      `POST ${chat}/events?v=1&NC=true HTTP/1.1`,
      `Host: ${this.#host()}`,
      `Authorization: ${authorization}`,
      'Accept: application/json',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Chats, of which the visitor writes and the agent follows by long poll. */
  pairs(count: number): Pair[] {
    const lines = this.newLines(count);
    return lines.map((line, index) => {
      const { agentPath, bearer, next } = this.#chat(index);
      const headers = [
        `Host: ${this.#host()}`,
        `Authorization: Bearer ${bearer}`,
        'Accept: application/json',
        '\r\n',
      ].join('\r\n');
      const target = `${agentPath}/events?v=1&NC=true&from=`;
      return { line, target, stream: agentPath, headers, next };
    });
  }

  /** Chats, of which the agent writes and the visitor follows by a stream of its own. */
  streamedPairs(count: number): Pair[] {
    return Array.from({ length: count }, (_, index) => {
      const { agentPath, visitorPath, bearer, next } = this.#chat(index);
      const headers = [`Host: ${this.#host()}`, `Authorization: ${this.#visitor()}`, '\r\n'].join(
        '\r\n',
      );
      const target = `${visitorPath}/events?v=1&from=`;
      const line = this.#line(agentPath, `Bearer ${bearer}`);
      return { line, target, stream: visitorPath, headers, next };
    });
  }

  /** Requests for streams of visitors; several of a chat are tabs. */
  streams(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const { visitorPath } = this.#chat(index % this.chats.length);
      return [
        `GET ${visitorPath}/stream?v=1 HTTP/1.1`,
        `Host: ${this.#host()}`,
        `Authorization: ${this.#visitor()}`,
        '\r\n',
      ].join('\r\n');
    });
  }

  /** Requests that wait for what nobody writes: of the visitor and the agent of each chat. */
  waits(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const { visitorPath, agentPath, bearer, next } = this.#chat(Math.floor(index / 2));
      const ask = (path: string, authorization: string) =>
        [
          `GET ${path}/events?from=${next}&wait=60&v=1&NC=true HTTP/1.1`,
          `Host: ${this.#host()}`,
          `Authorization: ${authorization}`,
          'Accept: application/json',
          '\r\n',
        ].join('\r\n');
      return index % 2 === 0
        ? ask(visitorPath, this.#visitor())
        : ask(agentPath, `Bearer ${bearer}`);
    });
  }

  /** Notes lines that were acknowledged, by chat, from the one at `first` on. */
  linesAdded(answered: readonly number[], first = 0): void {
    for (const [index, count] of answered.entries()) this.#chat(first + index).next += count;
  }

  /** An answer of the server to one of the requests above, as `fetch` gives it. */
  async sample(request: string): Promise<Response> {
    const [head = '', body = ''] = request.split('\r\n\r\n');
    const [first = '', ...fields] = head.split('\r\n');
    const [method = '', target = ''] = first.split(' ');
    const named = fields.map((field): [string, string] => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).trim()];
    });
    const headers = named.filter(([name]) => name !== 'Host' && name !== 'Content-Length');
    return fetch(`http://${this.#host()}${target}`, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
    });
  }

  /**
   * Reads the end of every chat's feed: each acknowledged line must be there, and nothing after it.
   * @throws Error for the first chat of which that is not so.
   */
  async checkFeeds(): Promise<void> {
    for (let start = 0; start < this.chats.length; start += BATCH) {
      await Promise.all(
        this.chats.slice(start, start + BATCH).map((chat) => this.#checkFeed(chat)),
      );
    }
  }

  async #checkFeed({ agentPath, bearer, next }: FixtureChat): Promise<void> {
    const path = `${agentPath}/events?from=${next - 1}`;
    const response = await this.#call(200, 'GET', path, `Bearer ${bearer}`);
    const document: { events?: { event?: { '@id'?: string } } } = JSON.parse(await response.text());
    const last = document.events?.event?.['@id'];
    if (last === String(next - 1)) return;
    throw new Error(
      `The feed of ${agentPath} should end with event ${next - 1}, but from there on it has ${JSON.stringify(document).slice(0, 300)}.`,
    );
  }

  async #openAgent(login: BotLogin): Promise<Agent> {
    const base = this.#base();
    const answer = await this.#call(200, 'POST', `${base}/login?v=1.3`, null, login);
    const { bearer }: { bearer: string } = JSON.parse(await answer.text());
    const opened = await this.#call(
      201,
      'POST',
      `${base}/agentSession?v=1&NC=true`,
      `Bearer ${bearer}`,
      { loginData: '' },
    );
    return { bearer, session: locationOf(opened) };
  }

  async #requestChat(): Promise<string> {
    const started = await this.#call(
      201,
      'POST',
      `${this.#base()}/chat/request?v=1`,
      this.#visitor(),
      { request: { interactionTimeout: VISITOR_TIMEOUT } },
    );
    return locationOf(started);
  }

  async #acceptAll({ bearer, session }: Agent): Promise<{ agentPath: string; bearer: string }[]> {
    const accepted: { agentPath: string; bearer: string }[] = [];
    for (;;) {
      const response = await this.#fetch('POST', `${session}/incomingRequests`, `Bearer ${bearer}`);
      if (response.status === 404) {
        await response.arrayBuffer();
        return accepted;
      }
      await expectStatus(response, 201, session);
      accepted.push({ agentPath: locationOf(response), bearer });
      await response.arrayBuffer();
    }
  }

  #get(target: string, bearer: string): string {
    return [
      `GET ${target} HTTP/1.1`,
      `Host: ${this.#host()}`,
      `Authorization: Bearer ${bearer}`,
      'Accept: application/json',
      '\r\n',
    ].join('\r\n');
  }

  async #call(
    status: number,
    method: string,
    path: string,
    authorization: string | null,
    body?: object,
  ): Promise<Response> {
    const response = await this.#fetch(method, path, authorization, body);
    await expectStatus(response, status, path);
    return response;
  }

  #fetch(
    method: string,
    path: string,
    authorization: string | null,
    body?: object,
  ): Promise<Response> {
    return fetch(`http://${this.#host()}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(authorization === null ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  #chat(index: number): FixtureChat {
    const chat = this.chats[index];
    if (chat === undefined) throw new Error(`There are only ${this.chats.length} chats.`);
    return chat;
  }

  #host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  #base(): string {
    return `/api/account/${this.#credentials.account}`;
  }

  #visitor(): string {
    return `LivePerson appKey=${this.#credentials.appKey}`;
  }
}

function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`The answer of ${response.url} names no Location.`);
  return new URL(location).pathname;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function expectStatus(response: Response, status: number, path: string): Promise<void> {
  if (response.status === status) return;
  const text = (await response.text()).slice(0, 300);
  throw new Error(`${path} answered ${response.status} instead of ${status}: ${text}`);
}

/** The first of each list, then the second of each, and so on. */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
