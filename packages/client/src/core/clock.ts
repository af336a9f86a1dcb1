/** Time and randomness, so that tests can control both. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** A random number from 0 up to, but not including, 1. */
  random(): number;
  /** Calls back once, `ms` milliseconds from now. Returns a function that cancels the call. */
  after(ms: number, callback: () => void): () => void;
}

/** A timer of JavaScript overflows beyond this, milliseconds. */
const MAX_TIMER = 2 ** 31 - 1;

/** The machine's own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER));
    return () => clearTimeout(timer);
  },
};

/**
 * Waits `ms` milliseconds.
 * @param wake ends the wait early, when it settles
 * @throws the signal's reason, when it is aborted first
 */
export function sleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
  wake?: (resolve: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const settle = (finish: () => void) => {
      cancel();
      unwake?.();
      off();
      finish();
    };
    const off = onAbort(signal, () => settle(() => reject(signal?.reason)));
    const cancel = clock.after(ms, () => settle(resolve));
    const unwake = wake?.(() => settle(resolve));
  });
}

/** Calls back when a signal is aborted. @returns what calls that off */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  signal?.addEventListener('abort', act);
  return () => signal?.removeEventListener('abort', act);
}
