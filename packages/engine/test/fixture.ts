/** One account with a clock that tests turn by hand, spoken to in the words of the specification. */
import { expect } from 'vitest';
import {
  type AccountCommand,
  type AccountConfig,
  type AccountEvent,
  type AccountState,
  type AgentSession,
  access,
  type Availability,
  type Chat,
  type CommandType,
  type Envelope,
  execute,
  type FeedEntry,
  type Idempotency,
  initialState,
  type LineEntry,
  type MemoryRoom,
  type Outcome,
  type Party,
  readFeed,
  type Rejection,
  type Replies,
  type Settings,
  type Skill,
  type SubType,
  type TextType,
  type User,
  type VisitorFacts,
  serviceOf,
} from '@parley/engine';
import { Envelopes } from './enveloped.js';
import { restored } from './restored.js';
import { accountConfig, NOTHING_KNOWN, type Setup } from './account.js';

export const START = Date.UTC(2026, 0, 5, 9, 0, 0);

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

interface Request {
  /** Null asks for no skill. */
  readonly skill?: number | null;
  readonly agent?: number;
  readonly maxWait?: number;
  readonly timeout?: number;
  readonly preChatLines?: readonly string[];
  readonly visitor?: Partial<VisitorFacts>;
}

interface LineOptions {
  readonly textType?: TextType;
  readonly subType?: SubType;
  readonly json?: unknown;
}

export const VISITOR: Party = { party: 'visitor' };

export class Fixture {
  state: AccountState = initialState();
  config: AccountConfig;
  now = START;
  /** Everything that happened, as it would be journalled. */
  readonly journal: { readonly event: AccountEvent; readonly at: number }[] = [];
  readonly #envelopes = new Envelopes();

  readonly #room: MemoryRoom | undefined;

  /** @param room what the account may hold; as much as it likes when left out */
  constructor(setup: Setup = {}, room?: MemoryRoom) {
    this.config = accountConfig(setup);
    this.#room = room;
  }

  /** Carries out a command that may be refused, of a request that may come again if it has a key. */
  try<T extends CommandType>(
    command: CommandOf<T>,
    idempotency?: Idempotency,
  ): Outcome<Replies[T]> {
    return this.#execute<T>(command, idempotency);
  }

  /** Carries out a command that must not be refused. */
  do<T extends CommandType>(command: CommandOf<T>): Replies[T] {
    const outcome = this.#execute<T>(command);
    if ('rejection' in outcome) {
      throw new Error(`${command.type} was refused: ${JSON.stringify(outcome.rejection)}`);
    }
    return outcome.reply;
  }

  /** Carries out a command that must be refused; nothing may happen by it. */
  refused<T extends CommandType>(command: CommandOf<T>): Rejection {
    this.tick();
    const outcome = this.#execute<T>(command);
    if (!('rejection' in outcome)) throw new Error(`${command.type} was not refused`);
    expect(outcome.events).toEqual([]);
    return outcome.rejection;
  }

  #execute<T extends CommandType>(command: CommandOf<T>, idempotency?: Idempotency) {
    const envelope: Envelope<T> = {
      ...this.#envelopes.of<T>(this.state, command, this.now),
      ...(idempotency === undefined ? {} : { idempotency }),
    };
    const outcome = execute<T>(this.state, this.config, envelope, this.#room);
    for (const event of outcome.events) this.journal.push({ event, at: this.now });
    return outcome;
  }

  /** Lets time pass, with the engine woken whenever something is due. */
  pass(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (let next = this.state.deadlines.next(); next !== null && next <= end; ) {
      this.now = Math.max(this.now, next);
      this.tick();
      next = this.state.deadlines.next();
    }
    this.now = end;
  }

  /** Lets time pass with nobody looking: what comes due is found by the next command. */
  sleep(seconds: number): void {
    this.now += seconds * 1000;
  }

  tick(): void {
    this.do<'tick'>({ type: 'tick', due: [] });
  }

  open(...userIds: number[]): void {
    for (const userId of userIds) this.login(userId);
  }

  /** Opens an agent session; answers its id. */
  login(userId: number, as: { readonly supervises?: true } = {}): string {
    return this.do<'session.open'>({ type: 'session.open', userId, cookieHash: null, ...as })
      .sessionId;
  }

  close(userId: number, reason: 'deleted' | 'lost' = 'lost'): void {
    this.do<'session.close'>({ type: 'session.close', sessionId: this.session(userId).id, reason });
  }

