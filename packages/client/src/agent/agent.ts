/** An agent at work. One file, though it is long: it is what users of the SDK hold, and mostly docstrings. */
import { docOf, linkOf, queryOf } from '../core/document.js';
import { EndedError, RefusedError } from '../core/errors.js';
import { Emitter, type Listener } from '../core/events.js';
import { follow } from '../core/follow.js';
import type { KeyValueStorage } from '../core/outbox.js';
import { Pulse } from '../core/pulse.js';
import type { Listen } from '../core/stream.js';
import type { AgentEvents, AgentOptions, SkillOptions } from './agent-types.js';
import { AvailabilityKeeper } from './availability.js';
import { AgentChat } from './chat.js';
import type { ChatHost } from './chat-types.js';
import type { Connection, SessionEnd } from './connection.js';
import {
  type AgentInfo,
  type Availability,
  type Colleague,
  type Presence,
  readAgentInfo,
  readColleagues,
  readSkills,
  type SkillName,
} from './documents.js';
import { Incoming, type Offer, type OfferFacts } from './incoming.js';
import { eachChat, ownChats } from './own-chats.js';
import type { ChatRole } from './participants.js';
import { Programs } from './programs.js';
import { type Heard, listening, listenToSession } from './push.js';
import { type OfferOptions, serve, type ServeOptions } from './serve.js';
import { Session } from './session.js';

/** Whoever lets offers lie for longer is busy, milliseconds. */
const BUSY_AFTER_MS = 1_000;

/** Browsers open six connections to a server of HTTP/1.1: some must stay free for what is sent. */
const HELD_IN_BROWSERS = 3;

/** An agent session. `connectAgent` connects it and keeps it connected. */
export class Agent {
  /** Programs that work in this session. */
  readonly programs: Programs;
  readonly #session: Session;
  readonly #emitter = new Emitter<AgentEvents>();
  readonly #chats = new Map<string, AgentChat>();
  /** Whether a stream brings what is new. */
  #streams = false;
  readonly #streamsChanged = new Pulse();
  readonly #chatsChanged = new Pulse();
  readonly #storage: KeyValueStorage | undefined;
  readonly #keeps: number | undefined;
  readonly #listenTo: Listen;
  readonly #incoming: Incoming;
  readonly #availability: AvailabilityKeeper;
  readonly #ended: Promise<SessionEnd>;
  #held = 0;
  #leads: boolean;

