/**
 * One account, live: its state in memory, and the only way to change it.
 *
 * A command is decided and folded in at once, in the order of arrival; its answer waits until its
 * events are on disk. A read waits only when what it would show is not on disk yet. When the store
 * refuses, the account is dropped whole: memory may be ahead of the disk, so nothing of it is shown.
 *
 * One file, though it is long: deciding, waiting and failing share what must not get out of step.
 */
import {
  type AccountConfig,
  type AccountEvent,
  type AccountState,
  type CommandType,
  type Envelope,
  execute,
  type Heartbeats,
  type Replies,
  TypingIndicators,
} from '@parley/engine';
import type { Journal, JournalEntry, LeaseKey } from '@parley/store';
import { AccountElsewhere, isFenced } from './account-elsewhere.js';
import { AccountUnavailable } from './account-unavailable.js';
import { Approvals } from './approvals.js';
import { CommitWaiters } from './commit-waiters.js';
import { entriesOf } from './journal-entries.js';
import type { ChatIndex } from './chat-index.js';
import type { ChatIndexes } from './chat-indexes.js';
import type { AccountMemory, ProcessMemory } from './process-memory.js';
import { type Amount, SnapshotKeeper } from './snapshot-keeper.js';
import type { ClockLook, SteadyClock } from '../clock/steady-clock.js';
import { bySystem, CommandRejected, type Submission, type Submitted } from './submission.js';
import type { UnacceptedChats } from './unaccepted-chats.js';

export interface AccountHostOptions {
  readonly accountId: string;
  readonly state: AccountState;
  /** Of that state. */
  readonly indexes: ChatIndexes;
  readonly config: AccountConfig;
  readonly journal: Journal;
  readonly lease: LeaseKey;
  readonly clock: SteadyClock;
  /** What all accounts of the process share. */
  readonly memory: ProcessMemory;
  /** What was read after the last snapshot, to get to this state. */
  readonly replayed: Amount;
  /** Characters of that snapshot, 0 without one. */
  readonly lastSnapshot: number;
  /** Called with what goes wrong without harm to anybody. */
  readonly onError: (message: string, error: unknown) => void;
  /** Called once when the store refused and the account must be loaded again. */
  readonly onFailed: (error: unknown) => void;
  /**
   * Called with each append that was committed, in order; `seq` is the position of its last event,
   * `cause` that of the submission.
   */
  readonly onCommitted?: (seq: number, events: readonly AccountEvent[], cause?: string) => void;
}

/** The clock counts as moved from here on, ms: so much earlier or later a deadline may come. */
const MOVED = 1_000;

/** When something is due, already from here on. */
const MOVED_WHEN_DUE = 50;

/** Agents and visitors that are found silent at once, at most: the others follow right behind. */
const MAX_SILENT_AT_ONCE = 50;

export class AccountHost {
  readonly accountId: string;
  readonly state: AccountState;
  /**
   * By the id of an agent session or, for its visitor, of a chat: the two never look alike. Their
   * times, and those of typing, are what `elapsed` shows.
   */
  readonly heartbeats: Heartbeats;
  readonly typing = new TypingIndicators();
  /** Writes of programs that wait for an agent. */
  readonly approvals = new Approvals();
  readonly unaccepted: UnacceptedChats;
  readonly chats: ChatIndex;
  readonly #journal: Journal;
  readonly #clock: SteadyClock;
  readonly snapshots: SnapshotKeeper;
  readonly #memory: AccountMemory;
  readonly #options: AccountHostOptions;
  #config: AccountConfig;
  #committedSeq: number;
  #failure: AccountUnavailable | null = null;
  readonly #waiters = new CommitWaiters();
  /** Set for what is due next, by what `elapsed` shows. */
  #timer: { at: number; cancel: () => void } | null = null;
  readonly #elapsedNow = () => this.elapsed();
  /** Commands that are to be given again. */
  #again: Submission[] = [];
  /** How far the clock had moved, and how often nobody could be heard, when deadlines took it in. */
  #moved: number;
  #interruptions: number;

