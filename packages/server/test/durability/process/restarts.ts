/**
 * The lives of a server that is killed again and again, loses power, is stopped, has its clock set
 * and its disk fail, while visitors, agents and administrators go on.
 */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { Crowd, limitChats } from '../clients/crowd.js';
import { Disk, FINE } from '../disk/disk.js';
import { Random } from '../random.js';
import { chooseEnd, type End } from './ends.js';
import { type Bug, ServerProcess } from './server-process.js';
import { within } from './within.js';

/** What happens in the middle of a life. */
export type Trouble = 'none' | 'stopped' | 'standstill' | 'clock' | 'failing disk' | 'full disk';

/** How many servers read their code ahead, unless said otherwise: it takes longer than a life. */
const WAITING_SERVERS = 2;

/**
 * How slow the disks are, ms: before a write is begun, so that what is answered too early is lost the more
 * surely, and within a sync, so that power is cut there.
 */
const DISKS = [
  { slowMs: 0, syncMs: 0 },
  { slowMs: 4, syncMs: 0 },
  { slowMs: 0, syncMs: 4 },
  { slowMs: 2, syncMs: 12 },
];

/** Calls after which a life ends even if no answer of the kind came. */
const MAX_CALLS = 400;

/** What goes wrong, one after another, in any order and then again: none of it is left to luck. */
const TROUBLES = [
  'none',
  'stopped',
  'standstill',
  'clock',
  'failing disk',
  'full disk',
] as const satisfies readonly Trouble[];

/** Longest that any step of a life may take on a busy machine, ms. */
const MAX_STEP_MS = 60_000;
const MAX_CHAT_MS = 100;

const MINUTE = 60_000;

/** By how much clocks are set, minutes. */
const JUMPS = [-600, -60, -1, 1, 60, 600];

export interface RestartsOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly seed: number;
  readonly about: string;
  /** Where the history is kept; nowhere when null. */
  readonly file: string | null;
  /** Whether the disk says that it synced and never does. */
  readonly lies?: boolean;
  readonly bug?: Bug;
  /** How many servers read their code ahead. */
  readonly waiting?: number;
  /** What goes wrong within each life; one after another unless given. */
  readonly trouble?: Trouble;
  /** How slow every life's disk is; one of several unless given. */
  readonly disk?: (typeof DISKS)[number];
  /** By how much clocks are set, minutes. */
  readonly jumps?: readonly number[];
}

export class Restarts {
  readonly crowd: Crowd;
  /** What went on, for who wants to know. */
  readonly counts = { restarts: 0, kills: 0, cuts: 0, killedAtStart: 0, stops: 0, calls: 0 };
  readonly troubles: Record<Trouble, number> = {
    none: 0,
    stopped: 0,
    standstill: 0,
    clock: 0,
    'failing disk': 0,
    'full disk': 0,
  };
  /** Ms from start to ready, of each start that got there. */
  readonly starts: number[] = [];
  /** The error log of each life that wrote one, the last of it. */
  readonly logs: string[] = [];
  readonly #options: RestartsOptions;
  readonly #disk: Disk;
  readonly #random: Random;
  /** The server that lives, and those that have read their code and wait for their turn. */
  readonly #servers: ServerProcess[] = [];
  /** What is still to go wrong of `TROUBLES`. */
  #troublesLeft: Trouble[] = [];
  /** How far the clocks are off, ms. */
  #set = 0;
  #stood = 0;

