/**
 * A chat that the agent is in.
 *
 * One file, though it is long: it is what users of the SDK hold, and most of it are its docstrings.
 */
import { type Doc, docOf, findLink, linkOf, type Relation, withQuery } from '../core/document.js';
import { EndedError, RefusedError } from '../core/errors.js';
import { Emitter, type Listener } from '../core/events.js';
import { type ChatEvent, type ChatInfo, eventId, type Line, readInfo } from '../core/feed.js';
import { follow } from '../core/follow.js';
import type { HttpRequest, Reply } from '../core/http.js';
import { newKey } from '../core/keys.js';
import { Outbox, type Pending } from '../core/outbox.js';
import { Pulse } from '../core/pulse.js';
import { ChatDocuments } from './chat-documents.js';
import { overBy } from './chat-end.js';
import type {
  AgentChatEvents,
  ChatEnd,
  ChatHost,
  EscalateOptions,
  LineOptions,
  ReadOptions,
  SayOptions,
  SentLine,
  WhisperOptions,
} from './chat-types.js';
import type { ChatRole } from './participants.js';
import { RecentFeed } from './recent-feed.js';
import { ChatSuggestions, type SuggestOptions } from './suggestions.js';

/** A chat that the agent is in. It receives events and takes lines until it is `over`. */
export class AgentChat extends ChatDocuments {
  /** `chatSessionKey`: the same for visitor, agent and server. */
  readonly id: string;
  /** Whether an earlier session of this agent already had the chat. */
  readonly resumed: boolean;
  /** Suggestions to the agent. */
  readonly suggestions: ChatSuggestions;
  readonly #host: ChatHost;
  readonly #feed: RecentFeed;
  readonly #emitter = new Emitter<AgentChatEvents>();
  readonly #pulse = new Pulse();
  readonly #outbox: Outbox<SentLine | null>;
  readonly #stop = new AbortController();
  readonly #unanswered: number;
  #info: ChatInfo;
  #over: ChatEnd | null = null;
  #role: ChatRole;

  /** @param chat the document of the chat, from its first event on */
  constructor(host: ChatHost, chat: unknown, resumed: boolean, role: ChatRole = 'agent') {
    super(host.session, docOf(chat));
    this.#host = host;
    this.#role = role;
    this.#feed = new RecentFeed(host.keeps);
    this.#info = readInfo(this.document['info']);
    this.id = this.#info.chatSessionKey;
    this.resumed = resumed;
    this.suggestions = new ChatSuggestions({
      chat: () => this.document,
      request: (make) => this.request(make),
      changed: (suggestion) => this.#emitter.emit('suggestion', suggestion),
    });
    this.#outbox = new Outbox(
      `parley:outbox:${this.id}`,
      host.storage,
      (pending, signal) => this.#post(pending, signal),
      (pending) => this.#emitter.emit('pending', pending),
      (error) => error instanceof EndedError,
    );
    this.#feed.add(this.document['events']);
    const mine = this.history.findLast(
      (event) => event.type === 'line' && event.source === 'agent' && event.subType === 'REGULAR',
    );
    this.#unanswered = resumed ? (mine?.id ?? -1) : -1;
    if (this.#info.state === 'ended') this.finish('ended');
  }

  /**
   * The chat's events, in order: all so far, or only the last ones if the chat has more than the option `keep`
   * of `connectAgent` allows (`page` reads the others). The array object stays the same.
   */
  get history(): readonly ChatEvent[] {
    return this.#feed.events;
  }

  /** The chat's facts, as far as they are known here. */
  get info(): ChatInfo {
    return this.#info;
  }

  /** This agent's role in the chat. */
  get role(): ChatRole {
    return this.#role;
  }

  /** The chat's address. It changes when the session is opened again. */
  get uri(): string {
    return linkOf(this.document, 'self');
  }

  /** Why the chat is over; null while it is not. */
  get over(): ChatEnd | null {
    return this.#over;
  }

