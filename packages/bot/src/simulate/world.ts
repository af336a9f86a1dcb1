/** A simulation: the real server, the bot, visitors and people, in virtual time. */
import type { Fetch } from '@parley/client/agent';
import { RefusedError } from '@parley/client/visitor';
import { DEMO_ACCOUNT, DEMO_BOT_KEY, DEMO_PASSWORD, DEMO_VISITOR_KEY } from '@parley/server';
import type { Log } from '../log.js';
import { ChatRecord } from './chat-record.js';
import { VirtualClock } from './clock.js';
import { arrivals, type DayOptions, type DayReport, ordinary, report } from './day.js';
import { Driver } from './driver.js';
import { type Duration, milliseconds, sinceBegin, type Span } from './duration.js';
import { WorldExpectations } from './expectations.js';
import { checkFaults, type Faults } from './faults.js';
import { checkGolden } from './golden.js';
import { Network, type Observed } from './network.js';
import { type PersonOptions, SimulatedPerson } from './person.js';
import { SimulatedServer, type Skills } from './server.js';
import { type BotSource, SimulatedBot } from './simulated-bot.js';
import { sleepOn } from './sleep.js';
import { SimulatedVisitor, type VisitorOptions } from './visitor.js';

/** What a simulation begins with. */
export interface SimulateOptions {
  /** The bot under test, or a function that makes it. It works as `bot1`, whatever its login. */
  readonly bot?: BotSource;
  /** When it begins: a time with its zone; `2026-03-02T09:00:00Z` by default. */
  readonly clock?: string | number | Date;
  /** The same seed gives the same day. One by chance, which is printed, by default. */
  readonly seed?: number;
  /** Who of the account is there beside the bot, by login name; `agent1` by default. */
  readonly people?: readonly string[] | Readonly<Record<string, PersonOptions>>;
  /** Skills by name, with the users who hold them beside those of the demo; `{ Bot: ['bot1'] }` by default. */
  readonly skills?: Skills;
  /** The skill that visitors ask for who name none; `Bot`, or the first of `skills`, by default. */
  readonly skill?: string;
  /** Is told the seed, and how far a long day is; lines on stderr by default, `null` for silence. */
  readonly print?: ((line: string) => void) | null;
  /** Is told what the bot logs; nobody by default. */
  readonly log?: Log;
  /** Is told the warnings of the server, JSON lines; nobody by default. */
  readonly serverLog?: (line: string) => void;
}

const DOMAIN_API = 'http://localhost';
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** How often progress is printed, real ms. */
const PRINT_EVERY = 1_000;

export class World {
  readonly seed: number;
  /** What any client of the account needs to work in this simulation: spread it into its options. */
  readonly connection: {
    readonly account: string;
    readonly domainApi: string;
    readonly clock: VirtualClock;
    readonly fetch: Fetch;
  };
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #driver: Driver;
  readonly #options: SimulateOptions;
  readonly #print: (line: string) => void;
  readonly #records: ChatRecord[] = [];
  readonly #byId = new Map<string, ChatRecord>();
  /** Visitors who ask for a chat, by name. */
  readonly #coming = new Map<string, ChatRecord>();
  readonly #seen = new Set<string>();
  readonly #people: SimulatedPerson[] = [];
  #faults: AbortController = new AbortController();
  #server: SimulatedServer | null = null;
  #bot: SimulatedBot | null = null;
  #progress: (() => string) | null = null;
  #printed = performance.now();

