/**
 * Failed logins are counted per account and user, and per address (login-and-domain.md); those of
 * OAuth 2 clients per account and app key. Only failures count: a hundred agents behind one address
 * may log in at once.
 */
import { WireError } from '@parley/protocol';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../http/network.js';
import { hashToken } from './tokens.js';

export interface ThrottleLimits {
  /** Failures per account and user within the window. */
  readonly perUser: number;
  /** Failures per client address within the window. */
  readonly perAddress: number;
  /** Seconds. */
  readonly window: number;
}

/** Who tries to log in, from where. */
export interface LoginAttempt {
  readonly account: string;
  /** The login name as it is compared, whether such a user exists or not. */
  readonly name: string;
  readonly address: string;
}

const DEFAULT_LIMITS: ThrottleLimits = { perUser: 10, perAddress: 100, window: 60 };

/** Clients are asked to wait at least this long (wire.md, "Errors"), seconds. */
const SHORTEST_WAIT = 5;

export class LoginThrottle {
  readonly #perUser: RateLimiterMemory;
  readonly #perAddress: RateLimiterMemory;

  constructor(limits: Partial<ThrottleLimits> = {}) {
    const { perUser, perAddress, window } = { ...DEFAULT_LIMITS, ...limits };
    this.#perUser = new RateLimiterMemory({ points: perUser, duration: window });
    this.#perAddress = new RateLimiterMemory({ points: perAddress, duration: window });
  }

  /** @throws WireError 429 with `Retry-After` when too many attempts like this one failed lately. */
  async check(attempt: LoginAttempt): Promise<void> {
    const wait = Math.max(
      await waitFor(this.#perAddress, networkOf(attempt.address)),
      await waitFor(this.#perUser, userKey(attempt)),
    );
    if (wait === 0) return;
    const seconds = Math.max(SHORTEST_WAIT, Math.ceil(wait / 1000));
    throw new WireError(
      'loginThrottled',
      `Too many failed logins; wait ${seconds} seconds and try again.`,
      { 'retry-after': String(seconds) },
    );
  }

  /** Counts a failed attempt. */
  async failed(attempt: LoginAttempt): Promise<void> {
    await this.#perAddress.penalty(networkOf(attempt.address));
    await this.#perUser.penalty(userKey(attempt));
  }

  /** Forgets the user's failures; those of the address stay, one good password proves little there. */
  async succeeded(attempt: LoginAttempt): Promise<void> {
    await this.#perUser.delete(userKey(attempt));
  }
}

/** Milliseconds until the next attempt is welcome; 0 for at once. */
async function waitFor(limiter: RateLimiterMemory, key: string): Promise<number> {
  const seen = await limiter.get(key);
  if (seen === null || seen.consumedPoints < limiter.points) return 0;
  return Math.max(1, seen.msBeforeNext);
}

/** Of fixed length, whatever a client sends as a name. */
function userKey({ account, name }: LoginAttempt): string {
  return hashToken(`${account}\n${name}`);
}
