/**
 * Lines, and those who follow. By a plan the latency of a line counts from the moment it was to be sent,
 * so that a server that stalls cannot hide it, to the other party's bytes with it; of busy pairs, where each
 * line waits for the one before, it is how many there are that counts.
 *
 * Not by the SDK: load/generator.ts says why.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Samples } from '../load/latencies.js';
import { everySecond } from '../load/open-loop.js';
import { AnswerReader, type WholeAnswer } from './answers.js';
import type { Pair, PairsResult, PushJob } from './messages.js';
import { type Reader, readerOf } from './readers.js';

/** Lines under way at the end of the plan have so long, ms. */
const GRACE_MS = 10_000;
/** A line under way, ms. */
interface Sent {
  /** When it was to be sent; null for one that does not count. */
  readonly due: number | null;
  /** When it was, or was to be, where it waited for the answer to the one before. */
  readonly since: number;
}

/** The readers wait by then, ms. */
const SETTLE_MS = 500;
/** Connections that are opened at once. */
const AT_ONCE = 50;

type PairsJob = Extract<PushJob, { kind: 'pairs' }>;

interface Follower {
  readonly pair: Pair;
  writer: Socket | null;
  readonly reader: Reader;
  /** The reader's connection. */
  readonly socket: Socket;
  /** The id that the next event will have, as far as the reader knows. */
  next: number;
  delivered: number;
  /** The lines that are not delivered, and those that are not acknowledged. */
  readonly undelivered: Sent[];
  readonly unacknowledged: Sent[];
  /** Called when the reader's stream has begun, and when a line was acknowledged. */
  onBegun: () => void;
  onWritten: () => void;
  /** Lines that are due while one is under way: a writer sends one at a time. */
  readonly due: number[];
}

