/** The lives of a server that is killed again and again while visitors and agents chat. */
import { openSqliteStore, type Store } from '@parley/store';
import { creation, parseRecord, replacement } from '../../src/config/records.js';
import { DEMO_ACCOUNT } from '../harness.js';
import { completeAll } from './complete.js';
import { Crowd, MAX_CHATS } from './crowd.js';
import { KINDS, type Kind, Line } from './line.js';
import { Random } from './random.js';
import { ServerProcess } from './server-process.js';

/** When a life ends. */
type Moment =
  /** After so many requests. */
  | { readonly at: 'request'; readonly number: number }
  /** As soon as a request of that kind is answered. */
  | { readonly at: 'answer'; readonly kind: Kind }
  /** As soon as somebody is shown a line before its author has an answer. */
  | { readonly at: 'news' };

/** How a life ends. */
type End =
  /** Killed while it starts, so many ms after it began. */
  | { readonly by: 'kill at start'; readonly afterMs: number }
  /** Killed so many ms after the moment. */
  | { readonly by: 'kill'; readonly moment: Moment; readonly afterMs: number }
  /** Asked to stop, and killed so many ms later. */
  | { readonly by: 'kill in stop'; readonly moment: Moment; readonly afterMs: number }
  /** Asked to stop, and left to it. */
  | { readonly by: 'stop'; readonly moment: Moment };

/** How long rings and sessions wait, seconds: longer than any test. */
const PATIENCE_S = 3_600;

/** How many servers read their code ahead: it takes longer than a life. */
const WAITING_SERVERS = 2;

/** How slow the disks are, ms a write: what is told too early is lost the more surely. */
const DISK_MS = [0, 2, 8];

/** Requests after which a life ends even if no answer of the kind came. */
const MOST_REQUESTS = 400;

/**
 * Lets a server make the demo account, after some that were killed while they did, and gives its
 * agents fewer chats.
 * @param killAfterMs when to kill each of the first ones
 */
export async function prepare(dataDir: string, killAfterMs: readonly number[]): Promise<void> {
  for (const ms of killAfterMs) {
    const killed = new ServerProcess(dataDir).begin();
    await pause(ms);
    await killed.end('SIGKILL');
  }
  const server = new ServerProcess(dataDir).begin();
  await server.ready;
  await server.end('SIGTERM');
  const store = await openSqliteStore({ directory: dataDir });
  await limitChats(store);
  await store.close();
}

/**
 * Gives the demo's agents fewer chats, so that chats queue up and agents are full, and patience, so
 * that no agent turns Away and no session is lost because a machine is slow.
 */
export async function limitChats(store: Store): Promise<void> {
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const users = items.flatMap((item) => {
    const { id, revision: _, ...user } = parseRecord('user', item);
    const maxChats = MAX_CHATS[user.loginName];
    return maxChats === undefined ? [] : [replacement('user', id, { ...user, maxChats })];
  });
  const patience = { ringSeconds: PATIENCE_S, agentLostSeconds: PATIENCE_S };
  const settings = await store.config.list(DEMO_ACCOUNT, 'settings');
  const before = settings.items.at(0);
  const change =
    before === undefined
      ? creation('settings', patience)
      : replacement('settings', before.id, { ...JSON.parse(before.data), ...patience });
  await store.config.write(DEMO_ACCOUNT, { changes: [...users, change] });
}

export class Lives {
  readonly crowd: Crowd;
  /** What went on, for who wants to know. */
  readonly counts = {
    lives: 0,
    kills: 0,
    killedAtStart: 0,
    stops: 0,
    calls: 0,
    checkingMs: 0,
    chattingMs: 0,
  };
  /** Ms from start to ready, of each start that got there. */
  readonly starts: number[] = [];
  readonly #dataDir: string;
  readonly #random: Random;
  /** The server that lives, and those that have read their code and wait for their turn. */
  readonly #servers: ServerProcess[] = [];

