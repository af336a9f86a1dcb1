/** A limit of how fast somebody may go on, as it is reported, and refused by. */
import { WireError } from '@parley/protocol';
import { type LimitState, limitHeaders } from './limit-headers.js';
import type { Rate } from './rates.js';

/** What a limit is called, and what it counts where that is not requests. */
export interface LimitName {
  readonly name: string;
  readonly unit?: LimitState['unit'];
}

/** @param left what is left, and in how many ms there is more */
export function stateOf(
  { name, unit }: LimitName,
  rate: Rate,
  left: { readonly amount: number; readonly fullInMs: number },
): LimitState {
  return {
    name,
    quota: rate.burst,
    window: Math.ceil(rate.burstMs / 1000),
    ...(unit === undefined ? {} : { unit }),
    remaining: left.amount,
    reset: Math.ceil(left.fullInMs / 1000),
  };
}

/** @param wait ms after which it would pass */
export function tooMuch(limit: LimitName, rate: Rate, wait: number, what: string): WireError {
  const seconds = Math.ceil(wait / 1000);
  return refusal(
    `${what}: at most ${rate.perSecond.toLocaleString('en')} per second, and ${rate.burst.toLocaleString('en')} at once. Wait ${seconds} seconds and send it again.`,
    stateOf(limit, rate, { amount: 0, fullInMs: wait }),
    seconds,
  );
}

/** 429, with where the caller stands. */
export function refusal(message: string, state: LimitState, seconds: number): WireError {
  return new WireError('tooManyRequests', message, {
    'retry-after': String(seconds),
    ...limitHeaders([state]),
  });
}