/** @throws Error when an answer is not as expected, or lines are missing at the end. */
export async function runPairs(job: PairsJob): Promise<PairsResult> {
  const { port, pairs, pace, seconds, seed } = job;
  const delivered = new Samples();
  const carried = new Samples();
  const acknowledged = new Samples();
  const lateness = new Samples();
  const arrivals = pace === 'busy' ? [] : everySecond(pairs.length, seconds, seed);
  const cpuBefore = process.cpuUsage();
  const followers: Follower[] = [];
  let left = arrivals.length;
  /** When busy pairs send no more, ms. */
  let until = 0;
  let took = 0;
  let over: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const end = new Promise<void>((resolve, reject) => {
    over = resolve;
    fail = reject;
  });
  end.catch(() => {});

  const ask = ({ socket, reader, next }: Follower) => socket.write(reader.ask(next));
  const send = (follower: Follower, sent: Sent) => {
    follower.unacknowledged.push(sent);
    follower.undelivered.push(sent);
    follower.writer?.write(follower.pair.line);
  };

  /** A busy pair goes on when both have the line; the last one over ends it. */
  const goOn = (follower: Follower) => {
    if (until === 0 || follower.undelivered.length + follower.unacknowledged.length > 0) return;
    const now = performance.now();
    if (now < until) send(follower, { due: now, since: now });
    else if (followers.every(isAtRest)) over();
  };

  const onRead = (follower: Follower, chunk: Buffer) => {
    const { reader, socket } = follower;
    let next: number | null;
    try {
      next = reader.take(chunk);
    } catch (error) {
      return fail(error as Error);
    }
    const reply = reader.reply();
    if (reply !== null) socket.write(reply);
    if (reader.hasBegun) follower.onBegun();
    if (next === null) return;
    const now = performance.now();
    for (let id = follower.next; id < next; id += 1) {
      const sent = follower.undelivered.shift();
      if (sent === undefined) return fail(new Error(`Nobody wrote event ${id}.`));
      follower.delivered += 1;
      if (sent.due === null) continue;
      delivered.add(now - sent.due);
      carried.add(now - sent.since);
      left -= 1;
    }
    follower.next = next;
    if (left === 0 && pace === 'every-second') over();
    else if (reader.asksAgain) ask(follower);
    if (pace === 'busy') goOn(follower);
  };
  const onWritten = (follower: Follower, { status, body }: WholeAnswer) => {
    if (status !== 201) return fail(new Error(`A line was answered ${status}: ${body}`));
    const due = follower.unacknowledged.shift()?.due ?? null;
    if (due !== null) acknowledged.add(performance.now() - due);
    follower.onWritten();
    const after = follower.due.shift();
    if (after !== undefined) send(follower, { due: after, since: after });
    if (pace === 'busy') goOn(follower);
  };

  const of = (index: number, use: (follower: Follower) => void) => {
    const follower = followers[index];
    if (follower !== undefined) use(follower);
  };
  const open = async (onData: (chunk: Buffer) => void): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.on('data', onData);
    const opened = performance.now();
    socket.on('end', () => {
      const seconds = ((performance.now() - opened) / 1000).toFixed(1);
      fail(new Error(`The server closed a connection ${seconds} s after it was opened.`));
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.on('error', fail);
    return socket;
  };

  try {
    const connecting = inParallel(pairs, async (pair, index) => {
      const socket = await open((chunk) => of(index, (follower) => onRead(follower, chunk)));
      const lists = { undelivered: [], unacknowledged: [], due: [] };
      const at = { next: pair.next, delivered: 0, onWritten: () => {}, onBegun: () => {} };
      const reader = readerOf(job.over, pair);
      const follower: Follower = { pair, writer: null, reader, socket, ...at, ...lists };
      followers[index] = follower;
      ask(follower);
      if (reader.hasBegun) return;
      await new Promise<void>((resolve) => {
        follower.onBegun = resolve;
      });
    });
    await Promise.race([connecting, end]);
    // A connection that asks nothing is closed after a while, so each writes a line that does not count.
    const writing = inParallel(pairs, async (_, index) => {
      const answers = new AnswerReader();
      const writer = await open((chunk) => {
        const answer = answers.push(chunk);
        if (answer !== null) of(index, (follower) => onWritten(follower, answer));
      });
      await new Promise<void>((resolve) => {
        of(index, (follower) => {
          follower.writer = writer;
          follower.onWritten = resolve;
          send(follower, { due: null, since: performance.now() });
        });
      });
    });
    await Promise.race([writing, end]);
    // The readers are to wait before the first line comes.
    await pause(SETTLE_MS);
    const start = performance.now();
    let planned = 0;
    const sendDue = () => {
      const now = performance.now();
      for (;;) {
        const arrival = arrivals[planned];
        if (arrival === undefined) return;
        const due = start + arrival.at;
        if (due > now) break;
        planned += 1;
        const follower = followers[arrival.client];
        if (follower === undefined) continue;
        lateness.add(now - due);
        if (follower.unacknowledged.length === 0) send(follower, { due, since: now });
        else follower.due.push(due);
      }
      setTimeout(sendDue, 1);
    };
    if (pace === 'busy') {
      until = start + seconds * 1000;
      for (const follower of followers) send(follower, { due: start, since: start });
    } else sendDue();
    const timer = setTimeout(
      () => fail(new Error(`${left} of ${arrivals.length} lines did not come.`)),
      seconds * 1000 + GRACE_MS,
    );
    await end.finally(() => clearTimeout(timer));
    took = (performance.now() - start) / 1000;
  } finally {
    for (const { writer, socket: reading } of followers) {
      for (const socket of [writer, reading]) socket?.removeAllListeners('end').destroy();
    }
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    seconds: took,
    loadCpu: (user + system) / 1e6,
    delivered: delivered.values(),
    carried: carried.values(),
    acknowledged: acknowledged.values(),
    lateness: lateness.values(),
    lines: followers.map((follower) => follower.delivered),
  };
}

/** Its last line was delivered, and acknowledged. */
function isAtRest({ undelivered, unacknowledged }: Follower): boolean {
  return undelivered.length === 0 && unacknowledged.length === 0;
}

async function inParallel<T>(
  all: readonly T[],
  work: (each: T, index: number) => Promise<void>,
): Promise<void> {
  const left = [...all.entries()];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await work(next[1], next[0]);
    }
  });
  await Promise.all(workers);
}
