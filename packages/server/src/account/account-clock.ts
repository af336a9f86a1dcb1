/**
 * The time of one account. It never runs backwards, and never stands still: when the machine's clock
 * is set back, the account's goes on at half the pace until the machine's has caught up.
 */
import type { AccountState } from '@parley/engine';
import type { Clock } from './clock.js';

/** A start further back than this is believed: the clock was wrong before, and is right now, ms. */
const MOST_CARRIED_OVER = 60 * 60_000;

/** A timer that comes so late was held up: the machine slept, or its clock was set forward, ms. */
const LATE = 10_000;

export type Timing = 'in time' | 'late';

export class AccountClock {
  readonly #clock: Clock;
  /** What the machine's clock said last, epoch ms. */
  #told: number;
  /** How far the account's time is ahead of it, ms. */
  #ahead: number;

  /** @param state whose time it goes on from */
  constructor(clock: Clock, state: AccountState) {
    this.#clock = clock;
    this.#told = clock.now();
    const ahead = latestIn(state) - this.#told;
    this.#ahead = ahead > 0 && ahead <= MOST_CARRIED_OVER ? ahead : 0;
  }

  /** Epoch ms. */
  now(): number {
    const told = this.#clock.now();
    const passed = told - this.#told;
    this.#told = told;
    if (passed < 0) this.#ahead -= passed;
    else if (this.#ahead > 0) this.#ahead = Math.max(0, this.#ahead - passed / 2);
    return Math.floor(told + this.#ahead);
  }

  /**
   * Calls back once, at this time of the account or before; returns a function that cancels.
   * @param time epoch ms
   */
  at(time: number, callback: (timing: Timing) => void): () => void {
    const planned = time - this.now() + this.#told;
    return this.#clock.at(planned, () => {
      callback(this.#clock.now() > planned + LATE ? 'late' : 'in time');
    });
  }
}

function latestIn(state: AccountState): number {
  let latest = 0;
  for (const { lastUpdate } of state.chats.values()) latest = Math.max(latest, lastUpdate);
  for (const { availabilitySince } of state.sessions.values()) {
    latest = Math.max(latest, availabilitySince);
  }
  for (const { lastSeen } of state.visits.values()) latest = Math.max(latest, lastSeen);
  return latest;
}
