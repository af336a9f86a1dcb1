/** Requests that wait or go on, and whoever keeps them. */
import type { Topic } from '@parley/engine';
import type { Answer, Outcome } from './answer.js';
import type { StreamAnswer } from './stream.js';
import type { Woken } from './tracing.js';
import type { Transport } from './transport.js';
import type { Turn, Wait } from './wait.js';

/** A request that waits, as whoever took it knows it. */
export interface WaitingRequest {
  readonly accountId: string;
  /** Where it came from: waits are counted, and seen to, by network. */
  readonly network: string;
  /** Nobody is there any more to be answered. */
  readonly isClosed: boolean;
  /** Calls back once, when the answer is sent or the client is gone. */
  onClosed(callback: () => void): void;
  /** Makes the call again, with all its checks. */
  ask(turn: Turn): Outcome | Promise<Outcome>;
  /**
   * Sends the answer, or the error; never throws.
   * @param woken by what, where that is recorded
   */
  answer(made: Answer, woken: Woken | null): void;
  fail(error: unknown): void;
}

/** Whoever keeps the requests that wait. */
export interface Waiters {
  begin(request: WaitingRequest, wait: Wait, looked: 'now' | 'earlier'): void;
  /** Something else than an event changed: whoever watches the topic looks again. */
  changed(accountId: string, topic: Topic): void;
}

/** The request that a stream answers. */
export interface StreamRequest {
  readonly accountId: string;
  readonly network: string;
  /** Makes the call again, with all its checks. */
  ask(turn: Turn): Outcome | Promise<Outcome>;
  /** To be called with what woke the stream, where that is recorded, when its first frame was sent. */
  pushed(woken: Woken): void;
}

/** A stream that was begun. */
export interface OpenStream {
  /** The session or chat that it is of. */
  readonly place: string;
  readonly phase: 'starting' | 'open' | 'over';
  /** To be called when the reader's connection is gone. */
  gone(): void;
}

/** Whoever keeps the streams. */
export interface StreamOpener {
  /** @throws WireError when there is no place for another stream. */
  requirePlace(request: StreamRequest, answer: StreamAnswer): void;
  /** Begins a stream; whoever knows that its reader went says so. */
  begin(request: StreamRequest, transport: Transport, answer: StreamAnswer): OpenStream;
  /** Somebody lives at the other end of a stream. */
  alive(stream: OpenStream): void;
  /** Something was sent over a stream by somebody else: whoever does not read is dropped. */
  sent(stream: OpenStream): void;
  /** Somebody types in a chat, or stopped. */
  typed(accountId: string, chatId: string): void;
}
