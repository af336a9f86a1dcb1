/**
 * A visitor's chat: heard, spoken in, kept alive, and gone on with after a reload.
 *
 * One file, though it is long: what is heard by streams and by polls, and what waits to be sent, share the
 * one state of a chat.
 */
import { onAbort, sleep } from '../core/clock.js';
import { type Connection, ConnectionState } from '../core/connection.js';
import {
  type Doc,
  docOf,
  findLink,
  linkOf,
  listOf,
  type Relation,
  withQuery,
} from '../core/document.js';
import { RefusedError } from '../core/errors.js';
import { Emitter, type Listener } from '../core/events.js';
import { type ChatInfo, eventId, Feed, type Line, readInfo } from '../core/feed.js';
import { type Followed, follow } from '../core/follow.js';
import type { HttpRequest } from '../core/http.js';
import { newKey } from '../core/keys.js';
import { Outbox, type Pending } from '../core/outbox.js';
import { bySse } from '../core/sse.js';
import type { Frame } from '../core/stream.js';
import { type Answers, type Survey, writeAnswers } from '../core/survey.js';
import type {
  Queue,
  SavedChat,
  SayOptions,
  SentLine,
  VisitorChatEnd,
  VisitorChatEvents,
} from './chat-types.js';
import {
  addressOf,
  estimatedWait,
  surveyOf,
  VisitorCalls,
  type VisitorOptions,
  writeVariables,
} from './visitor.js';

/** How often a waiting visitor's place is asked for, milliseconds. */
const QUEUE_MS = 15_000;

/** The documented keep-alive, milliseconds. */
const KEEP_ALIVE_MS = 30_000;

