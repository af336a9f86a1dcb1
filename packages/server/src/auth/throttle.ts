/** Failed logins are counted per account and user, and per address (login-and-domain.md). */
import { WireError } from '@parley/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { hashToken } from './tokens.js';

export interface ThrottleLimits {
  /** Failures per account and user within the window. */
  readonly perUser: number;
  /** Failures per client address within the window. */
  readonly perAddress: number;
  /** Seconds. */
  readonly window: number;
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

  /**
   * Counts one attempt; call `succeeded` when it was good after all.
   * @throws WireError 429 with `Retry-After` when there were too many.
   */
  async attempt(account: string, name: string, address: string): Promise<void> {
    try {
      await this.#perAddress.consume(address);
      await this.#perUser.consume(userKey(account, name));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.max(SHORTEST_WAIT, Math.ceil(refusal.msBeforeNext / 1000));
      throw new WireError(
        'loginThrottled',
        `Too many failed logins; wait ${seconds} seconds and try again.`,
        { 'retry-after': String(seconds) },
      );
    }
  }

  /** A good login takes its attempts back. */
  async succeeded(account: string, name: string, address: string): Promise<void> {
    await this.#perUser.delete(userKey(account, name));
    await this.#perAddress.reward(address);
  }
}

/** Of fixed length, whatever a client sends as a name. */
function userKey(account: string, name: string): string {
  return hashToken(`${account}\n${name}`);
}
