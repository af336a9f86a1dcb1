/** A bot: an agent whose chats are answered by handlers. */
import { setMaxListeners } from 'node:events';
import {
  type Agent,
  type AgentOptions,
  type Connection,
  connectAgent,
  type KeyValueStorage,
  type Offer,
  type SessionEnd,
  systemClock,
} from '@parley/client/agent';
import { EventComposer } from './composer.js';
import { type BotHost, Conversation } from './conversation.js';
import type { HandOver } from './hand-over.js';
import { Handlers } from './handlers.js';
import { BotCounts, type BotSnapshot, prometheusText } from './metrics.js';
import { errorFields, jsonLog, type Log, withFields } from './log.js';
import { type Sentences, sentencesIn } from './sentences.js';
import { OFFER_MS, OfferContext } from './offers.js';
import { memoryStorage } from './storage.js';

/** How a bot connects and works. */
export interface BotOptions<S> extends Omit<AgentOptions, 'storage' | 'signal' | 'role'> {
  /**
   * What it is in its chats: their agent, by default; or somebody beside the agent, who comes when they are
   * invited, or attached by a rule. An assistant speaks to the visitor as well; a listener whispers and suggests.
   */
  readonly role?: BotRole;
  /** Most chats at once; 50 by default. Beyond that the bot is Occupied. */
  readonly concurrency?: number;
  /** What a chat's `ctx.state` is at first; `{}` by default. JSON only. */
  readonly state?: () => S;
  /** Where states, and lines that wait, survive a restart. In memory by default: then they do not. */
  readonly storage?: KeyValueStorage;
  /** To whom chats go when a handler fails, and by `ctx.handOver()` by default. */
  readonly handOver?: HandOver;
  /** Of the account, as a tag: for what the bot says by itself where a chat names none. `en` by default. */
  readonly language?: string;
  /** In place of the bot's own sentences, in every language. */
  readonly sentences?: Partial<Sentences>;
  /** Longest that a handler may take, milliseconds; 60 000 by default. Then it has failed. */
  readonly handlerTimeout?: number;
  /** Between two tries to hand over a chat that nobody could take, milliseconds; 5 000 by default. */
  readonly retryAfter?: number;
  /** Longest that `stop` waits for chats to end, milliseconds; 30 000 by default. */
  readonly drainTimeout?: number;
  /** Whether SIGTERM and SIGINT stop the bot, and then the process; true by default. */
  readonly signals?: boolean;
  /** JSON lines on stderr by default. */
  readonly log?: Log;
  /** Names it in metrics and in health reports; its login's user by default, else `bot`. */
  readonly name?: string;
}

/** What a bot is in its chats. */
export type BotRole = 'agent' | 'assistant' | 'listener';

/** What can be another for one run of a bot: `start`. */
export type BotOverrides = Partial<
  Omit<AgentOptions, 'onConnection' | 'role'> &
    Pick<BotOptions<unknown>, 'log' | 'storage' | 'signals' | 'drainTimeout'>
>;

/** How a bot is, for health checks. */
export interface Health {
  /**
   * `ready`: it takes chats and answers. `degraded`: it runs, and somebody should look why it does not do so
   * well. `down`: it does not run.
   */
  readonly status: 'ready' | 'degraded' | 'down';
  /** Why it is not ready, as a sentence without anything of a visitor's; null while it is. */
  readonly reason: string | null;
  readonly state: 'stopped' | 'starting' | 'running' | 'draining';
  readonly connection: Connection;
  /** Chats at hand. */
  readonly chats: number;
  /** Lines that wait for the handlers of earlier ones. */
  readonly waitingLines: number;
  /** Since the process began. */
  readonly events: number;
  readonly failures: number;
}

/** Handlers that fail so often in a row fail by more than chance. */
const FAILING = 5;

/** How long handlers may take that are asked to stop, milliseconds. */
const STOP_MS = 2_000;

export class Bot<S> extends EventComposer<S> {
  readonly #made: BotOptions<S>;
  /** Of this run. */
  #options: BotOptions<S>;
  #log: Log;
  #storage: KeyValueStorage;
  readonly #conversations = new Set<Conversation<S>>();
  /** Those that run now: a stop waits for them, and a simulation lets no time pass meanwhile. */
  readonly handlers = new Handlers();
  #connection: Connection = { state: 'connecting' };
  #state: Health['state'] = 'stopped';
  readonly #counts = new BotCounts();
  #agent: Agent | null = null;
  #served: Promise<void> = Promise.resolve();
  #draining = new AbortController();
  #stopping = new AbortController();
  #stopped: Promise<void> | null = null;