/** A visitor's chat. It receives lines, takes lines and is kept alive until it is `over`. */
export class VisitorChat {
  readonly #calls: VisitorCalls;
  readonly #feed = new Feed();
  readonly #emitter = new Emitter<VisitorChatEvents>();
  readonly #outbox: Outbox<SentLine | null>;
  /** Aborted when nothing more is asked or sent. */
  readonly #closed = new AbortController();
  /** Aborted when the chat is over: nothing more is listened to. */
  readonly #done = new AbortController();
  readonly #uri: string;
  readonly #connection = new ConnectionState<VisitorChatEnd>((value) =>
    this.#emitter.emit('connection', value),
  );
  #chat: Doc = {};
  #info = {} as ChatInfo;
  #queue: Queue = { position: null, estimatedWait: null };
  #over: VisitorChatEnd | null = null;
  /** Whether a stream brings what is new. */
  #streams = false;
  #polls = false;
  /** What came over the stream is taken in one after another. */
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(options: VisitorOptions, uri: string) {
    this.#uri = uri;
    const { signal } = options;
    const close = () => this.close();
    if (signal?.aborted) close();
    onAbort(this.#done.signal, onAbort(signal, close));
    this.#calls = new VisitorCalls(
      { ...options, signal: this.#closed.signal },
      {
        troubled: (error, next) =>
          this.#connection.troubled(error, this.#calls.http.clock.now(), next),
        answered: () => this.#connection.answered(),
      },
    );
    this.#outbox = new Outbox(
      `parley:outbox:${uri}`,
      options.storage,
      (pending, signal) => this.#post(pending, signal),
      (pending) => this.#emitter.emit('pending', pending),
      () => this.#closed.signal.aborted,
    );
  }

  /**
   * The chat at an address, followed from now on.
   * @throws RefusedError 404 when it cannot be read any more
   */
  static async at(options: VisitorOptions, uri: string): Promise<VisitorChat> {
    const chat = new VisitorChat(options, uri);
    chat.#take(docOf(await chat.#calls.send(uri), 'chat'));
    await chat.#outbox.restore();
    for (const going of [chat.#listen(), chat.#wait(), chat.#keepAlive()]) {
      going.catch((error: unknown) => chat.#failed(error));
    }
    return chat;
  }

  /** `chatSessionKey`. */
  get id(): string {
    return this.#info.chatSessionKey;
  }

  /** All lines so far, in order. */
  get lines(): readonly Line[] {
    return this.#feed.events.filter((event): event is Line => event.type === 'line');
  }

  /** The facts of the chat, as far as visitors may know them. */
  get info(): ChatInfo {
    return this.#info;
  }

  /** `waiting`, `chatting` or `ended`. */
  get state(): ChatInfo['state'] {
    return this.#info.state;
  }

  /** The place in the queue, while the chat waits. */
  get queue(): Queue {
    return this.#queue;
  }

  /** Lines that wait to be stored, in order. */
  get pending(): readonly Pending[] {
    return this.#outbox.pending;
  }

  /** The current connection; `on('connection')` reports changes. */
  get connection(): Connection<VisitorChatEnd> {
    return this.#connection.value;
  }

  /** Why the chat is over; null while it is not. */
  get over(): VisitorChatEnd | null {
    return this.#over;
  }

  /** The data to save, so that `resumeChat` can continue the chat after a reload or on another page. */
  saved(): SavedChat {
    const { account, domainApi, appKey } = this.#calls.options;
    return { uri: this.#uri, account, domainApi, appKey };
  }

  /** @returns a function that removes the listener */
  on<K extends keyof VisitorChatEvents>(
    name: K,
    listener: Listener<VisitorChatEvents[K]>,
  ): () => void {
    const { lines } = this;
    if (name === 'lines' && lines.length > 0) {
      (listener as Listener<readonly Line[]>)(lines);
    }
    return this.#emitter.on(name, listener);
  }

  /**
   * Says something. While the connection is lost, lines wait and keep their order.
   * @returns the line when it is stored; null when the chat was already over
   */
  say(text: string, options?: SayOptions): Promise<SentLine | null> {
    return this.#outbox.add({ '@type': 'line', text }, options);
  }

  /** The document that a link of the chat leads to, for resources that have no method here. */
  get(rel: Relation, query = '', signal?: AbortSignal): Promise<unknown> {
    return this.#calls.send(withQuery(linkOf(this.#chat, rel), query), { signal });
  }

  /** Ends the chat, after the lines that were said before. */
  async end(signal?: AbortSignal): Promise<void> {
    await this.#outbox.add({ '@type': 'state', state: 'ended' }, { signal });
    this.#finish('ended');
  }

  /** Stops following the chat. The chat goes on until its visitor has been silent for too long. */
  close(): void {
    this.#finish('closed');
    this.#closed.abort();
  }

  /**
   * Shows the agent whether the visitor is typing; renew it every few seconds.
   * @param preview the text typed so far, if the visitor agreed to show it
   */
  async typing(on: boolean, preview?: string, signal?: AbortSignal): Promise<void> {
    const body = {
      visitorTyping: on ? 'typing' : 'not-typing',
      preview: on ? preview : undefined,
    };
    await this.#passing(findLink(this.#info, 'visitor-typing'), body, signal);
  }

  /** Reports up to which event the visitor has read, if the server stores that. */
  async read(id: number, signal?: AbortSignal): Promise<void> {
    await this.#passing(findLink(this.#chat, 'read'), { read: id }, signal);
  }

  /** Sets the visitor's name. */
  async setName(visitorName: string, signal?: AbortSignal): Promise<void> {
    await this.#put(linkOf(this.#info, 'visitor-name'), { visitorName }, signal);
  }

  /** Sets custom variables, which agents see; other variables stay. */
  async setVariables(
    variables: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#put(linkOf(this.#chat, 'custom-variables'), writeVariables(variables), signal);
  }

  /** The survey for after the chat; null when there is none. */
  async exitSurvey(signal?: AbortSignal): Promise<Survey | null> {
    return surveyOf(this.get('exit-survey', '', signal));
  }

  /** @throws RefusedError 400, naming the question with a missing or wrong answer. */
  async submitExitSurvey(answers: Answers, signal?: AbortSignal): Promise<void> {
    await this.#put(linkOf(this.#chat, 'exit-survey'), writeAnswers(answers), signal);
  }

  /** Requests the transcript by mail. @throws RefusedError 409 when the account has no mail server */
  async mailTranscript(email: string, subject?: string, signal?: AbortSignal): Promise<void> {
    const rel: Relation = `transcript-${subject === undefined ? '' : 'with-subject-'}request`;
    await this.#put(linkOf(this.#chat, rel), { email, subject }, signal);
  }

  async #put(href: string, body: unknown, signal?: AbortSignal): Promise<void> {
    await this.#calls.send(href, { method: 'PUT', body, key: newKey(), signal });
  }

  /** A signal that is worth nothing later: never sent again. */
  async #passing(href: string | undefined, body: unknown, signal?: AbortSignal): Promise<void> {
    if (href === undefined || this.#over !== null) return;
    await this.#calls.send(href, { method: 'PUT', body, retry: 'never', signal }).catch(() => {});
  }

  async #post({ key, event }: Pending, signal?: AbortSignal): Promise<SentLine | null> {
    const request: Omit<HttpRequest, 'url'> = { method: 'POST', body: { event }, key, signal };
    try {
      const events = linkOf(this.#chat, 'events');
      const body = await this.#calls.send(events, request);
      return { id: eventId(events, linkOf(docOf(body, 'chatEventLocation'), 'location')) };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const { status, code } = error;
      if (status === 404) this.#finish('gone');
      else if (status === 409 && code !== CHAT_FULL) this.#finish('ended');
      else throw error;
      return null;
    }
  }

  /** By a stream where there is one, else, and while it is not there, by asking. */
  async #listen(): Promise<void> {
    this.#stream(this.#done.signal).catch(() => {});
    await this.#poll();
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { http, options } = this.#calls;
    const address = (rel: Relation, query: string) => {
      const href = findLink(this.#chat, rel);
      return href && addressOf(href, query);
    };
    await (options.listen ?? bySse)(
      http,
      {
        key: this.#uri,
        address,
        take: (frame) => this.#takeFrame(frame),
        up: (via) => {
          if (via) this.#connection.heard(via);
          this.#streams = !!via;
          this.#poll().catch((error: unknown) => this.#failed(error));
        },
        missed: () => this.#catchUp(),
      },
      signal,
    );
  }

  #takeFrame({ type, data }: Frame): void {
    if (type === 'hello' || type === 'resync') {
      // What is before the stream's beginning is asked for; what comes meanwhile waits for that.
      const { next } = listOf(data['chat'])[0] ?? {};
      if (Number(next) > this.#feed.last + 1) this.#catchUp();
    } else if (type === 'events') this.#after(() => this.#take({ events: data['events'] }));
    else if (type === 'info') {
      this.#after(() => this.#take({ info: { ...this.#info, ...docOf(data['info']) } }));
    }
  }

  #after(act: () => unknown): void {
    this.#tail = this.#tail.then(act).catch((error: unknown) => this.#failed(error));
  }

  #catchUp(): void {
    this.#after(async () => this.#take(docOf(await this.get('next'), 'chat')));
  }

  async #poll(): Promise<void> {
    if (this.#polls) return;
    this.#polls = true;
    const { http } = this.#calls;
    const address = () => linkOf(this.#chat, 'next');
    const goesOn = () => this.#over === null && !this.#streams;
    const followed: Followed = {
      address,
      send: (query, request) => http.send({ ...request, url: addressOf(address(), query) }),
      take: ({ body }) => this.#take(docOf(body, 'chat')),
      goesOn,
      heard: (by) => {
        if (!this.#streams) this.#connection.heard(by);
      },
    };
    while (goesOn()) await follow(http, followed, this.#done.signal);
    this.#polls = false;
  }

  #take(chat: Doc): boolean {
    this.#chat = { ...this.#chat, ...chat };
    const fresh = this.#feed.add(chat['events']);
    const lines = fresh.filter((event): event is Line => event.type === 'line');
    if (lines.length > 0) this.#emitter.emit('lines', lines);
    if (chat['info'] !== undefined) this.#takeInfo(readInfo(chat['info']));
    if (this.state === 'ended') this.#finish('ended');
    return fresh.length > 0;
  }

  #takeInfo(info: ChatInfo): void {
    const before = this.#info;
    this.#info = info;
    if (info.state !== before.state) this.#emitter.emit('state', info.state);
    const typing = info.agentTyping === 'typing';
    if (typing !== (before.agentTyping === 'typing')) this.#emitter.emit('typing', typing);
    const { queuePosition: position, estimatedWait: wait } = info as Waiting;
    if (position) this.#setQueue(position, wait);
    const lasting = (of: ChatInfo) => JSON.stringify({ ...of, duration: 0 });
    if (lasting(before) !== lasting(info)) this.#emitter.emit('info', info);
  }

  /** Asks how long it will take, while the chat waits. */
  async #wait(): Promise<void> {
    while (this.state === 'waiting' && this.#over === null) {
      // A stream sends it by itself.
      if (this.#queue.position === null) {
        const wait = estimatedWait(this.#calls, this.#info.skillName);
        this.#setQueue(null, await wait.catch(() => null));
      }
      await sleep(this.#calls.http.clock, QUEUE_MS, this.#done.signal);
    }
  }

  /** @param wait seconds; below 0 it is not known */
  #setQueue(position: number | null, wait: number | null = null): void {
    const before = JSON.stringify(this.#queue);
    this.#queue = { position, estimatedWait: (wait ?? -1) < 0 ? null : wait };
    if (before !== JSON.stringify(this.#queue)) this.#emitter.emit('queue', this.#queue);
  }

  async #keepAlive(): Promise<void> {
    const { clock } = this.#calls.http;
    for (;;) {
      // Half the time after which silence ends the chat, where that is less.
      const ms = Math.min(KEEP_ALIVE_MS, this.#info.chatTimeout * 500 || KEEP_ALIVE_MS);
      await sleep(clock, ms, this.#done.signal);
      if (this.#over !== null) return;
      await this.#calls.send(linkOf(this.#chat, 'info'), { retry: 'never' }).catch(() => {});
    }
  }

  #failed(error: unknown): void {
    if (this.#over !== null) return;
    const { status } = error as Partial<RefusedError>;
    this.#finish(status === 404 ? 'gone' : 'closed', error);
  }

  #finish(why: VisitorChatEnd, error?: unknown): void {
    if (this.#over !== null) return;
    this.#over = why;
    this.#done.abort();
    if (why !== 'closed' && this.#info.state !== 'ended') {
      this.#takeInfo({ ...this.#info, state: 'ended' });
    }
    this.#connection.ended(why, error);
    this.#emitter.emit('over', why);
  }
}

const CHAT_FULL = 1509;

/** What a stream sends besides of a chat that waits. */
type Waiting = ChatInfo & { queuePosition?: number | null; estimatedWait?: number | null };
