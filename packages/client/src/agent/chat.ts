/**
 * A chat that the agent is in.
 *
 * One file, though it is long: it is what users of the SDK hold, and much of it are its docstrings.
 */
import {
  type Doc,
  docOf,
  findLink,
  linkOf,
  queryOf,
  type Relation,
  withQuery,
} from '../core/document.js';
import { EndedError, RefusedError } from '../core/errors.js';
import { Emitter, type Listener } from '../core/events.js';
import { type ChatEvent, type ChatInfo, eventId, Feed, type Line, readInfo } from '../core/feed.js';
import { follow } from '../core/follow.js';
import type { HttpRequest, Reply } from '../core/http.js';
import { newKey } from '../core/keys.js';
import { Outbox, type Pending } from '../core/outbox.js';
import { Pulse } from '../core/pulse.js';
import { type Answers, readSurvey, type Survey, writeAnswers } from '../core/survey.js';
import { noneFor404, overBy } from './chat-end.js';
import type {
  AgentChatEvents,
  ChatEnd,
  ChatHost,
  ChatPage,
  LineOptions,
  PageOptions,
  ReadOptions,
  SayOptions,
  SentLine,
} from './chat-types.js';
import {
  type Answered,
  type CustomVariable,
  readAnswered,
  readTransferTargets,
  readVariables,
  readVisitInfo,
  type TransferTarget,
  type VisitInfo,
} from './documents.js';
import { ChatSuggestions, type SuggestOptions } from './suggestions.js';

/** A chat that the agent is in: heard and spoken in until it is `over`. */
export class AgentChat {
  /** `chatSessionKey`: the same for visitor, agent and server. */
  readonly id: string;
  /** Whether an earlier session of this agent had it already. */
  readonly resumed: boolean;
  /** What is suggested to the agent. */
  readonly suggestions: ChatSuggestions;
  readonly #host: ChatHost;
  readonly #feed = new Feed();
  readonly #emitter = new Emitter<AgentChatEvents>();
  readonly #pulse = new Pulse();
  readonly #outbox: Outbox<SentLine | null>;
  readonly #stop = new AbortController();
  readonly #unanswered: number;
  #chat: Doc;
  #info: ChatInfo;
  #over: ChatEnd | null = null;

  /** @param chat the document of the chat, from its first event on */
  constructor(host: ChatHost, chat: unknown, resumed: boolean) {
    this.#host = host;
    this.#chat = docOf(chat);
    this.#info = readInfo(this.#chat['info']);
    this.id = this.#info.chatSessionKey;
    this.resumed = resumed;
    this.suggestions = new ChatSuggestions({
      chat: () => this.#chat,
      request: (make) => this.#request(make),
      changed: (suggestion) => this.#emitter.emit('suggestion', suggestion),
    });
    this.#outbox = new Outbox(
      `parley:outbox:${this.id}`,
      host.storage,
      (pending) => this.#post(pending),
      (pending) => this.#emitter.emit('pending', pending),
      (error) => error instanceof EndedError,
    );
    this.#feed.add(this.#chat['events']);
    const mine = this.history.findLast(
      (event) => event.type === 'line' && event.source === 'agent' && event.subType === 'REGULAR',
    );
    this.#unanswered = resumed ? (mine?.id ?? -1) : -1;
    if (this.#info.state === 'ended') this.finish('ended');
  }

  /** All events so far, in order. The array grows. */
  get history(): readonly ChatEvent[] {
    return this.#feed.events;
  }

  /** Its facts, as far as they are known here. */
  get info(): ChatInfo {
    return this.#info;
  }

