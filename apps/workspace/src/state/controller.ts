/**
 * The controller of the workspace: listens to the SDK's session, writes what it hears into the store, and does what
 * the views ask for. Nothing but it, and the administration by the login it gives, talks to the server.
 *
 * One file, though it is long: the session's events and the agent's acts change one state.
 */
import type { Agent, AgentChat, ChatEvent, Presence } from '@parley/client/agent';
import type { Administration } from '@parley/client/administration';
import { Administrator, areUnheard, isNoAgent } from './administrator.js';
import { entryOf, lastOf } from './chat-entry.js';
import { speaks } from './chats.js';
import { Drafts } from './drafts.js';
import { LibraryReader } from './library.js';
import { Lines } from './lines.js';
import { type Credentials, type ControllerOptions, Logins } from './logins.js';
import { messageOf } from './messages.js';
import { People } from './people.js';
import { Suggestions } from './suggestions.js';
import { Supervisor } from './supervisor.js';
import { withPending, withStored } from './underway.js';
import { type ChatEntry, EMPTY, type Mode, type Notice, type WorkspaceStore } from './model.js';
import { givenName } from './visitor-name.js';

export class WorkspaceController {
  readonly store: WorkspaceStore;
  readonly drafts: Drafts;
  readonly lines: Lines;
  readonly people: People;
  readonly suggestions: Suggestions;
  readonly supervisor: Supervisor;
  readonly #logins: Logins;
  readonly #now: () => number;
  #agent: Agent | null = null;
  readonly #administrator: Administrator;
  readonly #library: LibraryReader;
  /** Who waits for a password, while the dialog asks for one. */
  #asking: ((password: string) => void) | null = null;
  /** What the agent chose to be. */
  #wanted: Presence = 'Online';
  /** Who rang last, and when that changed, epoch ms. */
  #rang = { name: '', at: Number.NEGATIVE_INFINITY };
  /** Transferred by this agent: nobody is notified that they are gone. */
  readonly #transferred = new Set<string>();
  readonly #heard = new Set<(chat: ChatEntry, events: readonly ChatEvent[]) => void>();