  /** Who the visitor is, as far as the visitor said so. */
  get visitor(): {
    readonly name: string;
    readonly id: string;
    readonly typing: boolean;
    /** What the visitor is typing, if account and visitor agreed to show it; null for nothing. */
    readonly preview: string | null;
  } {
    const { visitorName: name, visitorId, visitorTyping, visitorPreview } = this.#info;
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

  /** @returns a function that removes the listener */
  on<K extends keyof AgentChatEvents>(name: K, listener: Listener<AgentChatEvents[K]>): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * The chat's events so far, then new ones, until the chat is over. No event is lost, however slowly you read,
   * and no queue grows meanwhile: events that are no longer in memory are fetched again, a page at a time.
   * @throws RefusedError 404 if you read so slowly that another agent has the chat before you read its last
   * events.
   */
  async *events({
    after = this.#unanswered,
    signal,
  }: ReadOptions = {}): AsyncGenerator<ChatEvent, void> {
    for (let last = after; ; ) {
      if (signal?.aborted) return;
      const { dropped } = this.#feed;
      if (last < dropped) {
        const page = await this.pageFrom(last + 1, signal);
        for (const event of page) {
          if (signal?.aborted) return;
          yield event;
        }
        last = page.at(-1)?.id ?? dropped;
        continue;
      }
      const event = this.#feed.after(last);
      if (event !== undefined) {
        last = event.id;
        yield event;
      } else if (this.#over !== null) return;
      else await this.#pulse.next(signal);
    }
  }

  /** The chat's lines so far, then new ones, until the chat is over. */
  async *lines({ from, ...options }: LineOptions = {}): AsyncGenerator<Line, void> {
    for await (const event of this.events(options)) {
      if (event.type === 'line' && (from === undefined || event.source === from)) yield event;
    }
  }

  /**
   * Says something to the visitor. While the connection is lost, lines wait and keep their order.
   * @returns the line when it is stored; null when the chat was already over
   * @throws RefusedError for an invalid line; EndedError when the session ended before the line was stored.
   */
  say(
    text: string,
    { textType = 'plain', json, ...options }: SayOptions = {},
  ): Promise<SentLine | null> {
    const event = { '@type': 'line', text, textType, ...(json === undefined ? {} : { json }) };
    return this.#outbox.add(event, options);
  }

  /** Writes a line that only agents can read. */
  whisper(text: string, options: WhisperOptions = {}): Promise<SentLine | null> {
    const event = { '@type': 'line', text, textType: 'plain', subType: 'ONLY_TO_REP' };
    return this.#outbox.add(event, options);
  }

  /**
   * Suggests to the chat's agent what to say next, if this agent is in the chat beside them.
   * @returns the id of the suggestion; `on('suggestion')` reports what becomes of it
   * @throws RefusedError 403 for the chat's own agent, 409 when too many are open, or the chat is over
   */
  suggest(text: string, options: SuggestOptions = {}): Promise<number> {
    return this.suggestions.add(text, options);
  }

  /** Ends the chat, after the lines that were said before. @returns false when the chat was already over */
  async end(signal?: AbortSignal): Promise<boolean> {
    const ended = await this.#outbox.add({ '@type': 'state', state: 'ended' }, { signal });
    if (ended !== null) this.finish('ended');
    return ended !== null;
  }

  /**
   * Shows the visitor whether the agent is typing; renew it every few seconds.
   * @param preview the text typed so far, if the server shows it; 2,000 characters at most
   */
  async typing(on: boolean, preview?: string, signal?: AbortSignal): Promise<void> {
    const body = { agentTyping: on ? 'typing' : 'not-typing', ...(on ? { preview } : {}) };
    await this.#passing(this.#infoLink('agent-typing'), body, signal);
  }

  /** Reports up to which event the agent has read, if the server stores that. */
  async read(id: number, signal?: AbortSignal): Promise<void> {
    await this.#passing(findLink(this.document, 'read'), { read: id }, signal);
  }

  /**
   * Leaves a chat that this agent joined beside its agent. The chat's own agent uses `transfer` or `end`.
   * @returns false when the chat was already over
   * @throws RefusedError 403 for the chat's own agent
   */
  async leave(signal?: AbortSignal): Promise<boolean> {
    if (this.#over !== null) return false;
    const me = await this.#host.me();
    const there = await this.#unlessOver(() => this.participants(signal));
    const own = there?.find(({ agentId, state }) => agentId === me && state === 'joined');
    if (own !== undefined && !(await own.remove(signal))) return false;
    this.finish('left');
    return own !== undefined;
  }

  /**
   * Takes the chat over, as its supervisor: this agent becomes the chat's agent. @returns false when the chat
   * was already over
   */
  async takeOver(signal?: AbortSignal): Promise<boolean> {
    const key = newKey();
    const url = () => linkOf(this.document, 'take-over');
    const done = await this.#unlessOver(() =>
      this.request(() => ({ method: 'POST', url: url(), key, signal })),
    );
    if (done !== null) this.take({ role: 'agent' });
    return done !== null;
  }

  /**
   * Transfers the chat to anybody free who has a skill, or to one agent.
   * @param text a note for the agent who takes the chat; the visitor does not see it
   * @returns false when the chat was already over, or somebody else already had it
   * @throws RefusedError 409 when nobody online can take it: this agent keeps the chat.
   */
  async transfer(
    to: { readonly skillId: number } | { readonly agentId: number },
    { text, signal }: { readonly text?: string; readonly signal?: AbortSignal } = {},
  ): Promise<boolean> {
    const target = 'agentId' in to ? { agent: { id: to.agentId } } : { skill: { id: to.skillId } };
    const body = { transfer: { ...target, ...(text === undefined ? {} : { text }) } };
    return this.#giveAway('transfer', body, signal);
  }

  /** Whether the server knows `escalate`. */
  get escalates(): boolean {
    return findLink(this.document, 'escalation') !== undefined;
  }

  /**
   * Gives the chat up for people, at the head of a skill's queue, whether or not somebody is online.
   * @param escalation reason `error` for a bot that failed; `text` for the agent who takes the chat, not for
   * the visitor
   * @returns false when the chat was already over; null if the server does not support escalation
   */
  async escalate({ signal, ...escalation }: EscalateOptions = {}): Promise<boolean | null> {
    if (!this.escalates) return null;
    return this.#giveAway('escalation', { escalation }, signal);
  }

  async #giveAway(rel: Relation, body: unknown, signal?: AbortSignal): Promise<boolean> {
    const asked = { method: 'POST', body, key: newKey(), signal } as const;
    const done = await this.#unlessOver(() =>
      this.request(() => ({ ...asked, url: linkOf(this.document, rel) })),
    );
    if (done !== null) this.finish('gone');
    return done !== null;
  }