  constructor(dataDir: string, seed: number) {
    this.#dataDir = dataDir;
    this.#random = new Random(seed);
    this.crowd = new Crowd(this.#random);
  }

  /** One life: start, check what the last one left behind, chat, end. */
  async live(): Promise<void> {
    this.counts.lives += 1;
    const end = this.#chooseEnd();
    const server = this.#nextServer();
    if (end.by === 'kill at start') {
      await pause(end.afterMs);
      await server.end('SIGKILL');
      this.counts.kills += 1;
      this.counts.killedAtStart += 1;
      return;
    }
    const line = await this.#connect(server);
    const ready = performance.now();
    await this.crowd.checker.afterRestart(line);
    const checked = performance.now();
    await this.#chatUntil(end, server, line);
    this.counts.checkingMs += Math.round(checked - ready);
    this.counts.chattingMs += Math.round(performance.now() - checked);
    line.close();
  }

  /** A last life in which every chat is brought to its end; resolves when the server has stopped. */
  async complete(): Promise<void> {
    const server = this.#nextServer();
    const line = await this.#connect(server);
    await this.crowd.checker.afterRestart(line);
    await completeAll(line, this.crowd);
    await this.crowd.checker.everything(line);
    line.close();
    await this.#stop(server);
  }

  /** What went on, for people. */
  summary(): string {
    const startMs = this.#usualStart();
    return JSON.stringify({ ...this.counts, startMs, ...this.crowd.summary() });
  }

  /** Leaves no process behind. */
  async abandon(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.end('SIGKILL')));
  }

  #nextServer(): ServerProcess {
    this.#servers.shift();
    while (this.#servers.length <= WAITING_SERVERS) {
      const slowMs = this.#random.of(DISK_MS);
      this.#servers.push(new ServerProcess(this.#dataDir, { slowMs }));
    }
    const [server] = this.#servers;
    if (server === undefined) throw new Error('there is no server to begin');
    return server.begin();
  }

  #chooseEnd(): End {
    const random = this.#random;
    const by = random.weighted({ kill: 30, 'kill at start': 3, 'kill in stop': 2, stop: 2 });
    if (by === 'kill at start') return { by, afterMs: random.below(this.#usualStart()) };
    const moment = this.#chooseMoment();
    // Right after an answer it shows whether what was told is on disk.
    const afterMs = moment.at !== 'request' || random.oneIn(2) ? 0 : random.below(8);
    return by === 'stop' ? { by, moment } : { by, moment, afterMs };
  }

  #chooseMoment(): Moment {
    const random = this.#random;
    const at = random.weighted({ request: 4, answer: 5, news: 2 });
    if (at === 'answer') return { at, kind: random.of(KINDS) };
    if (at === 'news') return { at };
    return { at, number: random.below(random.of([30, 100, 250])) };
  }

  #usualStart(): number {
    const sorted = this.starts.toSorted((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 300);
  }

  async #connect(server: ServerProcess): Promise<Line> {
    const origin = await server.ready;
    this.starts.push(server.readyAfter);
    return new Line(origin, (what) => this.crowd.ledger.wrong(what));
  }

  async #chatUntil(
    end: Exclude<End, { by: 'kill at start' }>,
    server: ServerProcess,
    line: Line,
  ): Promise<void> {
    const { moment } = end;
    let over = false;
    const ended = new Promise<void>((resolve, reject) => {
      let sent = 0;
      const now = () => {
        line.listener = null;
        this.crowd.ledger.onNews = () => {};
        const done = () => {
          over = true;
        };
        this.#end(end, server, done).then(resolve, reject);
      };
      if (moment.at === 'news') this.crowd.ledger.onNews = now;
      line.listener = {
        sent: () => {
          this.counts.calls += 1;
          sent += 1;
          if (sent === (moment.at === 'request' ? moment.number + 1 : MOST_REQUESTS)) now();
        },
        answered: (kind) => {
          if (moment.at === 'answer' && kind === moment.kind) now();
        },
      };
    });
    await Promise.all([ended, this.crowd.chat(line, () => over)]);
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
    const { code, signal } = await server.end('SIGTERM');
    if (code !== 0) {
      this.crowd.ledger.wrong(
        `asked to stop, the server ended by ${signal ?? code}: ${server.complaints}`,
      );
    }
  }
}

/** The kill comes at an instant, not at an event; so this is the one place that lets time pass. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