  constructor(store: WorkspaceStore, options: ControllerOptions) {
    this.store = store;
    this.#logins = new Logins(options, {
      askPassword: (signal) => this.#askPassword(signal),
      connection: (connection) => this.#connection(connection),
    });
    this.#now = options.now ?? Date.now;
    this.drafts = new Drafts(options.storage);
    this.lines = new Lines({
      entry: (id) => this.#entry(id),
      patch: (id, change) => this.#patch(id, change),
      drafts: this.drafts,
      now: this.#now,
    });
    this.drafts.onElsewhere((id, mode, draft) =>
      this.#patch(id, (entry) => (entry.mode === mode ? { draft } : {})),
    );
    this.#administrator = new Administrator(options.domainApi, () => this.#askPassword());
    const chat = (id: string) => this.#entry(id)?.chat;
    const take = (id: string, change: Partial<ChatEntry>) => this.#patch(id, () => change);
    this.suggestions = new Suggestions({
      chat,
      take,
      say: (id, text, textType) => this.lines.say(id, text, 'reply', { textType }),
    });
    this.people = new People({ chat, take, dismiss: (id) => this.dismiss(id) });
    this.supervisor = new Supervisor(() => this.administration(), store);
    this.#library = new LibraryReader(
      () => this.administration(),
      (library) => this.#set({ library }),
      this.#now,
    );
  }

  /** Announces new events of any chat, for sounds and announcements. @returns what takes it off */
  onEvents(listener: (chat: ChatEntry, events: readonly ChatEvent[]) => void): () => void {
    this.#heard.add(listener);
    return () => this.#heard.delete(listener);
  }

  /** Logs in and takes the session; what is on screen of an earlier login of the same user stays. */
  async logIn({ account, username, password }: Credentials): Promise<void> {
    const before = this.store.getState();
    const same = before.account === account && before.username === username;
    if (this.#asking !== null) {
      const answer = this.#asking;
      this.#asking = null;
      this.#set({ loginAsked: false });
      answer(password);
      return;
    }
    this.#set({
      ...(same ? {} : { ...EMPTY }),
      account,
      username,
      phase: same && before.phase.is === 'working' ? before.phase : { is: 'connecting' },
      loginAsked: false,
    });
    try {
      const agent = await this.#logins.connect({ account, username, password });
      await this.#take(agent, true);
    } catch (error) {
      if (isNoAgent(error) && (await this.#logInBeside({ account, username, password }))) return;
      const refused = messageOf(error);
      this.#set(
        same && before.phase.is === 'working'
          ? { loginAsked: true, phase: { is: 'working' } }
          : { phase: { is: 'signed-out', refused } },
      );
      throw error;
    }
  }

  /**
   * Works beside another tab of this browser, in the session of that tab and with its login.
   * @returns false when no tab works for that user
   */
  async join(account: string, username: string): Promise<boolean> {
    const role = await this.#logins.besides(account, username);
    if (role === null) return false;
    const { phase } = this.store.getState();
    if (phase.is !== 'working') this.#set({ account, username, phase: { is: 'connecting' } });
    try {
      await this.#take(await this.#logins.join(account, username, role), role === 'agent');
      return true;
    } catch {
      // It went while it was asked: then there is a login as ever.
      this.#set({ phase });
      return false;
    }
  }

  /** Whoever takes no chats may watch those of others, or administer. @returns false for neither */
  async #logInBeside(credentials: Credentials): Promise<boolean> {
    try {
      await this.#take(await this.#logins.connect(credentials, 'supervisor'), false);
      return true;
    } catch (error) {
      if (!isNoAgent(error)) throw error;
    }
    const { account, username, password } = credentials;
    if (!(await this.#administrator.logIn(account, username, password))) return false;
    this.#set({ isAdmin: true, isAgent: false, phase: { is: 'working' } });
    return true;
  }

  /** Ends the session, and its chats go back to their queues. The page says so until the server knows. */
  async logOut(): Promise<void> {
    const { account, username, phase } = this.store.getState();
    if (phase.is === 'leaving') return;
    const agent = this.#agent;
    this.#agent = null;
    this.store.setState({ ...EMPTY, account, username, phase: { is: 'leaving' } }, true);
    const unheard = await areUnheard([agent?.close(), this.#administrator.logOut()]);
    if (this.store.getState().phase.is !== 'leaving') return;
    this.#set({ phase: { is: 'signed-out', refused: null, unheard } });
  }

  /** The configuration of the account, with the login that is there. */
  administration(): Promise<Administration> {
    return this.#administrator.administration(this.store.getState().account, this.#agent);
  }

  /** Reads canned texts and status reasons again, when they may be old. */
  refreshLibrary(): void {
    void this.#library.refresh();
  }

  async setAvailability(presence: Presence, reasonId?: number): Promise<void> {
    this.#set({ missed: null });
    this.#wanted = presence;
    const why = reasonId === undefined ? {} : { reasonId };
    await this.#agent?.setAvailability(presence, why).catch((error: unknown) => {
      this.notify({ text: 'availability-failed', detail: messageOf(error) });
    });
  }

  /** Takes the longest-ringing chat. @returns its id; null when it went to somebody else */
  async accept(): Promise<string | null> {
    const offer = this.store.getState().ringing[0];
    if (offer === undefined) return null;
    try {
      const chat = await offer.accept();
      if (chat === null) this.notify({ text: 'ring-gone' });
      return chat?.id ?? null;
    } catch (error) {
      this.notify({ text: 'accept-failed', detail: messageOf(error) });
      return null;
    }
  }

  setMode(id: string, mode: Mode): void {
    this.#patch(id, () => ({ mode, draft: this.drafts.get(id, mode) }));
  }

  show(id: string | null): void {
    if (this.store.getState().shown !== id) this.#set({ shown: id });
  }

  async end(id: string): Promise<void> {
    await this.#entry(id)
      ?.chat.end()
      .catch((error: unknown) => this.notify({ text: 'end-failed', detail: messageOf(error) }));
  }

  /** Takes a chat that is over off the list. */
  dismiss(id: string): void {
    const { [id]: _, ...chats } = this.store.getState().chats;
    this.drafts.drop(id);
    this.#set({ chats, ...(this.store.getState().shown === id ? { shown: null } : {}) });
  }

  /** The session, for what is asked of it once: targets, visits, surveys. */
  get agent(): Agent | null {
    return this.#agent;
  }

  /** Works here again, after another place took the session over: beside a tab that does, else with a new login. */
  async workHere(): Promise<void> {
    const { account, username } = this.store.getState();
    if (!(await this.join(account, username))) this.#set({ loginAsked: true });
  }

  soundBlocked(is: boolean): void {
    this.#set({ soundBlocked: is });
  }

  dismissNotice(): void {
    this.#set({ notice: null });
  }

  dismissMissed(): void {
    this.#set({ missed: null });
  }

  /** @param signal closes the dialog: another tab has logged in, or the session ended */
  #askPassword(signal?: AbortSignal): Promise<string> {
    return new Promise((resolve) => {
      this.#asking = resolve;
      this.#set({ loginAsked: true });
      signal?.addEventListener('abort', () => {
        if (this.#asking !== resolve) return;
        this.#asking = null;
        this.#set({ loginAsked: false });
      });
    });
  }

  /** @param rings whether chats ring in the session; else it only watches */
  async #take(agent: Agent, rings: boolean): Promise<void> {
    this.#agent = agent;
    this.#set({
      me: await agent.info(),
      isAdmin: agent.isAdmin,
      supervises: agent.supervises,
      isAgent: rings,
      hasSession: true,
      leads: agent.leads,
      phase: { is: 'working' },
      availability: agent.availability,
      availabilitySince: this.#now(),
      ringing: agent.ringing,
      missed: null,
    });
    this.#library.forget();
    this.refreshLibrary();
    const mine = <A extends unknown[]>(act: (...args: A) => void) => {
      return (...args: A) => {
        if (this.#agent === agent) act(...args);
      };
    };
    agent.on(
      'ringing',
      mine((ringing) => {
        const first = ringing[0] ?? this.store.getState().ringing[0];
        if (first !== undefined)
          this.#rang = { name: givenName(first.visitorName), at: this.#now() };
        this.#set({ ringing });
      }),
    );
    agent.on(
      'leads',
      mine((leads) => this.#set({ leads })),
    );
    agent.on(
      'ended',
      mine((why) => {
        // Another tab logged out: there is nothing here any more, either.
        if (why === 'closed') void this.logOut();
      }),
    );
    agent.on(
      'availability',
      mine(() => this.#availability(agent)),
    );
    agent.on(
      'chat',
      mine((chat) => this.#follow(chat)),
    );
    agent.on(
      'chatOver',
      mine(({ chat, why }) => this.#over(chat, why)),
    );
    for (const chat of agent.chats.values()) this.#follow(chat);
    // What an earlier session had and this one has not, went on without us.
    for (const entry of Object.values(this.store.getState().chats)) {
      if (entry.over === 'session') this.#patch(entry.id, () => ({ over: 'gone' }));
    }
  }

  #availability(agent: Agent): void {
    const before = this.store.getState();
    const { chat } = agent.availability;
    // The server turns an agent Away whose ring nobody answered.
    const missed =
      chat === 'Away' && this.#wanted !== 'Away' && this.#now() - this.#rang.at < MISSED_MS;
    this.#set({
      availability: agent.availability,
      ...(chat === before.availability.chat ? {} : { availabilitySince: this.#now() }),
      ...(missed ? { missed: this.#rang.name } : {}),
      ...(chat === 'Online' ? { missed: null } : {}),
    });
  }

  #connection(connection: ReturnType<WorkspaceStore['getState']>['connection']): void {
    const before = this.store.getState().connection;
    const back = before.state === 'offline' && connection.state !== 'ended';
    this.#set({
      connection,
      ...(back && connection.state !== 'offline' ? { backSince: this.#now() } : {}),
      ...(connection.state === 'ended'
        ? { ringing: [], ...(before.state === 'ended' ? {} : { endedAt: this.#now() }) }
        : { endedAt: null }),
      ...(connection.state === 'ended' && connection.why === 'login-refused'
        ? { loginAsked: true }
        : {}),
    });
  }

  #follow(chat: AgentChat): void {
    const before = this.#entry(chat.id);
    const entry = entryOf(chat, before, this.drafts, this.#now());
    this.#set({ chats: { ...this.store.getState().chats, [chat.id]: entry } });
    chat.on('events', (events) => {
      this.#patch(chat.id, ({ underway, pending }) => ({
        length: chat.history.length,
        underway: withPending(underway, pending, lastOf(chat)),
      }));
      const now = this.#entry(chat.id);
      if (now !== undefined) for (const listener of this.#heard) listener(now, events);
    });
    chat.on('info', (info) =>
      this.#patch(chat.id, ({ readTo }) => ({
        info,
        // It may have been read in another tab.
        readTo: Math.max(readTo, info.agentRead ?? -1),
        typingSince: chat.visitor.typing ? this.#now() : null,
      })),
    );
    chat.on('pending', (pending) =>
      this.#patch(chat.id, ({ underway }) => ({
        pending,
        underway: withPending(underway, pending, lastOf(chat)),
      })),
    );
    chat.on('stored', (line) =>
      this.#patch(chat.id, ({ underway }) => ({ underway: withStored(underway, line) })),
    );
    chat.on('role', (role) => {
      this.#patch(chat.id, () => ({ role }));
      this.setMode(chat.id, speaks(role) ? 'reply' : 'note');
    });
    this.people.follow(chat);
    this.suggestions.follow(chat);
  }

  #over(chat: AgentChat, why: ChatEntry['over']): void {
    this.#patch(chat.id, () => ({ over: why, typingSince: null }));
    if (why === 'gone' && !this.#transferred.delete(chat.id)) this.notify({ text: 'chat-gone' });
  }

  /**
   * Gives a chat away, and takes it off the list.
   * @throws RefusedError 409 when nobody there can take it: the chat stays.
   */
  async transfer(
    id: string,
    to: { readonly skillId: number } | { readonly agentId: number },
    text: string,
  ): Promise<void> {
    const chat = this.#entry(id)?.chat;
    if (chat === undefined) return;
    this.#transferred.add(id);
    try {
      await chat.transfer(to, text === '' ? {} : { text });
    } catch (error) {
      this.#transferred.delete(id);
      throw error;
    }
    this.dismiss(id);
  }

  #entry(id: string): ChatEntry | undefined {
    return this.store.getState().chats[id];
  }

  #patch(id: string, change: (entry: ChatEntry) => Partial<ChatEntry>): void {
    const { chats } = this.store.getState();
    const entry = chats[id];
    if (entry === undefined) return;
    this.#set({ chats: { ...chats, [id]: { ...entry, ...change(entry) } } });
  }

  /** Says what went wrong, until it is dismissed. */
  notify(notice: Notice): void {
    this.#set({ notice });
  }

  #set(change: Partial<ReturnType<WorkspaceStore['getState']>>): void {
    this.store.setState(change);
  }
}

/** An agent who becomes Away within this time after a ring missed it, milliseconds. */
const MISSED_MS = 5_000;
