/** The bot of a simulation: started against its server, killed and started again. */
import type { Clock, Fetch, KeyValueStorage } from '@parley/client/agent';
import type { BotOverrides, Health } from '../bot.js';
import type { Handlers } from '../handlers.js';
import type { Log } from '../log.js';
import { memoryStorage } from '../storage.js';
import type { ProcessClock, VirtualClock } from './clock.js';
import { HandlerWatch } from './handler-watch.js';
import type { Network } from './network.js';

/** A bot, whatever its state is. */
export interface AnyBot {
  readonly handlers: Handlers;
  readonly health: Health;
  readonly options: { readonly storage?: KeyValueStorage };
  start(instead: BotOverrides): Promise<unknown>;
  stop(): Promise<void>;
}

/** A bot, or what makes one: then a crash takes what the program keeps in variables with it, too. */
export type BotSource = AnyBot | (() => AnyBot | Promise<AnyBot>);

/** As whom it logs in: the account of a simulation is not the one that the program is made for. */
export interface BotPlace {
  readonly account: string;
  readonly domainApi: string;
  readonly login: {
    readonly username: string;
    readonly appKey: string;
    readonly secret: string;
    readonly accessToken: string;
    readonly accessTokenSecret: string;
  };
}

interface Life {
  readonly bot: AnyBot;
  readonly watch: HandlerWatch;
  readonly process: ProcessClock;
  readonly killed: AbortController;
  cut(): void;
}

export class SimulatedBot {
  readonly #source: BotSource;
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #place: BotPlace;
  readonly #log: Log;
  #life: Life | null = null;

  constructor(
    source: BotSource,
    world: { readonly clock: VirtualClock; readonly network: Network },
    place: BotPlace,
    log: Log,
  ) {
    this.#source = source;
    this.#clock = world.clock;
    this.#network = world.network;
    this.#place = place;
    this.#log = log;
  }

  /** The bot that runs now; null while it is down. */
  get bot(): AnyBot | null {
    return this.#life?.bot ?? null;
  }

  /** Whether a handler waits for something real. */
  get isBusy(): boolean {
    return this.#life?.watch.isBusy ?? false;
  }

  async start(): Promise<void> {
    const bot = typeof this.#source === 'function' ? await this.#source() : this.#source;
    const watch = new HandlerWatch(bot.handlers);
    const process = this.#clock.as(this.#place.login.username);
    const { fetch, cut } = this.#network.client(this.#place.login.username);
    const killed = new AbortController();
    this.#life = { bot, watch, process, killed, cut };
    const clock: Clock = watch.clock(process);
    const alive: Fetch = (url, init) =>
      killed.signal.aborted ? new Promise(() => {}) : fetch(url, init);
    await bot.start({
      ...this.#place,
      clock,
      fetch: watch.fetch(alive),
      log: this.#log,
      signals: false,
      signal: killed.signal,
      webSocket: null,
      // Memory ends with the process.
      storage: bot.options.storage ?? memoryStorage(),
    });
  }

  /** Ends it as a crash of its process would: nobody is told, and what it kept in memory is gone. */
  crash(): void {
    const life = this.#life;
    if (life === null) return;
    this.#life = null;
    life.killed.abort(new Error('The bot was crashed.'));
    life.process.die();
    life.cut();
  }

  /** As on SIGTERM. */
  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = null;
    await life?.bot.stop();
  }
}