  /** Where the chat is; another address after the session was opened anew. */
  get uri(): string {
    return linkOf(this.#chat, 'self');
  }

  /** Why it is over; null while it is not. */
  get over(): ChatEnd | null {
    return this.#over;
  }

  /** Who the visitor is, as far as that was said. */
  get visitor(): {
    readonly name: string;
    readonly id: string;
    readonly typing: boolean;
    /** What the visitor is typing, where account and visitor agreed to show that; null for nothing. */
    readonly preview: string | null;
  } {
    const { visitorName: name, visitorId, visitorTyping } = this.#info;
    const { visitorPreview } = this.#info as { readonly visitorPreview?: string | null };
    return {
      name,
      id: String(visitorId),
      typing: visitorTyping === 'typing',
      preview: visitorPreview ?? null,
    };
  }

  /** Lines that wait to be stored, in order. */
  get pending(): readonly Pending[] {
    return this.#outbox.pending;
  }

  /** @returns what takes the listener off again */
  on<K extends keyof AgentChatEvents>(name: K, listener: Listener<AgentChatEvents[K]>): () => void {
    return this.#emitter.on(name, listener);
  }

  /** The chat's events, then what comes, until it is over. None is lost, however slowly they are read. */
  async *events({
    after = this.#unanswered,
    signal,
  }: ReadOptions = {}): AsyncGenerator<ChatEvent, void> {
    for (let index = 0; ; index += 1) {
      while (index >= this.history.length) {
        if (this.#over !== null || signal?.aborted) return;
        await this.#pulse.next(signal);
      }
      const event = this.history[index];
      if (signal?.aborted) return;
      if (event !== undefined && event.id > after) yield event;
    }
  }

  /** The chat's lines, then what comes, until it is over. */
  async *lines({ from, ...options }: LineOptions = {}): AsyncGenerator<Line, void> {
    for await (const event of this.events(options)) {
      if (event.type === 'line' && (from === undefined || event.source === from)) yield event;
    }
  }

  /**
   * Says something to the visitor. While the connection is lost it waits, in order.
   * @returns when the line is stored; null when the chat was over before
   * @throws RefusedError for what cannot be a line; EndedError when the session ended before.
   */
  say(text: string, { key, textType = 'plain', json }: SayOptions = {}): Promise<SentLine | null> {
    const event = { '@type': 'line', text, textType, ...(json === undefined ? {} : { json }) };
    return this.#outbox.add(event, key);
  }

  /** Says something that only agents can read. */
  whisper(text: string, { key }: Pick<SayOptions, 'key'> = {}): Promise<SentLine | null> {
    const event = { '@type': 'line', text, textType: 'plain', subType: 'ONLY_TO_REP' };
    return this.#outbox.add(event, key);
  }

  /**
   * Suggests to the agent what to say next, where this agent is in the chat beside them.
   * @returns the id of the suggestion; what becomes of it is heard by `on('suggestion')`
   * @throws RefusedError 403 for the chat's own agent, 409 when too many are open, or the chat is over
   */
  suggest(text: string, options: SuggestOptions = {}): Promise<number> {
    return this.suggestions.add(text, options);
  }

  /** Ends the chat, after what was said before. @returns false when it was over already */
  async end(): Promise<boolean> {
    const ended = await this.#outbox.add({ '@type': 'state', state: 'ended' });
    if (ended !== null) this.finish('ended');
    return ended !== null;
  }

  /**
   * Shows the visitor whether the agent is typing; to be renewed every few seconds.
   * @param preview what is about to be said, where the server shows that; 2,000 characters at most
   */
  async typing(on: boolean, preview?: string): Promise<void> {
    const body = { agentTyping: on ? 'typing' : 'not-typing', ...(on ? { preview } : {}) };
    await this.#passing(this.#infoLink('agent-typing'), body);
  }

  /** Says up to which event the agent has read, where the server keeps that. */
  async read(id: number): Promise<void> {
    await this.#passing(findLink(this.#chat, 'read'), { read: id });
  }

  /**
   * A page of the transcript, backwards: for long ones, of which not all shall be read at once.
   * @returns them in order, and whether there are earlier ones; a server that has no pages gives all
   */
  async page({ before = MAX_EVENT_ID, limit = 50, signal }: PageOptions = {}): Promise<ChatPage> {
    const query = queryOf({ before, limit });
    const url = () => withQuery(linkOf(this.#chat, 'events'), query);
    const { body } = await this.#request(() => ({ url: url(), signal }));
    const page = docOf(body, 'events');
    return { events: new Feed().add(page), hasEarlier: findLink(page, 'prev') !== undefined };
  }

  /** Where the chat can be transferred to. */
  async transferTargets(signal?: AbortSignal): Promise<readonly TransferTarget[]> {
    return readTransferTargets(await this.get('transfer', signal));
  }

  /**
   * Gives the chat to whoever is free of a skill, or to one agent.
   * @param text for whoever takes it; the visitor does not see it
   * @returns false when the chat was over, or somebody else's, already
   * @throws RefusedError 409 when nobody there can take it: the chat stays.
   */
  async transfer(
    to: { readonly skillId: number } | { readonly agentId: number },
    { text, signal }: { readonly text?: string; readonly signal?: AbortSignal } = {},
  ): Promise<boolean> {
    const target = 'agentId' in to ? { agent: { id: to.agentId } } : { skill: { id: to.skillId } };
    const body = { transfer: { ...target, ...(text === undefined ? {} : { text }) } };
    const key = newKey();
    const done = await this.#unlessOver(() =>
      this.#request(() => ({
        method: 'POST',
        url: linkOf(this.#chat, 'transfer'),
        body,
        key,
        signal,
      })),
    );
    if (done !== null) this.finish('gone');
    return done !== null;
  }

  /** The visit: browser, place, times. */
  async visit(signal?: AbortSignal): Promise<VisitInfo> {
    return readVisitInfo(await this.#visit('info', signal));
  }

  /** What the page, or the visitor's app, gave as variables. */
  async customVariables(signal?: AbortSignal): Promise<readonly CustomVariable[]> {
    return readVariables(await this.#visit('custom-variables', signal));
  }

  /** What the visitor answered before the chat. */
  async preChat(signal?: AbortSignal): Promise<readonly Answered[]> {
    return readAnswered(await this.#visit('surveys', signal));
  }

  /** The agent's own survey; null when there is none. */
  async survey(signal?: AbortSignal): Promise<Survey | null> {
    const found = await this.get('agent-survey', signal).catch(noneFor404);
    return found === null ? null : readSurvey(found);
  }

  /** @throws RefusedError 400, naming the question that is not answered as it asks. */
  async submitSurvey(answers: Answers, signal?: AbortSignal): Promise<void> {
    const key = newKey();
    await this.#request(() => ({
      method: 'PUT',
      url: linkOf(this.#chat, 'agent-survey'),
      body: writeAnswers(answers),
      key,
      signal,
    }));
  }

  /** The document that a link of the chat leads to, for what has no method here. */
  async get(rel: Relation, signal?: AbortSignal): Promise<unknown> {
    return (await this.#request(() => ({ url: linkOf(this.#chat, rel), signal }))).body;
  }

  /** Goes on at another address: the session was opened anew. For the session alone. */
  async move(href: string): Promise<void> {
    const { session } = this.#host;
    const { body } = await session.request(() => ({ url: session.address(href) }));
    this.take(docOf(body, 'chat'));
  }

  /** Takes in a document of the chat, or parts of one. For the session alone. */
  take(chat: Doc): boolean {
    this.#chat = { ...this.#chat, ...chat };
    const fresh = this.#feed.add(chat['events']);
    if (fresh.length > 0) {
      this.#pulse.fire();
      this.#emitter.emit('events', fresh);
    }
    if (chat['info'] !== undefined)
      this.#takeInfo(readInfo({ ...this.#info, ...docOf(chat['info']) }));
    const state = this.history.findLast((event) => event.type === 'state');
    if (state?.type === 'state' && state.state === 'ended') this.finish('ended');
    return fresh.length > 0;
  }

  /** It is over for this agent. For the session alone. */
  finish(why: ChatEnd): void {
    if (this.#over !== null) return;
    this.#over = why;
    this.#stop.abort();
    this.#pulse.fire();
    this.#emitter.emit('over', why);
    this.#host.over(this.id, why);
  }

  /** Follows the chat until it is over. For the session alone. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    await this.#outbox.restore();
    try {
      while (this.#over === null) {
        if (this.#host.streams()) await this.#host.streamsChanged(signal);
        else await this.#poll(signal);
      }
    } catch (error) {
      if (this.#over !== null) return;
      if (error instanceof RefusedError && error.status === 404) this.finish('gone');
      else if (error instanceof EndedError) this.finish('session');
      else this.#host.session.end('failed', error);
    }
  }

  /** Id from which on its events are not known yet, at least. */
  get next(): number {
    return this.#feed.last + 1;
  }

  /** Asks once for what is new. For the session alone. */
  async catchUp(): Promise<void> {
    const reply = await this.#unlessOver(() =>
      this.#request(() => ({ url: linkOf(this.#chat, 'next') })),
    );
    if (reply !== null) this.take(docOf(reply.body, 'chat'));
  }

  #poll(signal: AbortSignal): Promise<void> {
    const { session } = this.#host;
    return follow(
      session.http,
      {
        address: () => linkOf(this.#chat, 'next'),
        send: (query, request) => this.#following(query, request),
        take: ({ body }) => this.take(docOf(body, 'chat')),
        goesOn: () => this.#over === null && !this.#host.streams(),
      },
      signal,
    );
  }

  /** The address may be another one by the time it is sent again. */
  async #following(query: string, request: Omit<HttpRequest, 'url'>): Promise<Reply> {
    const release = query === '' ? null : this.#host.hold();
    const held = release === null ? '' : query;
    try {
      return await this.#request(() => ({
        ...request,
        url: withQuery(linkOf(this.#chat, 'next'), held),
      }));
    } finally {
      release?.();
    }
  }

  #takeInfo(info: ChatInfo): void {
    const { duration: _, ...before } = this.#info;
    const { duration: __, ...after } = info;
    this.#info = info;
    if (JSON.stringify(before) !== JSON.stringify(after)) this.#emitter.emit('info', info);
  }

