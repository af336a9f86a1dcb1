/** A bot: an agent whose chats are answered by handlers. */
import { setMaxListeners } from 'node:events';
import {
  type Agent,
  type AgentOptions,
  type Connection,
  connectAgent,
  type KeyValueStorage,
  type SessionEnd,
  systemClock,
} from '@parley/client/agent';
import { EventComposer } from './composer.js';
import { type BotHost, Conversation } from './conversation.js';
import type { HandOver } from './hand-over.js';
import { Handlers } from './handlers.js';
import { errorFields, jsonLog, type Log, withFields } from './log.js';
import { type Sentences, sentencesIn } from './sentences.js';
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
}

/** What a bot is in its chats. */
export type BotRole = 'agent' | 'assistant' | 'listener';

/** What can be another for one run of a bot: `start`. */
export type BotOverrides = Partial<
  Omit<AgentOptions, 'onConnection' | 'role'> &
    Pick<BotOptions<unknown>, 'log' | 'storage' | 'signals' | 'drainTimeout'>
>;

/** How a bot is, for health checks and metrics. */
export interface Health {
  readonly state: 'stopped' | 'starting' | 'running' | 'draining';
  readonly connection: Connection;
  /** Chats at hand. */
  readonly chats: number;
  /** Since the process began. */
  readonly events: number;
  readonly failures: number;
}

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
  #events = 0;
  #failures = 0;
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

  /** How it is now: healthy is `running` with a connection that is `live` or `polling`. */
  get health(): Health {
    return {
      state: this.#state,
      connection: this.#connection,
      chats: this.#conversations.size,
      events: this.#events,
      failures: this.#failures,
    };
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
      handled: (error) => {
        this.#events += 1;
        if (error !== null) this.#failures += 1;
      },
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