  private constructor(options: AgentOptions) {
    this.#storage = options.storage;
    this.#keeps = options.keep;
    this.#listenTo = options.tabs?.listen ?? listening(options.webSocket);
    let end: (why: SessionEnd) => void = () => {};
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#session = new Session(options, {
      connection: (value) => {
        options.onConnection?.(value);
        this.#emitter.emit('connection', value);
      },
      reopened: () => this.#reopened(),
      ended: (why) => {
        for (const chat of [...this.#chats.values()]) chat.finish('session');
        this.#chatsChanged.fire();
        this.#emitter.emit('ended', why);
        end(why);
      },
      leads: (is) => {
        this.#leads = is;
        // What the tab that led before could not send any more.
        if (is) for (const chat of this.#chats.values()) this.#run(() => chat.sendLeft());
        this.#emitter.emit('leads', is);
      },
    });
    this.#leads = this.#session.tabsName === null;
    this.programs = new Programs(this.#session);
    this.#availability = new AvailabilityKeeper(this.#session, (value) =>
      this.#emitter.emit('availability', value),
    );
    this.#incoming = new Incoming({
      accept: (offer, link, key, signal) => this.#accept(offer, link, key, signal),
      decline: async (id, link, signal) => {
        const url = () => this.#session.address(`${link}/${id}`);
        await this.#session.request(() => ({ method: 'DELETE', url: url(), signal }));
      },
      incoming: () => this.#session.get('incoming-requests'),
      now: () => this.#session.http.clock.now(),
      changed: () => this.#emitter.emit('ringing', this.ringing),
    });
  }

  /** Logs in, opens the session and hears. For the session alone. */
  static async connect(options: AgentOptions): Promise<Agent> {
    const agent = new Agent(options);
    try {
      await agent.#session.open();
      await agent.#availability.look();
      await agent.#adopt();
    } catch (error) {
      agent.#session.end('failed', error);
      throw error;
    }
    agent.#run(() => agent.#listen());
    agent.#run(() => agent.#availability.watch(() => agent.#streams));
    return agent;
  }

  /** The current connection. `on('connection')` reports changes. */
  get connection(): Connection {
    return this.#session.connection.value;
  }

  /**
   * The bearer of this login, for calls outside the agent session:
   * `connectAdministration({ login: { bearer: () => agent.bearer ?? '' } })`. It changes with each new login,
   * and is null if each request is signed. Anyone who has the bearer can act as this agent: keep it out of
   * logs, links and storage.
   */
  get bearer(): string | null {
    return this.#session.credential.bearer;
  }

  /** Whether the login said that this user administers the account; the server still decides each request. */
  get isAdmin(): boolean {
    return this.#session.credential.isAdmin;
  }

  /** Whether the session says that this user supervises others; the server still decides each request. */
  get supervises(): boolean {
    return this.#session.findLink('supervision') !== undefined;
  }

  /**
   * Whether this tab should do what only one tab should do (sounds, notifications). True unless `tabs` share
   * the session and another tab leads. `on('leads')` reports changes.
   */
  get leads(): boolean {
    return this.#leads;
  }

  /** Resolves with the reason when the session is over. */
  get ended(): Promise<SessionEnd> {
    return this.#ended;
  }

  /** Aborted when the session is over; its reason is an EndedError. */
  get signal(): AbortSignal {
    return this.#session.signal;
  }

  /** The chats the agent is in, by id. */
  get chats(): ReadonlyMap<string, AgentChat> {
    return this.#chats;
  }

  /** The offers that ring now. */
  get ringing(): readonly Offer[] {
    return this.#incoming.offers;
  }

  /** The availability as it was last set or reported. */
  get availability(): Availability {
    return this.#availability.value;
  }

  /** @returns a function that removes the listener */
  on<K extends keyof AgentEvents>(name: K, listener: Listener<AgentEvents[K]>): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Offers, one after another, until the session ends or the signal is aborted. While the body of the loop
   * takes longer than a second, the agent is Occupied, so that no chat rings in vain.
   */
  async *offers({ roles = ['agent'], signal }: OfferOptions = {}): AsyncGenerator<Offer, void> {
    const until = signal === undefined ? this.signal : AbortSignal.any([signal, this.signal]);
    const done = this.#availability.takes();
    try {
      while (!until.aborted) {
        await this.#availability.free();
        const offer = await this.#incoming.next(until, roles);
        if (offer === null) return;
        const { clock } = this.#session.http;
        const cancel = clock.after(BUSY_AFTER_MS, () => void this.#availability.busy());
        try {
          yield offer;
        } finally {
          cancel();
        }
      }
    } finally {
      done();
    }
  }

  /**
   * Accepts the offer with this id, even if another one has been ringing longer.
   * @returns null when the offer no longer rings, and always if the server gives offers no ids (`ringing` shows
   * none)
   */
  async accept(id: string, signal?: AbortSignal): Promise<AgentChat | null> {
    return (await this.#incoming.find(id))?.accept(signal === undefined ? {} : { signal }) ?? null;
  }

  /** Declines the offer with this id: see `offer.decline`. @returns false when the offer no longer rang */
  async decline(id: string, signal?: AbortSignal): Promise<boolean> {
    const offer = await this.#incoming.find(id);
    return (await offer?.decline(signal === undefined ? {} : { signal })) ?? false;
  }

  /**
   * The chats that the agent is in, and then each new chat, through an offer or otherwise, until the session
   * ends or the signal is aborted. `chat.role` is the agent's role in the chat. Chats that end before their
   * turn are left out, so that nothing piles up for a slow reader.
   * @param roles only chats in which the agent has one of these roles; all by default
   */
  async *eachChat({ roles, signal }: OfferOptions = {}): AsyncGenerator<AgentChat, void> {
    const until = signal === undefined ? this.signal : AbortSignal.any([signal, this.signal]);
    yield* eachChat(this.#chats, this.#chatsChanged, until, roles);
  }

  /**
   * Accepts chats and runs `handle` for each, several at once, until the session ends or the signal is aborted.
   * Chats from an earlier session of this agent come first.
   * @returns when it takes no more chats and all calls of `handle` are done
   */
  serve(handle: (chat: AgentChat) => Promise<void>, options: ServeOptions = {}): Promise<void> {
    return serve(this, handle, options);
  }

  /**
   * @param reasonId a status reason that the account has for that state
   * @throws RefusedError 400 for an unknown reason.
   */
  async setAvailability(
    chat: Presence,
    { reasonId, signal }: { readonly reasonId?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#availability.want(chat, reasonId, signal);
  }

  /** Who the agent is. */
  async info(signal?: AbortSignal): Promise<AgentInfo> {
    return readAgentInfo(await this.#session.get('info', '', signal));
  }

  /** All skills of the account. */
  async skills(signal?: AbortSignal): Promise<readonly SkillName[]> {
    const body = await this.#session.get('skills', '', signal);
    return readSkills(docOf(body, 'skills')['skill']);
  }

  /** The account's enabled agents, online or not; optionally only those with a skill, given by its name. */
  async colleagues({ skill, signal }: SkillOptions = {}): Promise<readonly Colleague[]> {
    return readColleagues(await this.#session.get('available-agents', queryOf({ skill }), signal));
  }

  /** How many chats could be taken now, of one skill or of all; -1: no limit. */
  async availableSlots({ skill, signal }: SkillOptions = {}): Promise<number> {
    const body = await this.#session.get('available-slots', queryOf({ skill }), signal);
    return Number(docOf(body)['availableSlots']);
  }

  /** Logs out: the session ends, and its chats go back to their queues. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  /** `close()`, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #host(): ChatHost {
    return {
      session: this.#session,
      storage: this.#storage,
      keeps: this.#keeps,
      me: async () => (await this.info()).id,
      streams: () => this.#streams,
      streamsChanged: (signal) => this.#streamsChanged.next(signal),
      hold: () => {
        if ('document' in globalThis && this.#held >= HELD_IN_BROWSERS) return null;
        this.#held += 1;
        return () => {
          this.#held -= 1;
        };
      },
      over: (id, why) => {
        const chat = this.#chats.get(id);
        this.#chats.delete(id);
        if (chat !== undefined) this.#emitter.emit('chatOver', { chat, why });
      },
    };
  }

  async #accept(
    offer: OfferFacts,
    link: string,
    key: string,
    signal?: AbortSignal,
  ): Promise<AgentChat | null> {
    const session = this.#session;
    const body = { chat: 'start', ...(offer.id === null ? {} : { offer: offer.id }) };
    const reply = await session.request(() => ({
      method: 'POST',
      url: session.address(link),
      body,
      key,
      signal,
    }));
    const href = linkOf(docOf(reply.body, 'chatLocation'), 'location');
    const chat = await this.#chatAt(href, false, offer.role);
    // It may be one that the agent was in already, as something else.
    chat?.take({ role: offer.role });
    return chat;
  }

  /** null when it is not there, or not any more. */
  async #chatAt(href: string, resumed: boolean, role?: ChatRole): Promise<AgentChat | null> {
    const session = this.#session;
    const reply = await session
      .request(() => ({ url: session.address(href) }))
      .catch((error: unknown) => {
        if (error instanceof RefusedError && error.status === 404) return null;
        throw error;
      });
    if (reply === null) return null;
    const chat = new AgentChat(this.#host, docOf(reply.body, 'chat'), resumed, role);
    const known = this.#chats.get(chat.id);
    if (known !== undefined) return known;
    if (chat.over !== null) return chat;
    this.#chats.set(chat.id, chat);
    chat.on('role', () => this.#chatsChanged.fire());
    this.#run(() => chat.run());
    this.#chatsChanged.fire();
    this.#emitter.emit('chat', chat);
    return chat;
  }

  /** Takes in the chats of the session before. @returns their ids */
  async #adopt(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for (const { id, href, role } of await ownChats(this.#session)) {
      ids.add(id);
      const known = this.#chats.get(id);
      if (known === undefined) await this.#chatAt(href, true, role);
      else {
        await known.move(href);
        if (role !== undefined) known.take({ role });
      }
    }
    return ids;
  }

  async #reopened(): Promise<void> {
    const ids = await this.#adopt();
    for (const chat of [...this.#chats.values()]) if (!ids.has(chat.id)) chat.finish('gone');
    await this.#availability.restore();
  }

  /** Asks for everything that is heard otherwise. */
  async #lookAround(): Promise<void> {
    const incoming = this.#session.get('incoming-requests');
    await Promise.all([
      incoming.then((body) => this.#incoming.take(body)),
      this.#availability.look(),
      this.#adopt(),
    ]);
    await Promise.all([...this.#chats.values()].map((chat) => chat.catchUp()));
  }

  /** By a stream where there is one, else, and while it is not there, by asking. */
  async #listen(): Promise<void> {
    const { signal } = this.#session;
    this.#run(() => listenToSession(this.#heard, this.#listenTo, signal));
    while (!signal.aborted) {
      if (this.#streams) await this.#streamsChanged.next(signal);
      else await this.#pollIncoming();
    }
  }

  get #heard(): Heard {
    return {
      session: this.#session,
      up: (via) => {
        if (via !== null) this.#session.connection.heard(via);
        if (this.#streams === (via !== null)) return;
        this.#streams = via !== null;
        this.#streamsChanged.fire();
      },
      missed: () => this.#run(() => this.#lookAround()),
      incoming: (data) => this.#incoming.take(data),
      availability: (availability) => this.#availability.see(availability),
      approval: (approval) => this.#emitter.emit('approval', approval),
      roster: (agents) => this.#emitter.emit('roster', agents),
      supervision: () => this.#emitter.emit('supervision', undefined),
      chats: () => this.#chats,
      chatAt: (href, resumed, role) => this.#chatAt(href, resumed, role),
    };
  }

  /** Hears what rings. */
  async #pollIncoming(): Promise<void> {
    const session = this.#session;
    await follow(
      session.http,
      {
        address: () => session.link('incoming-requests'),
        send: (query, request) =>
          session.request(() => ({
            ...request,
            url: session.address(session.link('incoming-requests'), query),
          })),
        take: ({ body }) => this.#incoming.take(body),
        goesOn: () => !(session.signal.aborted || this.#streams),
        heard: (by) => {
          if (!this.#streams) session.connection.heard(by);
        },
      },
      session.signal,
    );
  }

  /** Lets something go on beside; a failure that nobody expects ends the session. */
  #run(act: () => Promise<void>): void {
    void act().catch((error: unknown) => {
      if (error instanceof EndedError || this.signal.aborted) return;
      this.#session.end('failed', error);
    });
  }
}