  constructor(options: RestartsOptions) {
    const { folder, seed, about, file, lies = false } = options;
    this.#options = options;
    this.#disk = new Disk(folder, lies);
    this.#random = new Random(seed);
    this.crowd = new Crowd(this.#random, about, file);
  }

  /** The folder of the data. */
  get dataDir(): string {
    return this.#disk.data;
  }

  /** Begins with a copy of the data that another server left. */
  async copy(dataDir: string): Promise<void> {
    await cp(dataDir, this.dataDir, { recursive: true });
  }

  /**
   * Lets a server make the demo account, after some that lost power while they did.
   * @param killed how many
   */
  async prepare(killed: number): Promise<void> {
    for (let round = 0; round < killed; round += 1) {
      const server = this.#newServer().begin();
      await pause(this.#random.below(400 << round));
      await server.end('SIGKILL');
      this.#disk.cutPower(this.#random);
    }
    const server = this.#newServer().begin();
    await server.ready;
    await this.#stop(server);
    this.#disk.cutPower(this.#random, 'everything');
    const store = await openSqliteStore({ directory: this.dataDir });
    await limitChats(store);
    await store.close();
  }

  /** One life: start, look at what the last one left behind, go on, end. */
  async live(): Promise<void> {
    const { crowd, counts } = this;
    counts.restarts += 1;
    const end = chooseEnd(this.#random, this.#usualStart());
    const server = this.#nextServer();
    if (end.by === 'kill at start') {
      await pause(end.afterMs);
      await this.#bounded('the kill', server.end('SIGKILL'));
      counts.kills += 1;
      counts.killedAtStart += 1;
      this.#afterEnd('kill', 'at start', server);
      return;
    }
    await this.#connect(server);
    await this.#bounded('the look at what was left', crowd.look());
    await this.#bounded(`the life that ends by ${end.by}`, this.#goUntil(end, server));
    crowd.disconnect();
    this.#afterEnd(end.by === 'stop' ? 'stop' : 'kill', end.by, server);
  }

  /** A last life in which every chat is brought to its end; then all is read from the disk. */
  async complete(): Promise<void> {
    const { crowd } = this;
    const server = this.#nextServer();
    await this.#connect(server);
    await this.#bounded('the last look', crowd.look());
    await this.#bounded('the end of all chats', crowd.finish(), this.#msOfAllChats());
    crowd.disconnect();
    await this.#stop(server);
    this.#afterEnd('stop', 'at the end', server);
    const ms = this.#msOfAllChats();
    await this.#bounded('the reading of the disk', crowd.readDisk(this.dataDir), ms);
    crowd.recorder.flush();
  }

  /** Leaves no process behind. */
  async abandon(): Promise<void> {
    this.crowd.recorder.flush();
    this.crowd.disconnect();
    await Promise.all(this.#servers.map((server) => server.end('SIGKILL')));
  }

  #bounded<T>(what: string, work: Promise<T>, ms = MAX_STEP_MS): Promise<T> {
    return within(ms, `in life ${this.counts.restarts} ${what}`, work);
  }

  /** Longest that it may take to read all chats that there ever were, ms. */
  #msOfAllChats(): number {
    const { over, live } = this.crowd.chats;
    return MAX_STEP_MS + (over.length + live.size) * MAX_CHAT_MS;
  }

  #newServer(slow: (typeof DISKS)[number] = { slowMs: 0, syncMs: 0 }): ServerProcess {
    const { folder, bug } = this.#options;
    const clockFile = join(folder, 'clock');
    return new ServerProcess(this.dataDir, { ...slow, disk: this.#disk, clockFile, bug });
  }

  #nextServer(): ServerProcess {
    this.#servers.shift();
    const { waiting = WAITING_SERVERS } = this.#options;
    while (this.#servers.length <= waiting) {
      this.#servers.push(this.#newServer(this.#options.disk ?? this.#random.of(DISKS)));
    }
    const [server] = this.#servers;
    if (server === undefined) throw new Error('there is no server to begin');
    // What its clocks were is forgotten with its process, but not what the machine's clock was.
    this.#stood = 0;
    this.#set = 0;
    return server.begin();
  }

  async #connect(server: ServerProcess): Promise<void> {
    const origin = await server.ready;
    this.starts.push(server.readyAfter);
    this.crowd.recorder.fault({ fault: 'ready', after: `${Math.round(server.readyAfter)} ms` });
    this.crowd.connect(origin);
  }

  /** What is on the disk now is what the next life finds. */
  #afterEnd(fault: 'kill' | 'stop', when: string, { complaints }: ServerProcess): void {
    const { recorder } = this.crowd;
    recorder.fault({ fault, when });
    if (complaints !== '') {
      recorder.fault({ fault: 'log', text: complaints });
      this.logs.push(`life ${this.counts.restarts}: ${complaints}`);
    }
    const isPlain = this.#random.oneIn(12);
    const lost = this.#disk.cutPower(this.#random, isPlain ? 'everything' : undefined);
    if (!isPlain) this.counts.cuts += 1;
    recorder.fault({ fault: 'power cut', lost });
  }