  #infoLink(rel: Relation): string | undefined {
    return findLink(this.#info, rel);
  }

  async #visit(rel: Relation, signal?: AbortSignal): Promise<unknown> {
    const visit = docOf(await this.get('visit-id', signal), 'visitId');
    return (await this.#request(() => ({ url: linkOf(visit, rel), signal }))).body;
  }

  async #post({ key, event }: Pending): Promise<SentLine | null> {
    const reply = await this.#unlessOver(
      () =>
        this.#request(() => ({
          method: 'POST',
          url: linkOf(this.#chat, 'events'),
          body: { event },
          key,
        })),
      true,
    );
    if (reply === null) return null;
    const uri = linkOf(docOf(reply.body, 'chatEventLocation'), 'location');
    return { uri, id: eventId(linkOf(this.#chat, 'events'), uri) };
  }

  /** A signal that is worth nothing later: never sent again, and nobody's trouble when it is lost. */
  async #passing(href: string | undefined, body: unknown): Promise<void> {
    if (href === undefined || this.#over !== null) return;
    await this.#request(() => ({ method: 'PUT', url: href, body, retry: 'never' })).catch(() => {});
  }

  #request(make: () => HttpRequest): Promise<Reply> {
    const { session } = this.#host;
    return session.request(() => {
      const request = make();
      return { ...request, url: session.address(request.url) };
    });
  }

  /** null when the chat is over: then there was nothing to be done any more. */
  async #unlessOver<T>(act: () => Promise<T>, posting = false): Promise<T | null> {
    try {
      return await act();
    } catch (error) {
      const why = overBy(error, posting);
      if (why === null) throw error;
      this.finish(why);
      return null;
    }
  }
}

/** The greatest that a server takes as a position. */
const MAX_EVENT_ID = 1_000_000_000;
