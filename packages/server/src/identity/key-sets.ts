/**
 * Key sets of identity providers (JWKS), fetched when they are needed and kept for a while. A token
 * of a key that is not in a set makes it be fetched anew: keys are changed without notice.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '@parley/runtime/clock/clock';
import { type Outgoing, OutgoingFailure } from '@parley/runtime/outgoing/request';

/** A set is fetched again when it is older, ms. */
const FRESH_MS = 10 * 60_000;
/** One that cannot be fetched again may be used until it is so old, ms. */
const USABLE_MS = 24 * 3_600_000;
/** Keys that nobody has do not make it be fetched more often, ms. */
const COOLDOWN_MS = 30_000;
/** Sets that are kept; beyond, the one fetched longest ago goes. */
const MAX_SETS = 1_000;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 262_144;

interface CachedKeySet {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAt: number;
}

export class KeySets {
  readonly #outgoing: Outgoing;
  readonly #clock: Clock;
  /** By URL, fetched longest ago first. */
  readonly #kept = new Map<string, CachedKeySet>();
  readonly #fetching = new Map<string, Promise<CachedKeySet>>();
  /** When a set was last tried to be fetched, by URL. */
  readonly #triedAt = new Map<string, number>();

  constructor(outgoing: Outgoing, clock: Clock) {
    this.#outgoing = outgoing;
    this.#clock = clock;
  }

  /**
   * The key of a token, out of the set at a URL.
   * @throws OutgoingFailure when there is no set and none can be had; jose's errors when none of its
   *   keys fits, or several do.
   */
  keyFor(url: string): JWTVerifyGetKey {
    return async (header, token) => {
      const set = await this.#usable(url);
      try {
        return await set.keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const newer = await this.#newer(url, set);
        if (newer === null) throw error;
        return newer.keys(header, token);
      }
    };
  }

  async #usable(url: string): Promise<CachedKeySet> {
    const kept = this.#kept.get(url);
    const now = this.#clock.now();
    if (kept !== undefined && now < kept.fetchedAt + FRESH_MS) return kept;
    if (kept === undefined) return this.#fetch(url);
    try {
      return this.#mayTry(url) ? await this.#fetch(url) : kept;
    } catch (error) {
      if (now < kept.fetchedAt + USABLE_MS) return kept;
      throw error;
    }
  }

  /** The set as it is now, when it was not looked at a moment ago; null otherwise. */
  async #newer(url: string, than: CachedKeySet): Promise<CachedKeySet | null> {
    const kept = this.#kept.get(url);
    if (kept !== undefined && kept !== than) return kept;
    if (!this.#mayTry(url)) return null;
    return this.#fetch(url).catch(() => null);
  }

  #mayTry(url: string): boolean {
    return this.#clock.now() >= (this.#triedAt.get(url) ?? 0) + COOLDOWN_MS;
  }

  /** Whoever asks while a set is under way waits for the same one. */
  #fetch(url: string): Promise<CachedKeySet> {
    const under = this.#fetching.get(url);
    if (under !== undefined) return under;
    const fetching = this.#fetchAnew(url).finally(() => this.#fetching.delete(url));
    this.#fetching.set(url, fetching);
    return fetching;
  }

  async #fetchAnew(url: string): Promise<CachedKeySet> {
    const fetchedAt = this.#clock.now();
    this.#triedAt.delete(url);
    this.#triedAt.set(url, fetchedAt);
    if (this.#triedAt.size > MAX_SETS) dropFirst(this.#triedAt);
    const { status, text } = await this.#outgoing.request({
      url,
      method: 'GET',
      headers: { accept: 'application/json' },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    const { host } = new URL(url);
    if (status !== 200) throw new OutgoingFailure(host, `answered ${status} instead of its keys`);
    const kept = { keys: keysIn(host, text), fetchedAt };
    this.#kept.delete(url);
    this.#kept.set(url, kept);
    if (this.#kept.size > MAX_SETS) dropFirst(this.#kept);
    return kept;
  }
}

function keysIn(host: string, text: string): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch (cause) {
    throw new OutgoingFailure(host, 'answered no key set', { cause });
  }
}

function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