  constructor(options: BotOptions<S>) {
    super();
    this.#made = options;
    this.#options = options;
    this.#log = options.log ?? jsonLog();
    this.#storage = options.storage ?? memoryStorage();
  }

  /** What it was made with. */
  get options(): BotOptions<S> {
    return this.#made;
  }

  /** How it is connected now. */
  get connection(): Connection {
    return this.#connection;
  }

  /** How it is now. */
  get health(): Health {
    const reason = this.#reason();
    const runs = this.#state === 'running' || this.#state === 'draining';
    return {
      status: reason === null ? 'ready' : runs ? 'degraded' : 'down',
      reason,
      state: this.#state,
      connection: this.#connection,
      chats: this.#conversations.size,
      waitingLines: this.#waitingLines,
      events: this.#counts.events,
      failures: this.#counts.failures,
    };
  }

  /** What `metrics` is made from. */
  get snapshot(): BotSnapshot {
    const { name, login } = this.#options;
    const username = 'username' in login ? login.username : undefined;
    return {
      name: name ?? username ?? 'bot',
      status: this.health.status,
      isConnected: this.#state !== 'stopped' && isHearing(this.#connection),
      chats: this.#conversations.size,
      ringing: this.#agent?.ringing.length ?? 0,
      waitingLines: this.#waitingLines,
      runningHandlers: this.handlers.running.size,
      counts: this.#counts,
    };
  }

  /** Its figures as text of Prometheus (0.0.4); `botMetrics` gives those of several bots. */
  metrics(): string {
    return prometheusText([this.snapshot]);
  }

  get #waitingLines(): number {
    let waiting = 0;
    for (const conversation of this.#conversations) waiting += conversation.waitingLines;
    return waiting;
  }

