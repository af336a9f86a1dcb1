/**
 * Lines by a plan, and those who follow by long poll. The latency of a line counts from the moment it
 * was to be sent, so that a server that stalls cannot hide it, to the other party's answer with it.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Samples } from '../load/latencies.js';
import { everySecond } from '../load/open-loop.js';
import { AnswerReader, type WholeAnswer } from './answers.js';
import type { Pair, PairsResult } from './messages.js';

/** What a poll asks the server to wait at most, seconds. */
const WAIT = 60;
/** Lines under way at the end of the plan have so long, ms. */
const GRACE_MS = 10_000;
/** Stands for the moment of a line that does not count. */
const FIRST = -1;
/** The polls wait by then, ms. */
const SETTLE_MS = 500;
/** Connections that are opened at once. */
const AT_ONCE = 50;
const NEXT = /from=(\d+)/;

interface Follower {
  readonly pair: Pair;
  writer: Socket | null;
  readonly poller: Socket;
  /** The id that the next event will have, as far as the poller knows. */
  next: number;
  delivered: number;
  /** When the lines that are not delivered, or not acknowledged, were to be sent. */
  readonly undelivered: number[];
  readonly unacknowledged: number[];
  /** Called when a line was acknowledged. */
  onWritten: () => void;
  /** Lines that are due while one is under way: a writer sends one at a time. */
  readonly due: number[];
}

/** @throws Error when an answer is not as expected, or lines are missing at the end. */
export async function runPairs(
  port: number,
  pairs: readonly Pair[],
  seconds: number,
  seed: number,
): Promise<PairsResult> {
  const delivered = new Samples();
  const acknowledged = new Samples();
  const lateness = new Samples();
  const arrivals = everySecond(pairs.length, seconds, seed);
  const followers: Follower[] = [];
  let left = arrivals.length;
  let over: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const end = new Promise<void>((resolve, reject) => {
    over = resolve;
    fail = reject;
  });
  end.catch(() => {});

  const poll = ({ poller, pair, next }: Follower) =>
    poller.write(`GET ${pair.target}${next}&wait=${WAIT} HTTP/1.1\r\n${pair.headers}`);
  const send = (follower: Follower, due: number) => {
    follower.unacknowledged.push(due);
    follower.undelivered.push(due);
    follower.writer?.write(follower.pair.line);
  };

  const onPolled = (follower: Follower, { status, body }: WholeAnswer) => {
    if (status !== 200) return fail(new Error(`A poll was answered ${status}: ${body}`));
    const next = Number(NEXT.exec(body)?.[1]);
    const now = performance.now();
    for (let id = follower.next; id < next; id += 1) {
      const due = follower.undelivered.shift();
      if (due === undefined) return fail(new Error(`Nobody wrote event ${id}: ${body}`));
      follower.delivered += 1;
      if (due === FIRST) continue;
      delivered.add(now - due);
      left -= 1;
    }
    follower.next = next;
    if (left === 0) over();
    else poll(follower);
  };
  const onWritten = (follower: Follower, { status, body }: WholeAnswer) => {
    if (status !== 201) return fail(new Error(`A line was answered ${status}: ${body}`));
    const due = follower.unacknowledged.shift();
    if (due !== undefined && due !== FIRST) acknowledged.add(performance.now() - due);
    follower.onWritten();
    const after = follower.due.shift();
    if (after !== undefined) send(follower, after);
  };

  const of = (index: number, use: (follower: Follower) => void) => {
    const follower = followers[index];
    if (follower !== undefined) use(follower);
  };
  const open = async (onAnswer: (answer: WholeAnswer) => void): Promise<Socket> => {
    const reader = new AnswerReader();
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.on('data', (chunk) => {
      const answer = reader.push(chunk);
      if (answer !== null) onAnswer(answer);
    });
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
      const poller = await open((answer) => of(index, (follower) => onPolled(follower, answer)));
      const lists = { undelivered: [], unacknowledged: [], due: [] };
      const at = { next: pair.next, delivered: 0, onWritten: () => {} };
      const follower: Follower = { pair, writer: null, poller, ...at, ...lists };
      followers[index] = follower;
      poll(follower);
    });
    await Promise.race([connecting, end]);
    // A connection that asks nothing is closed after a while, so each writes a line that does not count.
    const writing = inParallel(pairs, async (_, index) => {
      const writer = await open((answer) => of(index, (follower) => onWritten(follower, answer)));
      await new Promise<void>((resolve) => {
        of(index, (follower) => {
          follower.writer = writer;
          follower.onWritten = resolve;
          send(follower, FIRST);
        });
      });
    });
    await Promise.race([writing, end]);
    // The polls are to wait before the first line comes.
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
        if (follower.unacknowledged.length === 0) send(follower, due);
        else follower.due.push(due);
      }
      setTimeout(sendDue, 1);
    };
    sendDue();
    const timer = setTimeout(
      () => fail(new Error(`${left} of ${arrivals.length} lines did not come.`)),
      seconds * 1000 + GRACE_MS,
    );
    await end.finally(() => clearTimeout(timer));
  } finally {
    for (const { writer, poller } of followers) {
      for (const socket of [writer, poller]) socket?.removeAllListeners('end').destroy();
    }
  }
  return {
    delivered: delivered.values(),
    acknowledged: acknowledged.values(),
    lateness: lateness.values(),
    lines: followers.map((follower) => follower.delivered),
  };
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