  #usualStart(): number {
    const sorted = this.starts.toSorted((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 300);
  }

  async #goUntil(end: Exclude<End, { by: 'kill at start' }>, server: ServerProcess): Promise<void> {
    const { recorder, chats } = this.crowd;
    const { moment } = end;
    let over = false;
    let troubled: Promise<void> = Promise.resolve();
    const ended = new Promise<void>((resolve, reject) => {
      let made = 0;
      let isEnding = false;
      const troubleAt = this.#random.below(40);
      const now = () => {
        if (isEnding) return;
        isEnding = true;
        recorder.onCall = () => {};
        recorder.onOutcome = () => {};
        chats.onNews = () => {};
        const done = () => {
          over = true;
        };
        troubled.then(() => this.#end(end, server, done)).then(resolve, reject);
      };
      if (moment.at === 'news') chats.onNews = now;
      recorder.onCall = () => {
        this.counts.calls += 1;
        made += 1;
        if (made === troubleAt) troubled = this.#trouble(server);
        if (made === (moment.at === 'call' ? moment.number + 1 : MAX_CALLS)) now();
      };
      recorder.onOutcome = (ask, outcome) => {
        if (moment.at === 'answer' && outcome === 'ok' && ask.do === moment.kind) now();
      };
    });
    await Promise.all([ended, this.crowd.go(() => over)]);
  }

  /** Something goes wrong, and is well again. */
  async #trouble(server: ServerProcess): Promise<void> {
    const { recorder } = this.crowd;
    const random = this.#random;
    const what = this.#options.trouble ?? this.#nextTrouble();
    this.troubles[what] += 1;
    switch (what) {
      case 'none':
        return;
      case 'stopped': {
        const ms = random.below(300);
        recorder.fault({ fault: 'standstill', forMs: ms });
        server.signal('SIGSTOP');
        await pause(ms);
        server.signal('SIGCONT');
        return;
      }
      case 'standstill': {
        const ms = random.of([20_000, 10 * MINUTE, 120 * MINUTE]);
        this.#stood += ms;
        recorder.fault({ fault: 'standstill', forMs: ms });
        server.setClock(this.#set, this.#stood);
        return;
      }
      case 'clock': {
        const by = random.of(this.#options.jumps ?? JUMPS) * MINUTE;
        this.#set += by;
        recorder.fault({ fault: 'clock', by });
        server.setClock(this.#set, this.#stood);
        return;
      }
      case 'failing disk':
      case 'full disk': {
        const weather =
          what === 'full disk'
            ? { ...FINE, writes: 1_000_000 }
            : { writes: 20_000, syncs: 100_000, openings: 100_000, reads: 100_000 };
        recorder.fault({ fault: 'weather', ...weather });
        this.#disk.weather(weather);
        await pause(50 + random.below(200));
        this.#disk.weather(FINE);
        recorder.fault({ fault: 'weather', ...FINE });
        return;
      }
      default:
        what satisfies never;
    }
  }

  #nextTrouble(): Trouble {
    if (this.#troublesLeft.length === 0) this.#troublesLeft = [...TROUBLES];
    const [next = 'none'] = this.#troublesLeft.splice(
      this.#random.below(this.#troublesLeft.length),
      1,
    );
    return next;
  }

  /** @param over called when the clients need not go on */
  async #end(
    end: Exclude<End, { by: 'kill at start' }>,
    server: ServerProcess,
    over: () => void,
  ): Promise<void> {
    if (end.by === 'stop') {
      this.counts.stops += 1;
      const stopped = this.#stop(server);
      await pause(2);
      over();
      return stopped;
    }
    if (end.by === 'kill in stop') server.signal('SIGTERM');
    if (end.afterMs > 0) await pause(end.afterMs);
    const killed = server.end('SIGKILL');
    over();
    await killed;
    this.counts.kills += 1;
  }

  async #stop(server: ServerProcess): Promise<void> {
    const { code, signal } = await this.#bounded('the stop', server.end('SIGTERM'));
    if (code !== 0) {
      this.crowd.recorder.complain(
        `asked to stop, the server ended by ${signal ?? code}: ${server.complaints}`,
      );
    }
  }
}

/** The kill comes at an instant, not at an event; so this is the one place that lets time pass. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