  set(userId: number, availability: Availability, reasonId?: number): void {
    const sessionId = this.session(userId).id;
    this.do<'session.setAvailability'>({
      type: 'session.setAvailability',
      sessionId,
      availability,
      ...(reasonId === undefined ? {} : { reasonId }),
    });
  }

  /** Asks for a chat about Sales unless said otherwise; answers its id. */
  request(request: Request = {}): string {
    return this.do<'chat.request'>(this.asking(request)).chatId;
  }

  /** The command of a request. */
  asking(request: Request = {}): CommandOf<'chat.request'> {
    return {
      type: 'chat.request',
      skillId:
        request.skill === undefined ? (request.agent === undefined ? 10 : null) : request.skill,
      forUserId: request.agent ?? null,
      maxWait: request.maxWait ?? null,
      timeout: request.timeout ?? null,
      visitor: { ...NOTHING_KNOWN, ...request.visitor },
      preChatLines: request.preChatLines ?? [],
    };
  }

  accept(userId: number): string {
    const sessionId = this.session(userId).id;
    return this.do<'session.accept'>({ type: 'session.accept', sessionId }).chatId;
  }

  /** Requests a chat and has it accepted by the agent it must ring. */
  chatWith(userId: number, request: Request = {}): string {
    const chatId = this.request(request);
    expect(this.where(chatId)).toBe(`ringing ${userId}`);
    for (let ringing = this.session(userId).ringing.length; ringing > 0; ringing -= 1) {
      if (this.accept(userId) === chatId) break;
    }
    expect(this.where(chatId)).toBe(`chatting ${userId}`);
    return chatId;
  }

  inviting(
    chatId: string,
    from: number,
    to: CommandOf<'chat.invite'>['to'],
    role: 'assistant' | 'listener',
    text: string | null = null,
  ): CommandOf<'chat.invite'> {
    return { type: 'chat.invite', chatId, sessionId: this.session(from).id, role, to, text };
  }

  /** Invites somebody; answers the channel. */
  invite(...of: Parameters<Fixture['inviting']>): string {
    return this.do<'chat.invite'>(this.inviting(...of)).channel;
  }

  /** Has somebody in the chat beside its agent, who was invited. */
  joined(chatId: string, from: number, userId: number, role: 'assistant' | 'listener'): string {
    const channel = this.invite(chatId, from, { userId }, role);
    expect(this.accept(userId)).toBe(chatId);
    return channel;
  }

  watch(chatId: string, userId: number): string {
    const sessionId = this.session(userId).id;
    return this.do<'chat.watch'>({ type: 'chat.watch', chatId, sessionId }).channel;
  }

  takeOver(chatId: string, userId: number): void {
    const sessionId = this.session(userId).id;
    this.do<'chat.takeOver'>({ type: 'chat.takeOver', chatId, sessionId });
  }

  closing(chatId: string, by: number, channel: string): CommandOf<'chat.closeChannel'> {
    return { type: 'chat.closeChannel', chatId, sessionId: this.session(by).id, channel };
  }

  /** Somebody beside the agent leaves. */
  leave(chatId: string, userId: number): void {
    const own = this.chat(chatId).participants.find((one) => one.userId === userId);
    this.do<'chat.closeChannel'>(this.closing(chatId, userId, own?.channel ?? 'none'));
  }

  /** Everybody of the account in the chat: `agent 1`; and who is asked: `listener 2?`. */
  people(chatId: string): string[] {
    const { participants, offers } = this.chat(chatId);
    return [
      ...participants.map(({ role, userId }) => `${role} ${userId}`),
      ...offers.map(({ role, userId }) => `${role} ${userId}?`),
    ];
  }

  as(userId: number): Party {
    return { party: 'agent', sessionId: this.session(userId).id };
  }

  saying(
    chatId: string,
    from: Party,
    text: string,
    options: LineOptions = {},
  ): CommandOf<'chat.addLine'> {
    const { textType = 'plain', subType = 'REGULAR' } = options;
    const json = 'json' in options ? { json: options.json } : {};
    return { type: 'chat.addLine', chatId, from, text, textType, subType, ...json };
  }

  /** Adds a line; answers its event id. */
  line(chatId: string, from: Party, text: string, options: LineOptions = {}): number {
    return this.do<'chat.addLine'>(this.saying(chatId, from, text, options)).eventId;
  }

  end(chatId: string, from: Party = VISITOR): number {
    return this.do<'chat.end'>({ type: 'chat.end', chatId, from }).eventId;
  }

