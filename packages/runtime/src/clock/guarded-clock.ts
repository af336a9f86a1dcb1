/** A clock whose callbacks may fail: whoever set them is gone, and nobody else is to suffer for it. */
import type { Clock } from './clock.js';

/** @param onError called with what a callback failed with */
export function guardedClock(clock: Clock, onError: (error: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    after: (ms, callback) =>
      clock.after(ms, () => {
        try {
          callback();
        } catch (error) {
          onError(error);
        }
      }),
  };
}
