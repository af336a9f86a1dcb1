/** Time, so that tests can be given another. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back once at (or soon after) an epoch ms; returns a function that cancels. */
  at(time: number, callback: () => void): () => void;
}

/** Longest time a Node timer can be set for, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, time - Date.now()), LONGEST_TIMER));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
