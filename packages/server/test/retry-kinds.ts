/**
 * Every kind of request that can be sent again with its idempotency key, for tests that break off the
 * first one: over HTTP alone, to any server with the demo account.
 */
import { randomBytes } from 'node:crypto';
import type { AccountEvent } from '@parley/engine';
import type { Journal } from '@parley/store';
import { readEntry } from '@parley/runtime/accounts/read-entry';
import {
  call,
  type CallOptions,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  type Reply,
  textAt,
} from './harness.js';

/** A key as careful clients make them: 128 random bits. */
export function newKey(): string {
  return randomBytes(16).toString('hex');
}

/** What is sent: the headers are put to those that the kind needs. */
export type Send = (
  key: string,
  more?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Reply>;

/** A request that is ready to be sent, for the first time and again. */
export interface Ready {
  readonly send: Send;
  /** A body that says something else. */
  readonly otherBody: unknown;
  /** Whether an event of the journal is what the request brings. */
  readonly brings: (event: AccountEvent) => boolean;
  /** What would be otherwise if it were carried out twice; the same before and after it comes again. */
  readonly beside?: () => Promise<unknown>;
}

/** A server's demo account as clients see it; its address changes when it is started again. */
export class Shop {
  origin: string;
  readonly #logins = new Map<string, string>();
  readonly #sessions = new Map<string, string>();

  constructor(origin: string) {
    this.origin = origin;
  }

  at(path: string): string {
    return `${this.origin}/api/account/${DEMO_ACCOUNT}${path}`;
  }

  /** @throws Error unless it is answered with this status */
  async require(
    status: number,
    method: string,
    path: string,
    options: CallOptions,
  ): Promise<Reply> {
    const reply = await call(method, this.at(path), options);
    if (reply.status === status) return reply;
    throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
  }

  async bearer(name: string): Promise<string> {
    const known = this.#logins.get(name);
    if (known !== undefined) return known;
    const body = { username: name, password: DEMO_PASSWORD };
    const bearer = textAt(
      (await this.require(200, 'POST', '/login?v=1.3', { body })).body,
      'bearer',
    );
    this.#logins.set(name, bearer);
    return bearer;
  }

  /** The path of the user's agent session, opened once. */
  async session(name: string): Promise<string> {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const session = await this.openSession(name);
    this.#sessions.set(name, session);
    return session;
  }

  /** Opens an agent session, which takes over the one before. */
  async openSession(name: string): Promise<string> {
    const bearer = await this.bearer(name);
    const path = '/agentSession?v=1&NC=true';
    return pathIn(await this.require(201, 'POST', path, { bearer }));
  }

  /** The path of a new chat for agent1 alone. */
  async request(): Promise<string> {
    const body = { request: { agent: 'agent1' } };
    const options = { body, appKey: DEMO_VISITOR_KEY };
    return pathIn(await this.require(201, 'POST', '/chat/request', options));
  }

  /** A chat that agent1 has: its paths for both. */
  async chat(): Promise<{ readonly visitor: string; readonly agent: string; readonly id: string }> {
    const session = await this.session('agent1');
    const visitor = await this.request();
    await this.acceptAll('agent1', session);
    const id = visitor.slice(visitor.lastIndexOf('/') + 1);
    return { visitor, agent: `${session}/chat/${id}`, id };
  }

  /** Accepts all that rings. */
  async acceptAll(name: string, session: string): Promise<void> {
    const bearer = await this.bearer(name);
    for (let status = 201; status === 201; ) {
      const url = this.at(`${session}/incomingRequests`);
      ({ status } = await call('POST', url, { bearer, body: {} }));
    }
  }

  async end(visitor: string): Promise<void> {
    const options = { body: END, appKey: DEMO_VISITOR_KEY };
    await this.require(201, 'POST', `${visitor}/events`, options);
  }

  /** Sends as a user, or as a visitor. */
  sender(as: string | 'visitor', method: string, path: string, body: unknown): Send {
    return async (key, more = {}) => {
      const who =
        as === 'visitor' ? { appKey: DEMO_VISITOR_KEY } : { bearer: await this.bearer(as) };
      const headers = { 'idempotency-key': key, ...more.headers };
      return call(method, this.at(path), { ...who, body: more.body ?? body, headers });
    };
  }
}

/** The path below the account that the answer gives in `Location`. */
export function pathIn({ headers }: Reply): string {
  const { location = '' } = headers;
  return location.slice(location.indexOf(DEMO_ACCOUNT) + DEMO_ACCOUNT.length);
}

const LINE = { event: { '@type': 'line', text: 'hello' } };
const END = { event: { '@type': 'state', state: 'ended' } };
const SURVEY = { survey: { question: [{ id: 1, answer: 'fine' }] } };
const OTHER_SURVEY = { survey: { question: [{ id: 1, answer: 'not so fine' }] } };
const OTHER_LINE = { event: { '@type': 'line', text: 'something else' } };

const of =
  (type: AccountEvent['type'], chatId: string) =>
  (event: AccountEvent): boolean =>
    event.type === type && 'chatId' in event && event.chatId === chatId;

/** By name; the account needs a mail server and surveys of every kind. */
export const KINDS: Readonly<Record<string, (shop: Shop) => Promise<Ready>>> = {
  async 'a line of a visitor'(shop) {
    const { visitor, id } = await shop.chat();
    return {
      send: shop.sender('visitor', 'POST', `${visitor}/events`, LINE),
      otherBody: OTHER_LINE,
      brings: of('chat.line', id),
    };
  },
  async 'a line of an agent'(shop) {
    const { agent, id } = await shop.chat();
    return {
      send: shop.sender('agent1', 'POST', `${agent}/events`, LINE),
      otherBody: OTHER_LINE,
      brings: of('chat.line', id),
    };
  },
  async 'the end by a visitor'(shop) {
    const { visitor, id } = await shop.chat();
    return {
      send: shop.sender('visitor', 'POST', `${visitor}/events`, END),
      otherBody: LINE,
      brings: of('chat.ended', id),
    };
  },
  async 'the end by an agent'(shop) {
    const { agent, id } = await shop.chat();
    return {
      send: shop.sender('agent1', 'POST', `${agent}/events`, END),
      otherBody: LINE,
      brings: of('chat.ended', id),
    };
  },
  async 'an acceptance'(shop) {
    const session = await shop.session('agent1');
    await shop.acceptAll('agent1', session);
    const chat = await shop.request();
    await shop.request();
    const bearer = await shop.bearer('agent1');
    return {
      send: shop.sender('agent1', 'POST', `${session}/incomingRequests`, {}),
      otherBody: { chat: 'other' },
      brings: (event) => event.type === 'chat.accepted' && chat.endsWith(event.chatId),
      // The other one rings on, and its seconds pass.
      async beside() {
        const rings = await shop.require(200, 'GET', `${session}/incomingRequests`, { bearer });
        return rings.text.replaceAll(/"(?:waited|remaining)":\d+/g, '');
      },
    };
  },
  async 'a suggestion'(shop) {
    const session = await shop.session('agent2');
    const { agent, id } = await shop.chat();
    const invitation = { channel: { agentId: 102, role: 'listener' } };
    const bearer = await shop.bearer('agent1');
    await shop.require(201, 'POST', `${agent}/collaborationChannels`, { bearer, body: invitation });
    await shop.acceptAll('agent2', session);
    const suggestion = (text: string) => ({ suggestion: { text } });
    return {
      send: shop.sender('agent2', 'POST', `${session}/chat/${id}/suggestions`, suggestion('yes')),
      otherBody: suggestion('no'),
      brings: of('chat.suggested', id),
    };
  },
  async 'a transfer'(shop) {
    await shop.session('agent2');
    const { agent, id } = await shop.chat();
    const transfer = (text: string) => ({ transfer: { agent: { id: 102 }, text } });
    return {
      send: shop.sender('agent1', 'POST', `${agent}/transfer`, transfer('yours')),
      otherBody: transfer('and yours'),
      brings: of('chat.transferred', id),
    };
  },
  async 'a request for a chat'(shop) {
    const visitorId = `vera-${newKey().slice(0, 8)}`;
    const request = { agent: 'agent1', visitorId };
    return {
      send: shop.sender('visitor', 'POST', '/chat/request', { request }),
      otherBody: { request: { ...request, visitorName: 'Vera' } },
      brings: (event) => event.type === 'chat.requested' && event.visitor.visitorId === visitorId,
    };
  },
  async 'an exit survey'(shop) {
    const { visitor, id } = await shop.chat();
    await shop.end(visitor);
    return {
      send: shop.sender('visitor', 'PUT', `${visitor}/exitSurvey`, SURVEY),
      otherBody: OTHER_SURVEY,
      brings: of('chat.surveyAnswered', id),
    };
  },
  async "an agent's survey"(shop) {
    const { agent, id } = await shop.chat();
    return {
      send: shop.sender('agent1', 'PUT', `${agent}/survey`, SURVEY),
      otherBody: OTHER_SURVEY,
      brings: of('chat.surveyAnswered', id),
    };
  },
  async 'an offline survey'(shop) {
    const visitorId = `olaf-${newKey().slice(0, 8)}`;
    const path = `/chat/offlineSurvey?visitorId=${visitorId}`;
    return {
      send: shop.sender('visitor', 'POST', path, SURVEY),
      otherBody: OTHER_SURVEY,
      brings: (event) =>
        event.type === 'offline.surveyLeft' && event.visitor.visitorId === visitorId,
    };
  },
  async 'a transcript'(shop) {
    const { visitor, id } = await shop.chat();
    return {
      send: shop.sender('visitor', 'PUT', `${visitor}/transcriptRequest`, {
        email: 'vera@example.com',
      }),
      otherBody: { email: 'victor@example.com' },
      brings: of('transcript.requested', id),
    };
  },
  async 'the end by a supervisor'(shop) {
    const { id } = await shop.chat();
    return {
      send: shop.sender('admin1', 'POST', `/supervision/chats/${id}/end`, ''),
      otherBody: {},
      brings: of('chat.ended', id),
    };
  },
  async 'a session'(shop) {
    await shop.bearer('bot1');
    return {
      send: shop.sender('bot1', 'POST', '/agentSession?v=1', { loginData: '' }),
      otherBody: { loginData: 'other' },
      brings: (event) => event.type === 'session.opened' && event.userId === 103,
    };
  },
};

/** The first answer, without what is of the moment and what is secret. */
export function essence({ status, text, headers }: Reply): unknown[] {
  return [status, text, headers.location];
}

/** Every event of the account's journal. */
export async function journalOf(journal: Journal): Promise<readonly AccountEvent[]> {
  const events: AccountEvent[] = [];
  for await (const page of (await journal.load(DEMO_ACCOUNT)).entriesAfter(null)) {
    for (const entry of page.entries) events.push(readEntry(DEMO_ACCOUNT, entry));
  }
  return events;
}
