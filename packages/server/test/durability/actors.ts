/** A visitor and an agent in a chat, in as few words as the tests of this folder need. */
import { expect } from 'vitest';
import {
  at,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  type Reply,
  type TestServer,
  textAt,
} from '../harness.js';

/** `Location` of an answer, as a path on whichever port. */
export function locationOf(reply: Reply): string {
  expect(reply.status, reply.text).toBe(201);
  const { pathname } = new URL(reply.headers.location ?? '');
  return pathname.replace(/^\/api\/account\/\w+/, '');
}

/** An event as `[id, what it says]`. */
export type Shown = readonly [number, string];

/** The events in an answer, whether they stand in a chat or alone. */
export function shownIn(body: unknown): Shown[] {
  const found = at(body, 'events.event') ?? at(body, 'chat.events.event') ?? [];
  const events: unknown[] = Array.isArray(found) ? found : [found];
  return events.map((event) => [
    Number(textAt(event, '@id')),
    String(at(event, 'text') ?? `state ${textAt(event, 'state')}`),
  ]);
}

/** One side of a chat. */
export class Side {
  readonly server: TestServer;
  /** Below the account's base: the chat's URI for this side. */
  readonly chat: string;
  readonly #credential: { readonly bearer: string } | { readonly appKey: string };

  constructor(
    server: TestServer,
    chat: string,
    credential: { readonly bearer: string } | { readonly appKey: string },
  ) {
    this.server = server;
    this.chat = chat;
    this.#credential = credential;
  }

  /** The same side of the chat on another server. */
  on(server: TestServer): Side {
    return new Side(server, this.chat, this.#credential);
  }

  say(text: string, subType?: 'ONLY_TO_REP'): Promise<Reply> {
    return this.post({ '@type': 'line', text, ...(subType === undefined ? {} : { subType }) });
  }

  end(): Promise<Reply> {
    return this.post({ '@type': 'state', state: 'ended' });
  }

  post(event: unknown): Promise<Reply> {
    return this.server.call('POST', `${this.chat}/events?v=1`, {
      ...this.#credential,
      body: { event },
    });
  }

  read(from = 0): Promise<Reply> {
    return this.server.call('GET', `${this.chat}/events?v=1&from=${from}`, this.#credential);
  }

  /** All events it may see. */
  async shown(): Promise<Shown[]> {
    const reply = await this.read();
    expect(reply.status, reply.text).toBe(200);
    return shownIn(reply.body);
  }
}

/** A visitor with a new chat. */
export async function newVisitor(server: TestServer, request: object = {}): Promise<Side> {
  const appKey = DEMO_VISITOR_KEY;
  const reply = await server.call('POST', '/chat/request?v=1', { appKey, body: { request } });
  return new Side(server, locationOf(reply), { appKey });
}

/**
 * A login makes the server read its logins and configuration again. Resolves when it has: a test
 * that watches the account, or holds its writes, must not mistake that for what it asked for.
 */
export function readingsDone(server: TestServer): Promise<void> {
  return server.running.server.accounts.refresh(DEMO_ACCOUNT);
}

/** A logged-in agent with a session that needs no cookie. */
export class Workplace {
  readonly server: TestServer;
  readonly bearer: string;
  readonly csrf: string;
  /** Below the account's base. */
  readonly session: string;

  constructor(server: TestServer, bearer: string, csrf: string, session: string) {
    this.server = server;
    this.bearer = bearer;
    this.csrf = csrf;
    this.session = session;
  }

  static async open(server: TestServer, user: string): Promise<Workplace> {
    const { bearer, csrf } = await server.login(user);
    await readingsDone(server);
    const reply = await server.call('POST', '/agentSession?v=1&NC=true', { bearer });
    return new Workplace(server, bearer, csrf, locationOf(reply));
  }

  /** The same workplace on another server. */
  on(server: TestServer): Workplace {
    return new Workplace(server, this.bearer, this.csrf, this.session);
  }

  call(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.server.call(method, `${this.session}${path}?v=1&NC=true`, {
      bearer: this.bearer,
      body,
    });
  }

  /** Accepts the chat that rings longest. */
  async accept(): Promise<Side> {
    const chat = locationOf(await this.call('POST', '/incomingRequests'));
    return new Side(this.server, chat, { bearer: this.bearer });
  }

  async ringingCount(): Promise<string> {
    return textAt(
      (await this.call('GET', '/incomingRequests')).body,
      'incomingRequests.ringingCount',
    );
  }

  async availability(): Promise<string> {
    return textAt((await this.call('GET', '/availability')).body, 'availability.chat');
  }
}
