/** Time, so that tests can be given another. */
export interface Clock {
  /** Epoch ms, as the machine has it: it may be set forward or back at any moment. */
  now(): number;
  /** Ms since some moment. It cannot be set: what it says went by went by. */
  elapsed(): number;
  /** Calls back once, after so many ms; returns a function that cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** Longest time a Node timer can be set for, ms. */
const MAX_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), MAX_TIMER));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
