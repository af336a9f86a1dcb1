/**
 * One stream for all tabs of a browser. The tab that holds the lock of a stream leads: it listens, and passes
 * on what it hears. When it goes another one gets the lock, and resumes behind the last frame that it was
 * passed. One that lost the lock stops listening, and is passed what the next one hears.
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
import type { Hold } from './hold.js';

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
  hold: Hold,
  signal: AbortSignal,
): Promise<void> {
  const name = `parley:stream:${streamed.key}`;
  const channel = new BroadcastChannel(name) as unknown as Channel;
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

  const lead = async (stop = signal) => {
    leads = true;
    heard = { ...heard, from: newKey(), count: 0 };
    try {
      await listenTo(
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
            // What carries it for another tab that leads is what counts.
            if (stop.aborted) return;
            const before = heard.via;
            heard = { ...heard, via };
            if (via !== before) pass(null);
            streamed.up(via);
          },
        },
        transport,
        stop,
        heard.position,
      );
    } finally {
      // Where it lost the lock another one leads, and may have passed something on already.
      leads = false;
      channel.postMessage(ASK);
    }
  };

  try {
    channel.postMessage(ASK);
    await hold(name, lead, signal);
  } catch (error) {
    signal.throwIfAborted();
    // Pages without an origin of their own (a sandbox) get no lock.
    if ((error as Partial<Error>).name !== 'SecurityError') throw error;
    await listenTo(http, streamed, transport, signal);
  } finally {
    channel.close();
  }
}
