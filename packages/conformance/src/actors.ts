/**
 * Agents and visitors, as the checks use them. They read answers kindly (a list however it is
 * written, a link from the body or the header): what a rule says strictly is for its own check.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, linksAt, members, valueAt } from './answer.js';
import type { Ask } from './exchange.js';
import { Mismatch } from './outcome.js';

export interface AskOptions {
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Send = (ask: Ask) => Promise<Answer>;

/** Longest time for something that should happen at once, and how often it is looked for, ms. */
const AT_ONCE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** The request for a URL with options. */
export function askFor(
  method: string,
  url: string,
  { body, headers = {} }: AskOptions,
  own: Readonly<Record<string, string>> = {},
): Ask {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { 'Content-Type': 'application/json' };
  return { method, url, headers: { ...type, ...own, ...headers }, body: text };
}

/** Appends query parameters, as clients do whether the link has a query already or not. */
export function withQuery(url: string, query: string): string {
  return /[?&]v=/.test(url) ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** Somebody with a credential, at an address. */
export class HttpActor {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #query: string;
  readonly #send: Send;

  /**
   * @param headers the credential
   * @param query what this kind of client appends to every address, like `v=1`
   */
  constructor(send: Send, uri: string, headers: Readonly<Record<string, string>>, query: string) {
    this.#send = send;
    this.uri = uri;
    this.headers = headers;
    this.#query = query;
  }

  /** Calls a path below the own address, or a whole URL. */
  call(method: string, path = '', options: AskOptions = {}): Promise<Answer> {
    const url = withQuery(path.startsWith('http') ? path : this.uri + path, this.#query);
    return this.#send(askFor(method, url, options, this.headers));
  }

  get(path = '', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('GET', path, { headers });
  }

  post(path: string, body?: unknown, headers: AskOptions['headers'] = {}): Promise<Answer> {
    return this.call('POST', path, { body, headers });
  }

  put(path: string, body?: unknown, headers: AskOptions['headers'] = {}): Promise<Answer> {
    return this.call('PUT', path, { body, headers });
  }

  /** The same credential at another address. */
  at(uri: string): HttpActor {
    return new HttpActor(this.#send, uri, this.headers, this.#query);
  }

  /** The same credential in a chat. */
  chatAt(uri: string): ChatSide {
    return new ChatSide(this.#send, uri, this.headers, this.#query);
  }
}

/** An entry of a chat's feed, without `@` and with numbers as numbers. */
export interface FeedEntry {
  readonly id: number;
  readonly type: unknown;
  readonly state?: unknown;
  readonly text?: unknown;
  readonly textType?: unknown;
  readonly by?: unknown;
  readonly source?: unknown;
  readonly subType?: unknown;
  readonly systemMessageId?: unknown;
  readonly json?: unknown;
  readonly time: unknown;
}

/** A chat, as its agent or its visitor has it. */
export class ChatSide extends HttpActor {
  /** The chat's id: the last part of its address. */
  get id(): string {
    return this.uri.slice(this.uri.lastIndexOf('/') + 1);
  }

  /** Adds a line. @throws Mismatch when it is not taken. */
  async line(text: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    const answer = await this.post('/events', { event: { '@type': 'line', text, ...more } });
    return answer.is(201);
  }

  /** Ends the chat. */
  end(): Promise<Answer> {
    return this.post('/events', { event: { '@type': 'state', state: 'ended' } });
  }

  /** The feed from one position on. */
  async feed(from = 0): Promise<readonly FeedEntry[]> {
    const answer = (await this.get(`/events?from=${from}`)).is(200);
    return members(answer.at('events.event')).map(entryOf);
  }

  /** The feed in words: `waiting`, `system 4`, `Anna: hello`. */
  async story(from = 0): Promise<readonly string[]> {
    return (await this.feed(from)).map(wordOf);
  }

  /** Expects the feed in words. */
  async shows(expected: readonly string[], from = 0): Promise<void> {
    const answer = (await this.get(`/events?from=${from}`)).is(200);
    const got = members(answer.at('events.event')).map(entryOf).map(wordOf);
    if (JSON.stringify(got) === JSON.stringify(expected)) return;
    throw new Mismatch(
      `events from ${from}`,
      expected.join(' | ') || 'none',
      got.join(' | ') || 'none',
      answer,
    );
  }
}

function entryOf(event: unknown): FeedEntry {
  const of = (key: string) => valueAt(event, `@${key}`) ?? valueAt(event, key);
  return {
    id: Number(of('id')),
    type: of('type'),
    state: of('state'),
    text: of('text'),
    textType: of('textType'),
    by: of('by'),
    source: of('source'),
    subType: of('subType'),
    systemMessageId: of('systemMessageId'),
    json: of('json'),
    time: of('time'),
  };
}

function wordOf(entry: FeedEntry): string {
  if (entry.type === 'state') return String(entry.state);
  return entry.source === 'system'
    ? `system ${entry.systemMessageId}`
    : `${entry.by}: ${entry.text}`;
}

/** An agent session. */
export class AgentSession extends HttpActor {
  /** Waits until chats ring here. @throws Mismatch when they do not within moments. */
  async rings(count = 1): Promise<Answer> {
    return eventually(
      () => this.get('/incomingRequests'),
      (answer) => Number(answer.at('incomingRequests.ringingCount')) === count,
      `${count} ringing`,
    );
  }

  /** Accepts the chat that rings, once it does. */
  async accept(): Promise<ChatSide> {
    const answer = await eventually(
      () => this.post('/incomingRequests', {}),
      ({ status }) => status === 201,
      'a chat to accept',
    );
    return this.chatAt(locationOf(answer, 'chatLocation.link'));
  }

  async become(chat: 'Online' | 'Occupied' | 'Away'): Promise<void> {
    (await this.put('/availability', { availability: { chat } })).is(200);
  }

  end(): Promise<Answer> {
    return this.call('DELETE');
  }
}

/** The address in an answer: from the body, else from `Location`. @throws Mismatch without both. */
export function locationOf(answer: Answer, path: string): string {
  answer.is(201);
  const href = linksAt(answer.body, path).values().next().value ?? answer.headers.location;
  if (href !== undefined) return href;
  throw answer.mismatch(`link at ${path}`, 'an address', 'nothing');
}

/** Asks again until the answer is as wanted. @throws Mismatch when it is not within moments. */
export async function eventually(
  ask: () => Promise<Answer>,
  wanted: (answer: Answer) => boolean,
  words: string,
  within = AT_ONCE_MS,
): Promise<Answer> {
  const end = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > end) {
      throw answer.mismatch(`within ${within / 1000} s`, words, `${answer.status} ${answer.text}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
