/** One chat of a bot, from its first event to its last: each is handled once the one before is done. */
import {
  type Agent,
  type AgentChat,
  type ChatEvent,
  type Clock,
  EndedError,
  type KeyValueStorage,
  type Suggestion,
} from '@parley/client/agent';
import type { Middleware } from './composer.js';
import { BotContext } from './context.js';
import type { EventName } from './event-names.js';
import type { ContextOf } from './events.js';
import { type HandOver, handOverOnce } from './hand-over.js';
import { errorFields, type Log } from './log.js';
import { type BotCounts, HandlerTimeout } from './metrics.js';
import type { Sentences } from './sentences.js';

/** What the bot does for its conversations. */
export interface BotHost<S> {
  readonly agent: Agent;
  readonly log: Log;
  readonly storage: KeyValueStorage;
  readonly handler: Middleware<ContextOf<S, EventName>>;
  readonly handOver: HandOver;
  /** What the bot is in its chats. */
  readonly role: 'agent' | 'assistant' | 'listener';
  /** Longest that a handler may take, milliseconds. */
  readonly handlerTimeout: number;
  /** Between two tries to hand over, milliseconds. */
  readonly retryAfter: number;
  readonly clock: Clock;
  /** Aborted when handlers shall stop at once. */
  readonly stopping: AbortSignal;
  sentences(language: string | undefined): Sentences;
  initialState(): S;
  readonly counts: BotCounts;
}

/** What is kept of a chat. */
interface Stored<S> {
  /** Whether `chat:start` was handled. */
  readonly started: boolean;
  /** Id of the last event that was handled. */
  readonly after: number;
  readonly state: S;
  /** Where it goes as soon as somebody is free. */
  readonly handOver?: HandOver;
  /** Whether the visitor read that something failed. */
  readonly apologized?: true;
}

/** Longest part of an error's message that a note quotes. */
const MAX_NOTE = 300;

export class Conversation<S> {
  readonly chat: AgentChat;
  readonly #host: BotHost<S>;
  readonly #log: Log;
  readonly #name: string;
  readonly #over = new AbortController();
  #stored: Stored<S>;
  /** Id of the last event that handlers were given. */
  #handling = -1;
  /** Settles when the last event that came is handled. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Calls the next try off. */
  #trying: (() => void) | null = null;

  constructor(host: BotHost<S>, chat: AgentChat, log: Log) {
    this.#host = host;
    this.chat = chat;
    this.#log = log;
    this.#name = `parley:bot:${chat.id}`;
    this.#stored = { started: false, after: unanswered(chat.history), state: host.initialState() };
  }