  /** Why it is not ready. */
  #reason(): string | null {
    if (this.#state !== 'running') return `The bot is ${this.#state}.`;
    if (!isHearing(this.#connection)) return `The connection is ${this.#connection.state}.`;
    const { failuresInARow, storageFails } = this.#counts;
    if (failuresInARow >= FAILING)
      return `The handlers of ${failuresInARow} events in a row failed.`;
    return storageFails ? 'What is known of chats cannot be kept.' : null;
  }

  /**
   * Connects and takes chats.
   * @param instead of what the bot was made with, until it stops: another server, a test's clock
   * @returns when the bot is Online
   * @throws LoginError for a credential that is not accepted; what `connectAgent` throws. Error when it
   *   runs already.
   */
  async start(instead: BotOverrides = {}): Promise<this> {
    if (this.#state !== 'stopped') throw new Error(`The bot is ${this.#state}: stop it first.`);
    this.#state = 'starting';
    this.#draining = new AbortController();
    this.#stopping = new AbortController();
    this.#stopped = null;
    const options = { ...this.#made, ...instead };
    this.#options = options;
    this.#log = options.log ?? jsonLog();
    this.#storage = instead.storage ?? this.#storage;
    const { role = 'agent', ...connects } = options;
    const { concurrency, onConnection, signals = true } = options;
    try {
      this.#agent = await connectAgent({
        ...connects,
        storage: this.#storage,
        onConnection: (connection) => {
          this.#connection = connection;
          this.#log.info({ connection: connection.state }, 'The connection changed.');
          onConnection?.(connection);
        },
      });
    } catch (error) {
      this.#state = 'stopped';
      throw error;
    }
    this.#state = 'running';
    const agent = this.#agent;
    // One for each request under way: with many chats, many.
    setMaxListeners(0, agent.signal);
    // Beside the agent of others it takes no chats of its own.
    if (role !== 'agent') await agent.setAvailability('Occupied');
    const host = this.#host(agent);
    this.#served = agent
      .serve((chat) => this.#converse(host, chat), {
        ...(concurrency === undefined ? {} : { concurrency }),
        roles: [role],
        ...(this.offers === null ? {} : { accepts: (offer) => this.#wants(host, offer) }),
        signal: this.#draining.signal,
      })
      .catch((error: unknown) =>
        this.#log.error(errorFields(error), 'Chats are not taken any more.'),
      );
    void agent.ended.then((why) => this.#ended(why));
    if (signals) this.#listenToSignals();
    return this;
  }

  /**
   * Takes no more chats, waits for those at hand, hands over those that go on for longer, and logs out:
   * what nobody could take goes back to its queue. Called again, it waits for the same; called by a
   * handler it settles at once, since the handler is waited for.
   * @param within longest wait for chats to end, milliseconds; `drainTimeout` by default
   */
  async stop({
    within = this.#options.drainTimeout ?? 30_000,
  }: {
    readonly within?: number;
  } = {}): Promise<void> {
    if (this.#state !== 'stopped') this.#stopped ??= this.#stop(within);
    if (this.handlers.current === null) await this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(within: number): Promise<void> {
    const agent = this.#agent;
    this.#state = 'draining';
    this.#log.info({ chats: this.#conversations.size }, 'Stopping: no more chats are taken.');
    this.#draining.abort();
    if (agent === null) return;
    // Before anything is waited for: what rings at a bot that takes nothing rings in vain.
    await agent.setAvailability('Away').catch(() => {});
    await this.#atMost(within, this.#served);
    await Promise.all([...this.#conversations].map((each) => this.#release(each)));
    this.#stopping.abort();
    await this.#atMost(STOP_MS, this.#served);
    await agent.close().catch((error: unknown) => {
      this.#log.warn(errorFields(error), 'The logout did not reach the server.');
    });
    this.#state = 'stopped';
    this.#log.info({}, 'Stopped.');
  }

  async #release(conversation: Conversation<S>): Promise<void> {
    const chat = conversation.chat.id;
    try {
      const given = await conversation.release('The bot is being stopped.');
      this.#log.info({ chat }, given ? 'Handed over.' : 'It goes back to its queue.');
    } catch (error) {
      this.#log.warn({ chat, ...errorFields(error) }, 'It goes back to its queue.');
    }
  }

  async #converse(host: BotHost<S>, chat: Conversation<S>['chat']): Promise<void> {
    const conversation = new Conversation(host, chat, withFields(this.#log, { chat: chat.id }));
    this.#conversations.add(conversation);
    try {
      await conversation.run();
    } finally {
      this.#conversations.delete(conversation);
    }
  }

  /** Whether handlers let the bot come; they do so when they fail, or think for too long. */
  async #wants({ agent, clock, log, counts }: BotHost<S>, offer: Offer): Promise<boolean> {
    const { role } = offer;
    if (role !== 'assistant' && role !== 'listener') return true;
    const type = `offer:${role}` as const;
    const ctx = new OfferContext(type, { offer, agent, log });
    const begun = clock.now();
    let failed: unknown = null;
    const run = this.handlers.run(() => this.offers?.middleware(ctx, async () => {}));
    await this.#atMost(
      OFFER_MS,
      run.catch((error: unknown) => {
        failed = error;
        log.error({ event: type, ...errorFields(error) }, 'A handler failed.');
      }),
    );
    counts.handled(type, clock.now() - begun, failed);
    return !ctx.isDeclined;
  }

  #host(agent: Agent): BotHost<S> {
    const { language, sentences, state, ...options } = this.#options;
    return {
      agent,
      log: this.#log,
      storage: this.#storage,
      handler: (ctx, next) => this.handlers.run(() => this.middleware(ctx, next)),
      clock: options.clock ?? systemClock,
      handOver: options.handOver ?? {},
      role: options.role ?? 'agent',
      handlerTimeout: options.handlerTimeout ?? 60_000,
      retryAfter: options.retryAfter ?? 5_000,
      stopping: this.#stopping.signal,
      sentences: (ofChat) => sentencesIn([ofChat, language], sentences),
      initialState: state ?? (() => ({}) as S),
      counts: this.#counts,
    };
  }

  async #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    const { clock = systemClock } = this.#options;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    await Promise.race([work, late]);
    cancel();
  }

  #ended(why: SessionEnd): void {
    if (this.#state === 'running') {
      this.#state = 'stopped';
      this.#log.error({ why }, 'The agent session is over: the bot takes no more chats.');
    }
  }

  #listenToSignals(): void {
    const names = ['SIGTERM', 'SIGINT'] as const;
    const stop = (name: NodeJS.Signals) => {
      for (const each of names) process.off(each, stop);
      void this.stop().finally(() => {
        // Other listeners decide on the end of the process themselves.
        if (process.listenerCount(name) === 0) process.exit();
      });
    };
    for (const name of names) process.on(name, stop);
    void this.#agent?.ended.then(() => {
      // A listener that stays would keep the process deaf to the signal.
      if (this.#state !== 'draining') for (const each of names) process.off(each, stop);
    });
  }
}

/** Whether it hears of what happens in its chats. */
function isHearing({ state }: Connection): boolean {
  return state === 'live' || state === 'polling';
}

/**
 * A bot; `start()` connects it.
 * @example
 * const bot = createBot({ account, domainApi, login });
 * bot.on('line:visitor', (ctx) => ctx.reply(`You said: ${ctx.line.text}`));
 * await bot.start();
 */
export function createBot<S = Record<string, unknown>>(options: BotOptions<S>): Bot<S> {
  return new Bot(options);
}
