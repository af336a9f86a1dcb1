/**
 * How many requests a credential may bring: what a workspace or a bot with hundreds of chats needs, several
 * times over, and less than all that a server can do. Whose request is next is another matter (fair-queue.ts).
 */
import type { AccountCall } from '../http/call.js';
import { noteLimit } from '../http/limit-headers.js';
import { stateOf, tooMuch } from '../http/rate-limit.js';
import { Rate } from '../http/rates.js';

export interface CredentialLimits {
  /** Requests per second of one credential; ten seconds' worth may come at once. */
  readonly requestsPerSecond: number;
}

export const DEFAULT_CREDENTIAL_LIMITS: CredentialLimits = { requestsPerSecond: 10_000 };

const BURST_MS = 10_000;

const REQUESTS = { name: 'requests' } as const;

export class CredentialThrottle {
  readonly #requests: Rate;

  constructor({ requestsPerSecond }: CredentialLimits) {
    this.#requests = new Rate(requestsPerSecond, BURST_MS);
  }

  /**
   * Counts a request that brought a good credential: once, however often it is looked at again while it waits.
   * @param credential what it counts for, within the account
   * @throws WireError 429 when too many came lately
   */
  count({ account, request, turn }: AccountCall, credential: string): void {
    if (turn.kind !== 'first') return;
    const key = `${account.id}/${credential}`;
    const now = account.host.elapsed();
    const wait = this.#requests.take(key, 1, now);
    if (wait > 0) {
      throw tooMuch(REQUESTS, this.#requests, wait, 'Too many requests came with this credential');
    }
    noteLimit(request, stateOf(REQUESTS, this.#requests, this.#requests.left(key, now)));
  }
}
