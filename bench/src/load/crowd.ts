/** The clients of one measurement: their connections, what is under way, and what came of it. */
import { Connection } from './connection.js';
import { Samples } from './latencies.js';
import type { Job, JobResult } from './messages.js';

/** Beyond this no server is measured, but the machine's memory. */
const MAX_CLIENTS = 5_000;

/** A client: one connection with at most one request under way. */
export interface Client {
  readonly index: number;
  readonly connection: Connection;
  readonly request: Buffer;
  /** When the request under way counts from (`performance.now()`); null while there is none. */
  since: number | null;
  answered: number;
}

/** Called when a client's request is answered: it may send the next. Times are milliseconds. */
export type OnAnswer = (client: Client, now: number, latency: number) => void;

/** What came of a measurement. */
export type Answers = Pick<JobResult, 'answered' | 'latencies' | 'lateness'>;

export class Crowd {
  readonly clients: Client[] = [];
  readonly latencies = new Samples();
  readonly lateness = new Samples();
  readonly #expect: number;
  #onAnswer: OnAnswer = () => {};
  #onBroken: (error: Error) => void = () => {};
  #broken: Error | null = null;

  private constructor(expect: number) {
    this.#expect = expect;
  }

  /**
   * Connects every client of a job, and has each of its requests answered once: a server takes new
   * connections one at a time between requests, so on a busy one the last would wait for seconds.
   */
  static async connect(job: Job): Promise<Crowd> {
    if (job.requests.length > MAX_CLIENTS) {
      throw new Error(`A job has at most ${MAX_CLIENTS} clients, got ${job.requests.length}.`);
    }
    const crowd = new Crowd(job.expect);
    for (const [index, request] of job.requests.entries()) {
      const connection = await Connection.open(job.port, {
        onAnswer: (status) => crowd.#answered(index, status),
        onBroken: (reason) => crowd.#fail(`Client ${index}: ${reason}`),
      });
      crowd.clients.push({
        index,
        connection,
        request: Buffer.from(request, 'latin1'),
        since: null,
        answered: 0,
      });
    }
    await crowd.#inOneGo();
    return crowd;
  }

  /** Sends a client's request; its latency counts from `since`. */
  send(client: Client, since: number): void {
    client.since = since;
    client.connection.send(client.request);
  }

  /**
   * Runs until the drive says that it is done, and closes the connections.
   * @param drive Starts the clients and notes latencies; `done` ends the measurement.
   * @throws Error when an answer has another status than expected, or a connection breaks.
   */
  async run(drive: (done: () => void) => OnAnswer): Promise<Answers> {
    try {
      await this.#until(drive);
    } finally {
      for (const { connection } of this.clients) connection.close();
    }
    return {
      answered: this.clients.map(({ answered }) => answered),
      latencies: this.latencies.values(),
      lateness: this.lateness.values(),
    };
  }

  #until(drive: (done: () => void) => OnAnswer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onBroken = reject;
      if (this.#broken !== null) return reject(this.#broken);
      this.#onAnswer = drive(resolve);
    });
  }

  async #inOneGo(): Promise<void> {
    let left = this.clients.length;
    if (left === 0) return;
    await this.#until((done) => {
      for (const client of this.clients) this.send(client, performance.now());
      return () => {
        left -= 1;
        if (left === 0) done();
      };
    });
  }

  #answered(index: number, status: number): void {
    const client = this.clients[index];
    if (client === undefined || client.since === null) {
      this.#fail(`Client ${index} got an answer that it had not asked for.`);
      return;
    }
    if (status !== this.#expect) {
      this.#fail(`Client ${index} got status ${status} instead of ${this.#expect}.`);
      return;
    }
    const now = performance.now();
    const latency = now - client.since;
    client.since = null;
    client.answered += 1;
    this.#onAnswer(client, now, latency);
  }

  #fail(message: string): void {
    this.#broken ??= new Error(message);
    this.#onBroken(this.#broken);
  }
}