  constructor(options: AccountHostOptions) {
    this.#options = options;
    this.accountId = options.accountId;
    this.state = options.state;
    this.heartbeats = options.indexes.heartbeats;
    this.unaccepted = options.indexes.unaccepted;
    this.chats = options.indexes.chats;
    this.#config = options.config;
    this.#journal = options.journal;
    this.#clock = options.clock;
    this.#moved = this.#clock.moved;
    this.#interruptions = this.#clock.interruptions;
    this.#committedSeq = options.state.seq;
    this.#memory = options.memory.account(() => this.#look());
    this.#memory.hold(options.state.memory.bytes);
    this.snapshots = new SnapshotKeeper({
      accountId: options.accountId,
      state: options.state,
      journal: options.journal,
      replayed: options.replayed,
      last: options.lastSnapshot,
      clock: this.#clock,
      onError: options.onError,
    });
    for (const { id } of this.state.sessions.values()) this.#watchSession(id);
    this.#arm();
  }

  /** Journal position up to which all is on disk. */
  get durableSeq(): number {
    return this.#committedSeq;
  }

  get config(): AccountConfig {
    return this.#config;
  }

  /** Epoch ms; never runs backwards within an account. */
  now(): number {
    return this.#clock.now();
  }

  /** Ms since some moment; cannot be set. */
  elapsed(): number {
    return this.#clock.elapsed();
  }

  /**
   * Carries out a command and answers when its events are on disk.
   * @throws CommandRejected when the account's state forbids it; then nothing changed.
   * @throws AccountUnavailable when the store refused; the outcome is unknown until asked again.
   */
  async execute<T extends CommandType>(submission: Submission<T>): Promise<Replies[T]> {
    return (await this.submit<T>(submission)).reply;
  }

