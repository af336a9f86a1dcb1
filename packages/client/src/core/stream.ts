/** Listening to a stream: one that breaks is resumed from where it was. */
import { onAbort, sleep } from './clock.js';
import type { Via } from './connection.js';
import type { Doc } from './document.js';
import type { ParleyError } from './errors.js';
import type { Http } from './http.js';
import { reconnectPause } from './retry.js';

/** One message of a stream. */
export interface Frame {
  readonly type: string;
  /** The position from which the stream resumes after this message; null: unchanged. */
  readonly position: string | null;
  readonly data: Doc;
}

/** The server sends something every 15 s: a stream that is silent for longer than this is dead. */
export const SILENCE_MS = 40_000;

/** A stream that lasted so long was a good one: the next one is tried at once. */
const GOOD_MS = 5_000;

/** What can carry a stream. */
export type Carrier = Extract<Via, 'sse' | 'websocket'>;

/** A way in which a stream reaches us. */
export interface Transport {
  /** What carried the frame that came last. */
  readonly via: Carrier;
  /**
   * Opens the stream behind a position; it ends when the connection does, or `stop` is aborted, which the
   * transport does itself for one that is dead.
   * @throws ParleyError when it cannot be opened
   */
  open(position: string | null, stop: AbortController): AsyncIterable<Frame>;
}

/** A reader of a stream. */
export interface Streamed {
  /** Identifies what is read: two readers with the same key read the same stream. */
  readonly key: string;
  /** The address of the stream (with a query) or of its tickets; undefined if the server has none. */
  address(rel: 'stream' | 'websocket' | 'tickets', query: string): string | undefined;
  /** Receives a frame. */
  take(frame: Frame): void;
  /** What carries the stream; null while nothing does, and the reader has to poll. */
  up(via: Carrier | null): void;
  /** Messages may have been missed: the reader has to poll once. */
  missed(): void;
}

/** The client with which streams are requested. */
export type StreamHttp = Pick<Http, 'clock' | 'send' | 'stream'>;

/** Listens to a stream until the signal is aborted, then throws its reason; returns if there is no stream. */
export type Listen = (http: StreamHttp, streamed: Streamed, signal: AbortSignal) => Promise<void>;

/**
 * Listens until the signal is aborted, or the server refuses the stream as such (4xx).
 * @param position where to begin; null: with what comes
 */
export async function listenTo(
  { clock }: StreamHttp,
  streamed: Streamed,
  transport: Transport,
  signal: AbortSignal,
  position: string | null = null,
): Promise<void> {
  let behind = position;
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const started = clock.now();
    const stop = new AbortController();
    const off = onAbort(signal, () => stop.abort());
    try {
      for await (const frame of transport.open(behind, stop)) {
        behind = frame.position ?? behind;
        streamed.up(transport.via);
        streamed.take(frame);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (isRefusal(error)) break;
    } finally {
      stop.abort();
      off();
    }
    if (clock.now() - started >= GOOD_MS) failures = 0;
    else streamed.up(null);
    // A server that stops ends all streams at once: not all shall come back at once.
    const pause =
      failures === 0 ? clock.random() * 1_000 : reconnectPause(failures - 1, clock.random());
    failures += 1;
    await sleep(clock, pause, signal);
  }
  streamed.up(null);
}

/** Whether the server says that it will never give a stream. */
function isRefusal(error: unknown): boolean {
  const { status } = error as Partial<ParleyError>;
  return !!status && status < 500 && status !== 429;
}
