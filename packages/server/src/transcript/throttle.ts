/**
 * Mails go to whatever address a visitor names, so how many is limited: by who asks, so that nobody
 * sends by the thousand, and by who would get them, so that nobody is flooded.
 */
import { WireError } from '@parley/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type LimitState, limitHeaders } from '../http/limit-headers.js';
import { networkOf } from '../http/network.js';
import { hashToken } from '@parley/configuration/secrets/tokens';
import { mailAddressKey } from '@parley/configuration/records/names';

export interface TranscriptLimits {
  /** Transcripts that one client address may ask for within the window. */
  readonly perAddress: number;
  /** Transcripts to one mail address within the window. */
  readonly perRecipient: number;
  /** Seconds. */
  readonly window: number;
}

export const DEFAULT_TRANSCRIPT_LIMITS: TranscriptLimits = {
  perAddress: 100,
  perRecipient: 20,
  window: 3_600,
};

/** Clients, and recipients, that are counted at once; beyond, who was counted longest ago starts anew. */
export const MAX_COUNTED = 50_000;

export class TranscriptThrottle {
  readonly #limits: TranscriptLimits;
  readonly #perAddress: Counts;
  readonly #perRecipient: Counts;

  constructor(limits: Partial<TranscriptLimits> = {}) {
    this.#limits = { ...DEFAULT_TRANSCRIPT_LIMITS, ...limits };
    const { perAddress, perRecipient, window } = this.#limits;
    this.#perAddress = new Counts(perAddress, window);
    this.#perRecipient = new Counts(perRecipient, window);
  }

  /**
   * Counts a transcript from a client address to a mail address.
   * @returns where the client address stands; of the mail address, which others may have used, nothing is
   *   said
   * @throws WireError 429 with `Retry-After` when there were too many lately.
   */
  async authorize(address: string, email: string): Promise<LimitState> {
    const { perAddress, window } = this.#limits;
    const state = ({ remainingPoints, msBeforeNext }: RateLimiterRes): LimitState => ({
      ...{ name: 'transcripts', quota: perAddress, window },
      ...{ remaining: remainingPoints, reset: secondsOf(msBeforeNext) },
    });
    const counted = await take(this.#perAddress, networkOf(address), 'from here', state);
    await take(this.#perRecipient, hashToken(mailAddressKey(email)), 'to this address');
    return state(counted);
  }
}

/** Counts within a window that begins with the first one, of a bounded number of keys. */
class Counts {
  readonly #limiter: RateLimiterMemory;
  /** What is counted, least recently counted first. */
  readonly #keys = new Set<string>();

  constructor(points: number, duration: number) {
    this.#limiter = new RateLimiterMemory({ points, duration });
  }

  /** @throws RateLimiterRes when there were too many. */
  async consume(key: string): Promise<RateLimiterRes> {
    this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > MAX_COUNTED) {
      const [oldest = ''] = this.#keys;
      this.#keys.delete(oldest);
      await this.#limiter.delete(oldest);
    }
    return this.#limiter.consume(key);
  }
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/**
 * @param limitOf the limit as it is reported when it is reached
 * @throws WireError 429
 */
async function take(
  counts: Counts,
  key: string,
  whose: string,
  limitOf?: (reached: RateLimiterRes) => LimitState,
): Promise<RateLimiterRes> {
  try {
    return await counts.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const seconds = secondsOf(refused.msBeforeNext);
    throw new WireError(
      'tooManyRequests',
      `Too many transcripts ${whose}; wait ${seconds} seconds and try again.`,
      {
        'retry-after': String(seconds),
        ...(limitOf === undefined ? {} : limitHeaders([limitOf(refused)])),
      },
    );
  }
}