  /** Settles when the chat is over for the bot. Never fails. */
  async run(): Promise<void> {
    const { chat } = this;
    const offs = [
      chat.on('over', () => this.#over.abort()),
      chat.on('suggestion', (suggestion) => void this.#decided(suggestion)),
    ];
    try {
      const known = await this.#restore();
      const begins = known ? !this.#stored.started : !chat.resumed;
      this.#keep({});
      if (this.#stored.handOver !== undefined) this.#tryLater();
      const start = this.#isBeside ? 'join' : 'chat:start';
      if (!(await this.#handle(begins ? start : 'chat:resume', {}, 'start'))) return;
      this.#keep({ started: true });
      const { stopping: signal } = this.#host;
      for await (const event of chat.events({ after: this.#stored.after, signal })) {
        // What came before it was somebody else's is for them to answer.
        if (chat.over === 'gone') break;
        if (!(await this.#take(event))) return;
        this.#keep({ after: event.id });
      }
      const why = chat.over;
      // The session is over and not the chat: whoever has it next goes on from what is kept.
      if (why === null || why === 'session') return;
      await this.#handle('chat:end', { why }, 'end');
      await this.#host.storage.removeItem(this.#name);
    } catch (error) {
      if (this.#sessionOver) return;
      this.#host.counts.failed('chat');
      this.#log.error(errorFields(error), 'The chat could not be followed.');
      await this.release('The bot failed.').catch(() => {});
    } finally {
      for (const off of offs) off();
      this.#trying?.();
    }
  }

  /** Gives the chat up for people. @returns whether it is not the bot's any more */
  async release(note: string): Promise<boolean> {
    // Who is beside the agent leaves with the session, and the agent goes on.
    if (this.#isBeside) return false;
    const to = this.#stored.handOver ?? { ...this.#host.handOver, note };
    return (await this.#giveUp(to)) !== 'kept';
  }

  #giveUp(to: HandOver): ReturnType<typeof handOverOnce> {
    return handOverOnce(this.#host.agent, this.chat, to, () => this.#nobodyFree());
  }

  async #nobodyFree(): Promise<void> {
    await this.chat.say(this.#host.sentences(this.chat.info.language).nobodyFree);
  }

  /** Lines that came, and wait for the handlers of an earlier one. */
  get waitingLines(): number {
    let waiting = 0;
    for (const event of this.chat.history.toReversed()) {
      if (event.id <= Math.max(this.#stored.after, this.#handling)) break;
      if (event.type === 'line' && (event.source === 'visitor' || event.source === 'system')) {
        waiting += 1;
      }
    }
    return waiting;
  }

  /** Whether somebody else is the chat's agent. */
  get #isBeside(): boolean {
    return this.#host.role !== 'agent';
  }

  get #sessionOver(): boolean {
    return this.#host.agent.signal.aborted || this.chat.over === 'session';
  }

  async #take(event: ChatEvent): Promise<boolean> {
    this.#handling = event.id;
    if (event.type !== 'line') return true;
    const { source } = event;
    if (source !== 'visitor' && source !== 'system') return true;
    return this.#handle(`line:${source}`, { line: event }, String(event.id));
  }

  /** What the bot suggested is not open any more. */
  async #decided(suggestion: Suggestion): Promise<void> {
    const { id, state } = suggestion;
    // Beside the agent one hears of one's own alone.
    if (state === 'open' || !this.#isBeside || this.chat.over !== null) return;
    const facts = { suggestion, outcome: state };
    await this.#handle('suggestion:outcome', facts, `suggestion ${id} ${state}`);
  }

  /** In its turn. @returns as `#handleNow` */
  #handle(type: EventName, facts: object, event: string): Promise<boolean> {
    const handled = this.#turn.then(() => this.#handleNow(type, facts, event));
    this.#turn = handled.catch(() => {});
    return handled;
  }

  /** @returns false when the session ended meanwhile: then it is handled again, next time */
  async #handleNow(type: EventName, facts: object, event: string): Promise<boolean> {
    const { host, limit, signal, done } = this.#limited(type);
    const log = this.#log;
    const begun = host.clock.now();
    const handled = (error: unknown) => host.counts.handled(type, host.clock.now() - begun, error);
    const context = Object.assign(
      new BotContext<S>({
        ...{ type, chat: this.chat, agent: host.agent, log, state: this.#stored.state },
        ...{ event, signal, clock: host.clock },
        handOver: (to) => this.#handOver(to),
      }),
      facts,
    ) as ContextOf<S, EventName>;
    try {
      const work = Promise.resolve(host.handler(context, async () => {}));
      await untilAborted(work, limit, () => this.#late());
      if (this.#sessionOver && type !== 'chat:end') return false;
      handled(null);
      return true;
    } catch (error) {
      if (this.#sessionOver || (error instanceof EndedError && this.chat.over !== null)) {
        return !this.#sessionOver;
      }
      handled(error);
      log.error({ event: type, line: event, ...errorFields(error) }, 'A handler failed.');
      await this.#escalate(error);
      return true;
    } finally {
      done();
    }
  }

  /** How long a handler is waited for, and its signal, which is aborted with the chat, too. */
  #limited(type: EventName) {
    const host = this.#host;
    const timeout = new AbortController();
    const cancel = host.clock.after(host.handlerTimeout, () => timeout.abort());
    // When the chat is over its end can still be handled.
    const ends = type === 'chat:end' ? [] : [this.#over.signal];
    const limit = AbortSignal.any([timeout.signal, host.stopping]);
    const signal = AbortSignal.any([limit, ...ends]);
    return { host, limit, signal, done: cancel };
  }

  /** Why a handler is not waited for any longer; null when nobody needs what it does any more. */
  #late(): Error | null {
    if (this.chat.over !== null || this.#host.stopping.aborted) return null;
    const seconds = this.#host.handlerTimeout / 1_000;
    return new HandlerTimeout(`It took longer than ${seconds} s (handlerTimeout).`);
  }

  async #escalate(error: unknown): Promise<void> {
    // The visitor has an agent, whom this changes nothing for.
    if (this.#isBeside) return;
    const { language } = this.chat.info;
    try {
      if (this.#stored.apologized === undefined) {
        this.#keep({ apologized: true });
        await this.chat.say(this.#host.sentences(language).failed);
      }
      const reason = error instanceof Error ? error.message : String(error);
      const note = `The bot failed: ${reason.slice(0, MAX_NOTE)}`;
      await this.#handOver({ ...this.#host.handOver, note, reason: 'error' });
    } catch (again) {
      if (this.#sessionOver) return;
      this.#host.counts.failed('hand_over');
      this.#log.error(errorFields(again), 'The chat could not be handed over.');
      this.#keep({ handOver: { note: 'The bot failed.', reason: 'error' } });
      this.#tryLater();
    }
  }

  async #handOver(to: HandOver): Promise<boolean> {
    const whole = { ...this.#host.handOver, ...to };
    const became = await this.#giveUp(whole);
    if (became === 'given') {
      this.#host.counts.handedOver.at_once += 1;
      this.#log.info({ skill: whole.skill }, 'Handed over.');
      return true;
    }
    if (became === 'queued') {
      this.#host.counts.handedOver.later += 1;
      this.#log.info(
        { skill: whole.skill },
        'Handed over: it waits for people, and nobody is there.',
      );
      return false;
    }
    this.#log.warn({ skill: whole.skill }, 'Nobody is free to take the chat.');
    const waitsAlready = this.#stored.handOver !== undefined;
    if (!waitsAlready) this.#host.counts.handedOver.later += 1;
    this.#keep({ handOver: whole });
    if (!waitsAlready) await this.#nobodyFree();
    this.#tryLater();
    return false;
  }

  #tryLater(): void {
    if (this.#trying !== null || this.chat.over !== null) return;
    this.#trying = this.#host.clock.after(this.#host.retryAfter, () => {
      this.#trying = null;
      void this.#tryAgain();
    });
  }

  async #tryAgain(): Promise<void> {
    try {
      if ((await this.#giveUp(this.#stored.handOver ?? {})) !== 'kept') return;
    } catch (error) {
      if (this.#sessionOver) return;
      this.#host.counts.failed('hand_over');
      this.#log.error(errorFields(error), 'The chat could not be handed over.');
    }
    this.#tryLater();
  }

  /** @returns whether the storage knows the chat */
  async #restore(): Promise<boolean> {
    const text = await this.#host.storage.getItem(this.#name);
    if (text === null) return false;
    try {
      this.#stored = { ...this.#stored, ...(JSON.parse(text) as Stored<S>) };
      return true;
    } catch (error) {
      this.#host.counts.failed('storage');
      this.#log.error(
        errorFields(error),
        'What was kept of the chat cannot be read; it begins anew.',
      );
      return false;
    }
  }

  #keep(change: Partial<Stored<S>>): void {
    this.#stored = { ...this.#stored, ...change };
    try {
      const kept = this.#host.storage.setItem(this.#name, JSON.stringify(this.#stored));
      if (kept instanceof Promise) {
        kept.then(
          () => this.#isStored(),
          (error: unknown) => this.#notStored(error),
        );
      } else this.#isStored();
    } catch (error) {
      this.#notStored(error);
    }
  }

  #isStored(): void {
    this.#host.counts.storageFails = false;
  }

  /** The chat goes on; what is not kept is only missed after a restart. */
  #notStored(error: unknown): void {
    this.#host.counts.storageFails = true;
    this.#host.counts.failed('storage');
    this.#log.error(errorFields(error), 'The state of the chat could not be kept.');
  }
}

/** Id of the last line that an agent said: what came after it nobody answered. -1 for none. */
function unanswered(history: readonly ChatEvent[]): number {
  const last = history.findLast(
    (event) => event.type === 'line' && event.source === 'agent' && event.subType === 'REGULAR',
  );
  return last?.id ?? -1;
}

/**
 * Waits for `work` until the signal is aborted; then fails with what `why` says, or is done when that
 * is null. What `work` does later is nobody's.
 */
function untilAborted(
  work: Promise<unknown>,
  signal: AbortSignal,
  why: () => Error | null,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      const error = why();
      if (error === null) resolve();
      else reject(error);
    };
    work.then(() => resolve(), reject);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
}
