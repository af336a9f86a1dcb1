/** The lives of a server that is killed again and again while visitors and agents chat. */
import { openSqliteStore } from '@parley/store';
import { parseRecord, replacement } from '../../src/config/records.js';
import { DEMO_ACCOUNT } from '../harness.js';
import { AgentActor } from './agent.js';
import { Checker } from './checker.js';
import { completeAll } from './complete.js';
import { Ledger } from './ledger.js';
import { Line } from './line.js';
import { Random } from './random.js';
import { ServerProcess } from './server-process.js';
import { Visitor } from './visitor.js';

/** Few, so that chats queue up and agents are full. */
export const MAX_CHATS: Readonly<Record<string, number>> = { agent1: 2, agent2: 2, bot1: 3 };
const VISITORS = 8;

/** How a life ends. */
type End =
  /** Killed while it starts, so many ms after it began. */
  | { readonly by: 'kill at start'; readonly afterMs: number }
  /** Killed so many ms after the clients sent that many requests. */
  | { readonly by: 'kill'; readonly afterSent: number; readonly afterMs: number }
  /** Asked to stop, and killed so many ms later. */
  | { readonly by: 'kill in stop'; readonly afterSent: number; readonly afterMs: number }
  /** Asked to stop, and left to it. */
  | { readonly by: 'stop'; readonly afterSent: number };

/** Lets a server make the demo account, and then gives its agents fewer chats. */
export async function prepare(dataDir: string): Promise<void> {
  const server = new ServerProcess(dataDir);
  await server.ready;
  await server.end('SIGTERM');
  const store = await openSqliteStore({ directory: dataDir });
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const changes = items.flatMap((item) => {
    const { id, revision: _, ...user } = parseRecord('user', item);
    const maxChats = MAX_CHATS[user.loginName];
    return maxChats === undefined ? [] : [replacement('user', id, { ...user, maxChats })];
  });
  await store.config.write(DEMO_ACCOUNT, { changes });
  await store.close();
}

export class Lives {
  readonly ledger = new Ledger();
  readonly agents: readonly AgentActor[];
  /** What went on, for who wants to know. */
  readonly counts = { lives: 0, kills: 0, killedAtStart: 0, stops: 0, calls: 0 };
  /** Ms from start to ready, of each start that got there. */
  readonly starts: number[] = [];
  readonly #dataDir: string;
  readonly #random: Random;
  readonly #visitors: readonly Visitor[];
  readonly #checker: Checker;
  #server: ServerProcess | null = null;

  constructor(dataDir: string, seed: number) {
    this.#dataDir = dataDir;
    this.#random = new Random(seed);
    this.agents = Object.keys(MAX_CHATS).map(
      (user) => new AgentActor(user, this.ledger, this.#random.fork()),
    );
    this.#visitors = Array.from(
      { length: VISITORS },
      () => new Visitor(this.ledger, this.#random.fork()),
    );
    this.#checker = new Checker(this.ledger, this.agents, this.#random.fork(), MAX_CHATS);
  }

  /** One life: start, check what the last one left behind, chat, end. */
  async live(): Promise<void> {
    this.counts.lives += 1;
    const end = this.#chooseEnd();
    const server = new ServerProcess(this.#dataDir);
    this.#server = server;
    if (end.by === 'kill at start') {
      await pause(end.afterMs);
      await server.end('SIGKILL');
      this.counts.kills += 1;
      this.counts.killedAtStart += 1;
      return;
    }
    const line = await this.#connect(server);
    await this.#checker.afterRestart(line.line);
    await this.#chatUntil(end, server, line);
    line.line.close();
  }

  /** A last life in which every chat is brought to its end; resolves when the server has stopped. */
  async complete(): Promise<void> {
    const server = new ServerProcess(this.#dataDir);
    this.#server = server;
    const { line } = await this.#connect(server);
    await this.#checker.afterRestart(line);
    await completeAll(line, this.ledger, this.agents);
    await this.#checker.everything(line);
    line.close();
    await this.#stop(server);
  }

  /** What went on, for people. */
  summary(): string {
    const { chats, counts, requests } = this.ledger;
    const writes = [...chats.values()].flatMap((chat) => chat.writes);
    const outcomes: Record<string, number> = {};
    for (const { outcome } of writes) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return JSON.stringify({
      ...this.counts,
      ...counts,
      chats: chats.size,
      requests: requests.size,
      writes: outcomes,
      startMs: this.#usualStart(),
    });
  }

  /** Leaves no process behind. */
  async abandon(): Promise<void> {
    await this.#server?.end('SIGKILL');
  }

  #chooseEnd(): End {
    const random = this.#random;
    const by = random.weighted({ kill: 30, 'kill at start': 3, 'kill in stop': 2, stop: 2 });
    const afterSent = 1 + random.below(random.of([30, 150, 300]));
    const afterMs = random.oneIn(2) ? 0 : random.below(8);
    if (by === 'kill at start') return { by, afterMs: random.below(this.#usualStart()) };
    return by === 'stop' ? { by, afterSent } : { by, afterSent, afterMs };
  }

  #usualStart(): number {
    const sorted = this.starts.toSorted((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 300);
  }

  async #connect(server: ServerProcess) {
    const origin = await server.ready;
    this.starts.push(server.readyAfter);
    const heard = { sent: (_count: number) => {} };
    const line = new Line(
      origin,
      (count) => heard.sent(count),
      (what) => this.ledger.wrong(what),
    );
    return { line, heard };
  }

  async #chatUntil(
    end: Exclude<End, { by: 'kill at start' }>,
    server: ServerProcess,
    { line, heard }: { readonly line: Line; readonly heard: { sent: (count: number) => void } },
  ): Promise<void> {
    let over = false;
    let before = -1;
    const ended = new Promise<void>((resolve, reject) => {
      heard.sent = (count) => {
        this.counts.calls += 1;
        if (before < 0) before = count - 1;
        if (count - before !== end.afterSent) return;
        const done = () => {
          over = true;
        };
        this.#end(end, server, done).then(resolve, reject);
      };
    });
    const act = async (step: (line: Line) => Promise<void>) => {
      while (!over) await step(line);
    };
    await Promise.all([
      ended,
      ...this.#visitors.map((visitor) => act((on) => visitor.step(on))),
      ...this.agents.map((agent) => act((on) => agent.step(on))),
    ]);
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
      this.ledger.wrong(
        `asked to stop, the server ended by ${signal ?? code}: ${server.complaints}`,
      );
    }
  }
}

/** The kill comes at an instant, not at an event; so this is the one place that lets time pass. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