  /** As `execute`, for requests that may come again. @throws as `execute` */
  async submit<T extends CommandType>(submission: Submission<T>): Promise<Submitted<T>> {
    if (this.#failure !== null) throw this.#failure;
    let outcome = this.#run<T>(submission);
    while ('again' in outcome) {
      const { reply, committed } = outcome;
      await committed;
      outcome = this.#run<T>(submission);
      // Somebody else saw it through meanwhile.
      if ('rejection' in outcome) return { reply, replayed: false };
    }
    if (outcome.events.length > 0) await outcome.committed;
    else await this.whenDurable(this.state.seq);
    if ('rejection' in outcome) throw new CommandRejected(outcome.rejection);
    return { reply: outcome.reply, replayed: outcome.replayed === true };
  }

  /** Resolves when everything up to this journal position is on disk. */
  whenDurable(seq: number): Promise<void> | undefined {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (seq <= this.#committedSeq) return undefined;
    return this.#waiters.wait(seq);
  }

  /** Whether it was neither dropped nor closed. */
  get isServing(): boolean {
    return this.#failure === null;
  }

  /** @throws AccountUnavailable when it was dropped: what is known of it may be out of date since. */
  requireServing(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Uses a new configuration from now on. */
  async reconfigure(config: AccountConfig): Promise<void> {
    this.#config = config;
    await this.execute<'config.changed'>(bySystem({ type: 'config.changed' }));
  }

  /** Heartbeat of an agent session. */
  touchSession(sessionId: string): void {
    this.heartbeats.touch(sessionId, this.elapsed());
  }

  /** Heartbeat of a chat's visitor. */
  touchVisitor(chatId: string): void {
    this.heartbeats.touch(chatId, this.elapsed());
  }

  /**
   * Counts an agent session, or a chat's visitor, as alive until the returned function is called, once
   * or more often.
   */
  holdAlive(sessionOrChatId: string): () => void {
    return this.heartbeats.hold(sessionOrChatId, this.#elapsedNow);
  }

  /** Moves deadlines along when the clock was set, and gives everybody time when they had none. */
  followClock(): void {
    if (this.#failure !== null) return;
    try {
      this.#followClock(MOVED);
      this.#arm();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether nothing of the account is under way: what is still due needs it not before `nextDeadline`. */
  get isAtRest(): boolean {
    const { seq, sessions, outbox, unfinished } = this.state;
    return (
      this.#failure === null &&
      this.#committedSeq === seq &&
      this.#again.length === 0 &&
      sessions.size + outbox.size + unfinished.size === 0 &&
      // Of sessions, and of chats that have not ended.
      this.heartbeats.next() === null
    );
  }

  /** When something is due of the account, in its time, epoch ms; null for never, as things are. */
  get nextDeadline(): number | null {
    return this.state.deadlines.next();
  }

  /** Waits for what is under way, keeps a snapshot, and stops. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#failure !== null) return;
    await this.whenDurable(this.state.seq);
    await this.snapshots.close();
    this.#failure = new AccountUnavailable(this.accountId);
    this.#memory.release();
  }

  /** Stops at once, as when the store had refused: what is under way fails. */
  abandon(error: unknown): void {
    this.#fail(error);
  }

  /** @throws AccountUnavailable as `#carryOut` */
  #run<T extends CommandType>(submission: Submission<T>) {
    return this.#carryOut<T>(submission, this.#followClock(MOVED).now);
  }

  /**
   * Whatever passed is measured by a clock that cannot be set: when the account's time moved without
   * it, or nobody could be heard, deadlines move along before anything is found to be due.
   * @param tolerance moves below this are left for later, ms
   * @returns the look at the clock that is to be used for what follows: before any later one the
   *   process may have been stopped
   */
  #followClock(tolerance: number): ClockLook {
    const look = this.#clock.look();
    const { now, moved, interruptions } = look;
    const isHeldUp = interruptions !== this.#interruptions;
    const apart = Math.round(moved - this.#moved);
    const by = isHeldUp || Math.abs(apart) >= tolerance ? apart : 0;
    this.#moved += by;
    if (isHeldUp) {
      this.#interruptions = interruptions;
      // Who could not be heard is not silent, and who could not answer did not let it ring.
      this.heartbeats.touchAll(look.elapsed);
      this.#carryOut<'account.resumed'>(bySystem({ type: 'account.resumed', moved: by }), now);
    } else if (by !== 0) this.#carryOut<'clock.moved'>(bySystem({ type: 'clock.moved', by }), now);
    return look;
  }

  /**
   * An error in the rules, or in what follows their events, may leave the state half changed or ahead
   * of the journal: then none of it may be used further.
   * @throws AccountUnavailable then
   */
  #carryOut<T extends CommandType>(submission: Submission<T>, now: number) {
    try {
      const envelope: Envelope<T> = { ...submission, now };
      const outcome = execute<T>(this.state, this.#config, envelope, this.#memory.room());
      for (const event of outcome.events) this.#observe(event);
      const committed =
        outcome.events.length > 0
          ? this.#append(outcome.events, now, submission.cause)
          : Promise.resolve();
      // Whoever waits for it gets the error; that nobody does is none.
      committed.catch(() => {});
      this.#memory.hold(this.state.memory.bytes);
      this.#arm();
      return { ...outcome, committed };
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Carries out what is due by itself. */
  #look(): void {
    if (this.#failure !== null) return;
    try {
      this.#run<'tick'>(bySystem({ type: 'tick', due: [] }));
    } catch {
      // The account has failed, which its users see as 503.
    }
  }

  async #append(events: readonly AccountEvent[], at: number, cause?: string): Promise<void> {
    const last = this.state.seq;
    let entries: readonly JournalEntry[];
    try {
      entries = entriesOf(events, last - events.length + 1, at);
      await this.#journal.append(this.accountId, entries, this.#options.lease);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#committedSeq = last;
    this.#waiters.reached(last);
    this.#afterwards(() => this.#options.onCommitted?.(last, events, cause));
    this.#afterwards(() => this.snapshots.appended(entries));
  }

  /** Does what follows from a commit: it is kept, whatever becomes of this. */
  #afterwards(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onError(`what follows a change of account ${this.accountId} failed`, error);
    }
  }

  /** Stops the account for good; answers with what its users get. */
  #fail(error: unknown): AccountUnavailable {
    if (this.#failure !== null) return this.#failure;
    const Failure = isFenced(error) ? AccountElsewhere : AccountUnavailable;
    const failure = new Failure(this.accountId, { cause: error });
    this.#failure = failure;
    this.snapshots.giveUp();
    this.#timer?.cancel();
    this.#timer = null;
    this.#memory.release();
    this.#waiters.fail(failure);
    this.#options.onFailed(error);
    return failure;
  }

  #watchSession(sessionId: string): void {
    const grace = this.#config.settings.agentLostSeconds * 1000;
    this.heartbeats.watch(sessionId, grace, this.elapsed());
  }

  #observe(event: AccountEvent): void {
    this.typing.observe(event);
    this.unaccepted.observe(event);
    this.chats.observe(event);
    switch (event.type) {
      case 'session.opened':
        if (event.takesOver !== null) this.heartbeats.unwatch(event.takesOver);
        this.#watchSession(event.sessionId);
        return;
      case 'session.ended':
        this.heartbeats.unwatch(event.sessionId);
        return;
      case 'chat.requested':
        this.heartbeats.watch(event.chatId, event.timeout * 1000, this.elapsed());
        return;
      case 'chat.ended':
        this.heartbeats.unwatch(event.chatId);
        return;
      default:
    }
  }

  /** Sets the timer for whatever is due next. */
  #arm(): void {
    if (this.#failure !== null) return;
    const at = this.#nextDue();
    if (at === null) return;
    if (this.#timer !== null) {
      if (this.#timer.at <= at) return;
      this.#timer.cancel();
    }
    const cancel = this.#clock.after(at - this.elapsed(), () => this.#onTimer());
    this.#timer = { at, cancel };
  }

  /** When something is due next, by what `elapsed` shows; null for never, as things are. */
  #nextDue(): number | null {
    if (this.#again.length > 0 || this.state.unfinished.size > 0) return this.elapsed();
    const deadline = this.state.deadlines.next();
    const lifeline = this.heartbeats.next();
    if (deadline === null) return lifeline;
    // The account's time as it would be, had the clock not moved since deadlines moved along.
    const moved = this.#clock.moved - this.#moved;
    const now = this.now() - (Math.abs(moved) < MOVED_WHEN_DUE ? 0 : moved);
    const due = this.elapsed() + deadline - now;
    return lifeline === null ? due : Math.min(due, lifeline);
  }

  #onTimer(): void {
    this.#timer = null;
    if (this.#failure !== null) return;
    try {
      const before = this.#interruptions;
      const { now, elapsed } = this.#followClock(MOVED_WHEN_DUE);
      // To take a stop in is enough for one turn: what is due of all chats comes in the next ones.
      if (this.#interruptions !== before) {
        this.#arm();
        return;
      }
      this.#carryOut(bySystem({ type: 'tick', due: [] }), now);
      for (const submission of this.#dueCommands(elapsed)) {
        if ('again' in this.#carryOut(submission, now)) this.#again.push(submission);
      }
      this.#arm();
    } catch (error) {
      // What fails here fails the whole account, which its users see as 503.
      this.#fail(error);
    }
  }

  /**
   * What silence means, and what was not done in one go: a few at a time, so that others have their turn.
   * @param elapsed as the clock showed last
   */
  #dueCommands(elapsed: number): readonly Submission[] {
    const again = this.#again;
    this.#again = [];
    const silent = this.heartbeats
      .takeSilent(elapsed, MAX_SILENT_AT_ONCE)
      .map((id) =>
        bySystem<CommandType>(
          this.state.sessions.has(id)
            ? { type: 'session.close', sessionId: id, reason: 'lost' }
            : { type: 'chat.visitorLost', chatId: id },
        ),
      );
    return [...again, ...silent];
  }
}
