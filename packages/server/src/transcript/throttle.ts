/**
 * Mails go to whatever address a visitor names, so how many is limited: by who asks, so that nobody
 * sends by the thousand, and by who would get them, so that nobody is flooded.
 */
import { WireError } from '@parley/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../http/network.js';
import { hashToken } from '../auth/tokens.js';
import { mailAddressKey } from '../config/names.js';

export interface TranscriptLimits {
  /** Transcripts that one client address may ask for within the window. */
  readonly perAddress: number;
  /** Transcripts to one mail address within the window. */
  readonly perRecipient: number;
  /** Seconds. */
  readonly window: number;
}

const DEFAULT_LIMITS: TranscriptLimits = { perAddress: 100, perRecipient: 20, window: 3_600 };

export class TranscriptThrottle {
  readonly #perAddress: RateLimiterMemory;
  readonly #perRecipient: RateLimiterMemory;

  constructor(limits: Partial<TranscriptLimits> = {}) {
    const { perAddress, perRecipient, window } = { ...DEFAULT_LIMITS, ...limits };
    this.#perAddress = new RateLimiterMemory({ points: perAddress, duration: window });
    this.#perRecipient = new RateLimiterMemory({ points: perRecipient, duration: window });
  }

  /**
   * Counts a transcript from a client address to a mail address.
   * @throws WireError 429 with `Retry-After` when there were too many lately.
   */
  async admit(address: string, email: string): Promise<void> {
    await take(this.#perAddress, networkOf(address), 'from here');
    await take(this.#perRecipient, hashToken(mailAddressKey(email)), 'to this address');
  }
}

async function take(limiter: RateLimiterMemory, key: string, whose: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    throw new WireError(
      'tooManyRequests',
      `Too many transcripts ${whose}; wait ${seconds} seconds and try again.`,
      { 'retry-after': String(seconds) },
    );
  }
}
