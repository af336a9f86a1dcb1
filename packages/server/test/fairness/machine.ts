/**
 * A server in made-up time: the real queue of turns, an event loop and a disk whose parts take as long as
 * they do on a quiet machine (docs/benchmarks.md). What is found is the same wherever it runs, and however
 * busy that is.
 */
import { FairQueue } from '../../src/http/fair-queue.js';
import { randomFrom } from '../push-fixture.js';

/** One turn of the event loop with nothing in it, ms. */
const LOOP = 0.01;
/** To read a request and to see whose it is, which comes before anybody's turn, ms. */
const READ = 0.02;
/** One commit at least, what it takes longer by and large, and each line in it, ms. */
const COMMIT = 0.25;
const COMMIT_TAIL = 0.14;
const COMMIT_LINE = 0.03;
const SEED = 20_170_301;
const NETWORK = '192.0.2.1';

/** What a request takes on the main thread, ms. */
export interface Ask {
  readonly work: number;
  /** A line is on disk before it is answered, which takes so long; null for what only reads. */
  readonly answer: number | null;
}

export const POLL: Ask = { work: 0.06, answer: null };
export const LINE: Ask = { work: 0.15, answer: 0.08 };

export interface Client {
  readonly caller: string;
  readonly ask: Ask;
  readonly connections: number;
  /** Between an answer and the next request, ms. */
  readonly pause: number;
}

interface Request {
  readonly client: Client;
  readonly at: number;
}

export class Machine {
  readonly #queue = new FairQueue(() => this.#now);
  readonly #random = randomFrom(SEED);
  readonly #clients: readonly Client[];
  readonly #done = new Map<Client, number[]>();
  /** What the event loop finds when it looks, by when it is there. */
  #arriving: { readonly at: number; readonly take: () => void }[] = [];
  #committing = false;
  #toCommit: Request[] = [];
  #waiting = 0;
  #now = 0;

  constructor(clients: readonly Client[]) {
    this.#clients = clients;
    for (const client of clients) {
      this.#done.set(client, []);
      for (let each = 0; each < client.connections; each += 1) {
        this.#send(client, (each * client.pause) / client.connections);
      }
    }
  }

  /** Goes on until each client was answered so often since `from`. @returns how long each answer took, ms */
  async run(from: number, answers: number): Promise<ReadonlyMap<Client, readonly number[]>> {
    const isShort = () =>
      this.#clients.some((each) => (this.#done.get(each)?.length ?? 0) < answers);
    while (this.#now < from) await this.#loop();
    for (const done of this.#done.values()) done.length = 0;
    while (isShort()) await this.#loop();
    return this.#done;
  }

  async #loop(): Promise<void> {
    this.#now += LOOP;
    const next = Math.min(...this.#arriving.map(({ at }) => at));
    if (this.#waiting === 0) this.#now = Math.max(this.#now, next);
    const now = this.#now;
    const there = this.#arriving.filter(({ at }) => at <= now);
    this.#arriving = this.#arriving.filter(({ at }) => at > now);
    for (const { take } of there.toSorted((a, b) => a.at - b.at)) take();
    // The queue has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #send(client: Client, at: number): void {
    const request = { client, at };
    const take = () => {
      this.#now += READ;
      this.#inTurn(request, client.ask.work, false, () => {
        if (client.ask.answer === null) this.#answered(request);
        else {
          this.#toCommit.push(request);
          this.#commit();
        }
      });
    };
    this.#arriving.push({ at, take });
  }

  #inTurn({ client }: Request, ms: number, isBegun: boolean, then: () => void): void {
    this.#waiting += 1;
    const task = () => {
      this.#waiting -= 1;
      this.#now += ms;
      then();
    };
    this.#queue.add(NETWORK, task, client.caller, false, isBegun);
  }

  #commit(): void {
    if (this.#committing || this.#toCommit.length === 0) return;
    this.#committing = true;
    const batch = this.#toCommit;
    this.#toCommit = [];
    const take = () => {
      this.#committing = false;
      // The thread of the disk does not wait for the event loop to see what it did.
      this.#commit();
      for (const request of batch) {
        const { answer } = request.client.ask;
        this.#inTurn(request, answer ?? 0, true, () => this.#answered(request));
      }
    };
    // Half of a line's answers within 0.64 ms, 99 of 100 within 1.2, as was measured of one chat.
    const tail = -Math.log(1 - this.#random()) * COMMIT_TAIL;
    this.#arriving.push({ at: this.#now + COMMIT + tail + batch.length * COMMIT_LINE, take });
  }

  #answered({ client, at }: Request): void {
    this.#done.get(client)?.push(this.#now - at);
    this.#send(client, this.#now + client.pause);
  }
}

/** The value that 99 of 100 do not exceed. */
export function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;
}