  /** Continues at another address, because the session was opened again. Only for the session's use. */
  async move(href: string): Promise<void> {
    const { session } = this.#host;
    const { body } = await session.request(() => ({ url: session.address(href) }));
    this.take(docOf(body, 'chat'));
  }

  /** Applies a document of the chat, or parts of one. Only for the session's use. */
  take(chat: Doc): boolean {
    const { role = this.#role } = chat as { readonly role?: ChatRole };
    this.document = { ...this.document, ...chat };
    if (role !== this.#role) {
      this.#role = role;
      this.#emitter.emit('role', role);
    }
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

  /** Marks the chat as over for this agent. Only for the session's use. */
  finish(why: ChatEnd): void {
    if (this.#over !== null) return;
    this.#over = why;
    this.#stop.abort();
    this.#pulse.fire();
    this.#emitter.emit('over', why);
    this.#host.over(this.id, why);
  }

  /** Follows the chat until it is over. Only for the session's use. */
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

  /** Sends the lines that another tab left behind. Only for the session's use. */
  sendLeft(): Promise<void> {
    return this.#outbox.restore();
  }

  /** Id from which on its events are not known yet, at least. */
  get next(): number {
    return this.#feed.last + 1;
  }

  /** Polls once for new events. Only for the session's use. */
  async catchUp(): Promise<void> {
    const reply = await this.#unlessOver(() =>
      this.request(() => ({ url: linkOf(this.document, 'next') })),
    );
    if (reply !== null) this.take(docOf(reply.body, 'chat'));
  }

  #poll(signal: AbortSignal): Promise<void> {
    const { session } = this.#host;
    return follow(
      session.http,
      {
        address: () => linkOf(this.document, 'next'),
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
      return await this.request(() => ({
        ...request,
        url: withQuery(linkOf(this.document, 'next'), held),
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

  async #post({ key, event }: Pending, signal?: AbortSignal): Promise<SentLine | null> {
    const reply = await this.#unlessOver(
      () =>
        this.request(() => ({
          method: 'POST',
          url: linkOf(this.document, 'events'),
          body: { event },
          key,
          signal,
        })),
      true,
    );
    if (reply === null) return null;
    const uri = linkOf(docOf(reply.body, 'chatEventLocation'), 'location');
    const id = eventId(linkOf(this.document, 'events'), uri);
    this.#emitter.emit('stored', { key, id });
    return { uri, id };
  }

  /** A signal that is worth nothing later: never sent again, and nobody's trouble when it is lost. */
  async #passing(href: string | undefined, body: unknown, signal?: AbortSignal): Promise<void> {
    if (href === undefined || this.#over !== null) return;
    await this.request(() => ({ method: 'PUT', url: href, body, retry: 'never', signal })).catch(
      () => {},
    );
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