  transferring(
    chatId: string,
    from: number,
    to: CommandOf<'chat.transfer'>['to'],
    text: string | null = null,
  ): CommandOf<'chat.transfer'> {
    return { type: 'chat.transfer', chatId, sessionId: this.session(from).id, to, text };
  }

  transfer(
    chatId: string,
    from: number,
    to: CommandOf<'chat.transfer'>['to'],
    text: string | null = null,
  ): void {
    this.do<'chat.transfer'>(this.transferring(chatId, from, to, text));
  }

  /** Changes one user's configuration. */
  reconfigure(userId: number, facts: Partial<User>): void {
    const user = this.config.users.get(userId);
    if (user === undefined) throw new Error(`no user ${userId}`);
    const users = new Map(this.config.users).set(userId, { ...user, ...facts });
    this.config = { ...this.config, users };
    this.do<'config.changed'>({ type: 'config.changed' });
  }

  /** Changes one skill's configuration. */
  changeSkill(skillId: number, facts: Partial<Skill>): void {
    const skill = this.config.skills.get(skillId);
    if (skill === undefined) throw new Error(`no skill ${skillId}`);
    const skills = new Map(this.config.skills).set(skillId, { ...skill, ...facts });
    this.config = { ...this.config, skills };
    this.do<'config.changed'>({ type: 'config.changed' });
  }

  /** Stops and goes on from a snapshot, kept in pieces of text. */
  restart(): void {
    this.state = restored(this.state);
    this.do<'account.resumed'>({ type: 'account.resumed' });
  }

  changeSettings(settings: Partial<Settings>): void {
    this.config = { ...this.config, settings: { ...this.config.settings, ...settings } };
    this.do<'config.changed'>({ type: 'config.changed' });
  }

  session(userId: number): AgentSession {
    const session = this.state.sessionOfUser.get(userId);
    if (session === undefined) throw new Error(`user ${userId} has no agent session`);
    return session;
  }

  chat(chatId: string): Chat {
    const chat = this.state.chats.get(chatId);
    if (chat === undefined) throw new Error(`no chat ${chatId}`);
    return chat;
  }

  /** `waiting`, `ringing 1`, `chatting 1`, `ended` or `forgotten`; the number is the agent's. */
  where(chatId: string): string {
    const chat = this.state.chats.get(chatId);
    if (chat === undefined) return 'forgotten';
    const service = serviceOf(chat);
    return 'userId' in service ? `${service.name} ${service.userId}` : service.name;
  }

  /** Where each of the chats is. */
  places(...chatIds: string[]): string[] {
    return chatIds.map((chatId) => this.where(chatId));
  }

  canSee(userId: number, chatId: string): boolean {
    return (
      access(
        this.state,
        this.config,
        { by: 'session', sessionId: this.session(userId).id },
        chatId,
      ) !== null
    );
  }

  /** The feed from an id on, one short text per entry, as agents see it. */
  feed(chatId: string, from = 0): string[] {
    return readFeed(this.chat(chatId), 'agent', from, undefined, true).entries.map(brief);
  }

  visitorFeed(chatId: string, from = 0): string[] {
    return readFeed(this.chat(chatId), 'visitor', from, undefined, true).entries.map(brief);
  }

  /** The last system line's text. */
  lastSystemLine(chatId: string): LineEntry {
    const line = this.chat(chatId).feed.findLast(
      (entry): entry is LineEntry => entry.type === 'line' && entry.source === 'system',
    );
    if (line === undefined) throw new Error(`no system line in ${chatId}`);
    return line;
  }

  /** Names of the events from this place of the journal on. */
  eventTypes(from = 0): string[] {
    return this.journal.slice(from).map(({ event }) => event.type);
  }
}

/** `0 state waiting`, `1 system 4`, `2 Amy: hello`, `3 (Amy: for agents only)`, `4 Ben joined as listener`. */
function brief(entry: FeedEntry): string {
  if (entry.type === 'state') return `${entry.id} state ${entry.state}`;
  if (entry.type === 'collaboration') {
    return `${entry.id} ${entry.by} ${entry.action} as ${entry.role}`;
  }
  if (entry.systemMessageId !== undefined) return `${entry.id} system ${entry.systemMessageId}`;
  const said = `${entry.by ?? '-'}: ${entry.text}`;
  return `${entry.id} ${entry.subType === 'REGULAR' ? said : `(${said})`}`;
}
