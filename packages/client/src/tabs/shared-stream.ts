/**
 * One stream for all tabs of a browser. The tab that holds the lock of a stream leads: it listens, and passes
 * on what it hears. When it goes the browser gives the lock to another one, which resumes behind the last
 * frame that it was passed.
 */
import { newKey } from '../core/keys.js';
import {
  type Carrier,
  type Frame,
  listenTo,
  type Streamed,
  type StreamHttp,
  type Transport,
} from '../core/stream.js';

/** From the leader to all: a frame, or (without one) how it stands. */
interface Passed {
  /** Which leader. */
  readonly from: string;
  /** Frames of that leader so far, this one included. */
  readonly count: number;
  readonly via: Carrier | null;
  /** Behind which the stream is resumed. */
  readonly position: string | null;
  readonly frame: Frame | null;
}

/** From a tab that came later to the leader: how does it stand? */
const ASK = 'ask';

/** What of a browser is needed: `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal: AbortSignal; readonly mode?: 'shared' | 'exclusive' },
    act: () => Promise<void>,
  ): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** A BroadcastChannel, in this form by browsers and Node alike. */
interface Channel {
  onmessage: ((event: { readonly data: Passed | typeof ASK }) => void) | null;
  postMessage(message: Passed | typeof ASK): void;
  close(): void;
}

/** Listens as one of several tabs, until the stream is over, or refused. */
export async function listenShared(
  http: StreamHttp,
  streamed: Streamed,
  transport: Transport,
  locks: Locks,
  signal: AbortSignal,
): Promise<void> {
  const name = `parley:stream:${streamed.key}`;
  const channel = new BroadcastChannel(name) as unknown as Channel;
  const id = newKey();
  let heard: Passed = { from: '', count: 0, via: null, position: null, frame: null };
  let leads = false;

  const pass = (frame: Frame | null) => {
    heard = { ...heard, frame };
    channel.postMessage(heard);
  };

  channel.onmessage = ({ data }) => {
    if (data === ASK) {
      if (leads) pass(null);
      return;
    }
    if (leads || signal.aborted) return;
    const { from, count, frame, via } = data;
    const expected = heard.count + (frame === null ? 0 : 1);
    const isNext = from === heard.from && count === expected;
    heard = data;
    // Another leader, or something that was passed and did not arrive.
    if (!isNext) streamed.missed();
    streamed.up(via);
    if (frame !== null) streamed.take(frame);
  };

  try {
    channel.postMessage(ASK);
    await locks.request(name, { signal }, () => {
      leads = true;
      heard = { ...heard, from: id, count: 0 };
      return listenTo(
        http,
        {
          ...streamed,
          take(frame) {
            const { count, position } = heard;
            heard = { ...heard, count: count + 1, position: frame.position ?? position };
            pass(frame);
            streamed.take(frame);
          },
          up(via) {
            const before = heard.via;
            heard = { ...heard, via };
            if (via !== before) pass(null);
            streamed.up(via);
          },
        },
        transport,
        signal,
        heard.position,
      );
    });
  } catch (error) {
    signal.throwIfAborted();
    // Pages without an origin of their own (a sandbox) get no lock.
    if ((error as Partial<Error>).name !== 'SecurityError') throw error;
    await listenTo(http, streamed, transport, signal);
  } finally {
    channel.close();
  }
}