  private constructor(options: SimulateOptions) {
    this.#options = options;
    const start = new Date(options.clock ?? '2026-03-02T09:00:00Z').getTime();
    if (Number.isNaN(start)) {
      throw new TypeError(
        `clock is ${String(options.clock)}: give a time such as '2026-03-02T09:00:00+01:00'.`,
      );
    }
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    const toStderr = (line: string) => process.stderr.write(`${line}\n`);
    this.#print = options.print === null ? () => {} : (options.print ?? toStderr);
    this.#clock = new VirtualClock(start, this.seed);
    this.#network = new Network(
      this.#clock,
      (request) => this.#observe(request),
      (id) => this.#nameOf(id),
    );
    this.#driver = new Driver(
      this.#clock,
      () => ({
        count: this.#network.activity,
        busy: this.#network.busy > 0 || (this.#bot?.isBusy ?? false),
      }),
      () => this.#stepped(),
    );
    this.connection = {
      ...{ account: DEMO_ACCOUNT, domainApi: DOMAIN_API, clock: this.#clock },
      fetch: this.#network.client('test').fetch,
    };
  }

  /** For `simulate`. */
  static async begin(options: SimulateOptions): Promise<World> {
    const world = new World(options);
    try {
      await world.#begin();
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  async #begin(): Promise<void> {
    const options = this.#options;
    const { bot, people = ['agent1'], skills = { Bot: ['bot1'] } } = options;
    this.#print(`Simulation with seed ${this.seed}.`);
    const log = options.serverLog ?? (() => {});
    this.#server = await SimulatedServer.start(this.#clock, this.#network, { skills, log });
    const names = Array.isArray(people) ? people.map((name) => [name, {}]) : Object.entries(people);
    for (const [name, how] of names as [string, PersonOptions][]) await this.agent(name, how);
    if (bot !== undefined) {
      const place = { account: DEMO_ACCOUNT, domainApi: DOMAIN_API, login: DEMO_BOT_KEY };
      const world = { clock: this.#clock, network: this.#network };
      this.#bot = new SimulatedBot(bot, world, place, options.log ?? SILENT);
      await this.#driver.until(this.#bot.start(), 'The start of the bot');
    }
  }

  /** The time of the simulation. */
  get now(): Date {
    return new Date(this.#clock.now());
  }

  /** The bot that runs now; null while there is none. */
  get bot() {
    return this.#bot?.bot ?? null;
  }

  /**
   * A visitor comes and asks for a chat.
   * @throws RefusedError 409 when nobody is there for the skill.
   */
  async visitor(options: VisitorOptions = {}): Promise<SimulatedVisitor> {
    return this.#driver.until(this.#visitor(options), 'The start of the chat');
  }

  async #visitor(options: VisitorOptions): Promise<SimulatedVisitor> {
    const name = options.name ?? `Visitor ${this.#records.length + 1}`;
    const record = new ChatRecord(name);
    this.#coming.set(name, record);
    const { skills = { Bot: [] }, skill = Object.keys(skills)[0] } = this.#options;
    const visitor = await SimulatedVisitor.come(
      {
        clock: this.#clock.as(name),
        driver: this.#driver,
        network: this.#network.client(name),
        place: { account: DEMO_ACCOUNT, domainApi: DOMAIN_API, appKey: DEMO_VISITOR_KEY },
      },
      { ...(skill === undefined ? {} : { skill }), ...options, name },
      record,
    );
    this.#records.push(record);
    this.#byId.set(visitor.id, record);
    return visitor;
  }

  /**
   * A person of the account logs in, takes what rings, and answers.
   * @param username `agent1`, `agent2` or `manager1`
   */
  async agent(username: string, options: PersonOptions = {}): Promise<SimulatedPerson> {
    const person = SimulatedPerson.come(
      {
        clock: this.#clock.as(username),
        network: this.#network.client(username),
        place: { account: DEMO_ACCOUNT, domainApi: DOMAIN_API },
        ...{ username, password: DEMO_PASSWORD },
        chanceIn: (id) => this.#clock.randomOf(`${username} with ${this.#nameOf(id)}`),
      },
      options,
    );
    const come = await this.#driver.until(person, `The login of ${username}`);
    this.#people.push(come);
    return come;
  }

  /** Lets time pass: whatever is due meanwhile happens, each at its time. */
  async pass(time: Duration | Span): Promise<void> {
    await this.#driver.until(sleepOn(this.#clock, milliseconds(time)), 'The pause');
  }

  /** Lets time pass until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.#driver.until(promise, 'What is waited for');
  }

  /** From now on this goes wrong, in place of what went wrong before; `{}` ends it. */
  async faults(faults: Faults): Promise<void> {
    checkFaults(faults);
    this.#faults.abort();
    this.#faults = new AbortController();
    this.#network.faults = faults;
    const { signal } = this.#faults;
    const { crashBotEvery, crashServerEvery, downFor = '5s' } = faults;
    const again = (every: Duration, crash: () => Promise<void>) => {
      void (async () => {
        for (;;) {
          await sleepOn(this.#clock, milliseconds(every), signal);
          await crash();
        }
      })().catch((error: unknown) => {
        if (!signal.aborted) this.#print(`A crash failed: ${String(error)}`);
      });
    };
    if (crashBotEvery !== undefined) again(crashBotEvery, () => this.#crashBot(downFor));
    if (crashServerEvery !== undefined) again(crashServerEvery, () => this.#crashServer(downFor));
  }

  /** Kills the bot, without a word to anybody, and starts it again after a while. */
  async crashBot({ downFor = '5s' }: { readonly downFor?: Duration } = {}): Promise<void> {
    await this.#driver.until(this.#crashBot(downFor), 'The new start of the bot');
  }

  /** Kills the server, and starts it again on what it has stored. */
  async crashServer({ downFor = '5s' }: { readonly downFor?: Duration } = {}): Promise<void> {
    await this.#driver.until(this.#crashServer(downFor), 'The new start of the server');
  }

  async #crashBot(downFor: Duration): Promise<void> {
    const bot = this.#bot;
    if (bot?.bot == null) return;
    bot.crash();
    await sleepOn(this.#clock, milliseconds(downFor));
    await bot.start();
  }

  async #crashServer(downFor: Duration): Promise<void> {
    const server = this.#server;
    if (server === null || !server.isRunning) return;
    await this.#network.during(server.crash());
    await sleepOn(this.#clock, milliseconds(downFor));
    await this.#network.during(server.start());
  }

  /** Visitors come by chance, over hours. @returns when the last one is gone */
  async day(options: DayOptions): Promise<DayReport> {
    const begun = performance.now();
    const random = () => this.#clock.random();
    const first = this.#records.length;
    const progress = { come: 0, gone: 0, refused: 0 };
    const behave =
      options.behave ?? ((visitor, chance) => ordinary(visitor, chance, options.lines));
    this.#progress = () =>
      `${sinceBegin(this.#clock.elapsed())} ${progress.gone} of ${options.chats} chats are over, ${progress.come - progress.gone} go on.`;
    const visits = arrivals(options, random).map(async (after, index) => {
      await sleepOn(this.#clock.as(`Visitor ${first + index + 1}`), after);
      progress.come += 1;
      // Of their own: whom one meets changes nothing for the others.
      const chance = this.#clock.randomOf(`visitor ${first + index + 1}`);
      const name = `Visitor ${first + index + 1}`;
      try {
        const given = options.visitor?.(index + 1, chance);
        await behave(await this.#visitor({ name, ...given }), chance);
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        progress.refused += 1;
      } finally {
        progress.gone += 1;
      }
    });
    try {
      await this.#driver.until(Promise.all(visits), 'The end of the day');
    } finally {
      this.#progress = null;
    }
    const took = performance.now() - begun;
    const now = this.#clock.elapsed();
    return report(this.#records.slice(first), { now, refused: progress.refused, took });
  }

  /** What is expected of all chats; time does not pass for it. */
  expect(): WorldExpectations {
    return new WorldExpectations(
      () => this.#records,
      () => this.#clock.elapsed(),
      this.seed,
    );
  }

  /** All chats so far, one below the other, without ids: the same for the same seed. */
  get transcript(): string {
    return this.#records.map((record) => `# ${record.visitor}\n${record.transcript}`).join('\n');
  }

  /**
   * Compares the transcript with the file, which is written where it is missing, or when the environment
   * has `PARLEY_GOLDEN=write`.
   * @throws AssertionError with the first line that differs
   */
  golden(file: string): void {
    checkGolden(file, this.transcript);
  }

  /** Ends the simulation: the bot stops as on SIGTERM, and everything is gone. */
  async stop(): Promise<void> {
    this.#faults.abort();
    this.#network.faults = {};
    this.#progress = null;
    this.#bot?.crash();
    await this.#server?.stop();
    this.#server = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #stepped(): void {
    if (this.#progress === null) return;
    const now = performance.now();
    if (now - this.#printed < PRINT_EVERY) return;
    this.#printed = now;
    this.#print(this.#progress());
  }

  /** What a chat is called in every run of the same seed. */
  #nameOf(chat: string): string {
    return this.#byId.get(chat)?.visitor ?? 'a chat';
  }

  /** Takes note of what visitors cannot see, and of whose a chat is, whatever becomes of the answer. */
  #observe({ client, method, url, status, key, body, location }: Observed): void {
    const [chat] = /H\d+-\w+$/.exec(location ?? '') ?? [];
    const comes = this.#coming.get(client);
    if (chat !== undefined && comes !== undefined) this.#byId.set(chat, comes);
    const plain = url.pathname.replace(/\.json$/, '');
    const path = /\/chat\/([^/]+)\/(transfer|escalation|events)$/.exec(plain);
    if (path === null || method !== 'POST' || status >= 300 || body === undefined) return;
    const record = this.#byId.get(decodeURIComponent(path[1] ?? ''));
    if (record === undefined || (key !== null && this.#seen.has(key))) return;
    if (key !== null) this.#seen.add(key);
    const at = this.#clock.elapsed();
    const document = JSON.parse(body) as Posted;
    if (path[2] === 'escalation') {
      const { skillId, text = null } = document.escalation ?? {};
      const to = skillId === undefined ? 'people' : this.#skillName(skillId);
      record.add({ at, what: 'transfer', by: client, to, note: text });
    } else if (path[2] === 'transfer') {
      const { skill, agent, text = null } = document.transfer ?? {};
      const to = skill === undefined ? `agent ${agent?.id}` : this.#skillName(skill.id);
      record.add({ at, what: 'transfer', by: client, to, note: text });
    } else if (document.event?.subType === 'ONLY_TO_REP') {
      record.add({ at, what: 'whisper', by: client, text: document.event.text ?? '' });
    }
  }

  #skillName(id: number): string {
    return this.#server?.skillName(id) ?? `skill ${id}`;
  }
}

/** What is posted to a chat, as far as it is of interest. */
interface Posted {
  readonly transfer?: {
    readonly skill?: { readonly id: number };
    readonly agent?: { readonly id: number };
    readonly text?: string;
  };
  readonly escalation?: { readonly skillId?: number; readonly text?: string };
  readonly event?: { readonly subType?: string; readonly text?: string };
}

/**
 * Begins a simulation.
 * @example
 * await using world = await simulate({ bot });
 * const ann = await world.visitor({ name: 'Ann' });
 * await ann.says('Where is order 17?');
 * ann.expect().agentSaid(/order/);
 */
export function simulate(options: SimulateOptions = {}): Promise<World> {
  return World.begin(options);
}
