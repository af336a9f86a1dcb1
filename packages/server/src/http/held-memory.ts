/**
 * The memory that clients make the server hold: answers they do not read, bodies they do not finish,
 * requests they sent ahead. It is bounded for each network and in all; each network uses up its own
 * share first, and who reads gets the place of who does not.
 */

import { inSlices } from './in-slices.js';

/** What may be held, and how long. */
export interface HeldLimits {
  /** Bytes for one network. */
  readonly heldPerAddress: number;
  /** Bytes in all. */
  readonly heldInAll: number;
  /** How long a client may take to read an answer, ms, beside what `readRate` allows for its size. */
  readonly unreadMs: number;
  /** Bytes per second at which an answer must be read. */
  readonly readRate: number;
}

/** Something that is held. */
export interface Holding {
  readonly network: string;
  /** Since when, as the ledger's clock has it. */
  readonly since: number;
  bytes: number;
  /** Gives it up; it must release the holding soon. Null for what cannot be given up. */
  readonly drop: (() => void) | null;
}

/** Why there is no room: the network's share is used up, or what there is in all. */
export type NoRoom = 'network' | 'all';

/** Networks that are remembered for not reading. */
const MAX_REMEMBERED = 10_000;

/** While its place is needed, an answer must be read so many times faster, and sooner. */
const HASTE = 16;

export class HeldMemory {
  readonly #limits: HeldLimits;
  readonly #now: () => number;
  /** What each network has, oldest first. */
  readonly #networks = new Map<string, { bytes: number; readonly holdings: Set<Holding> }>();
  /** Networks that had something taken away, and until when they get nobody's place; oldest first. */
  readonly #losers = new Map<string, number>();
  #bytes = 0;
  #sweep: 'none' | 'under way' = 'none';

  /** @param now ms, never running backwards */
  constructor(limits: HeldLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Bytes that are held in all. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that a network has. */
  bytesOf(network: string): number {
    return this.#networks.get(network)?.bytes ?? 0;
  }

  /** Counts something as held, whether there is room or not, until `release`. */
  hold(network: string, bytes: number, drop: Holding['drop']): Holding {
    const holding = { network, since: this.#now(), bytes, drop };
    let own = this.#networks.get(network);
    if (own === undefined) {
      own = { bytes: 0, holdings: new Set() };
      this.#networks.set(network, own);
    }
    own.holdings.add(holding);
    own.bytes += bytes;
    this.#bytes += bytes;
    return holding;
  }

  /** Counts more of a holding. */
  grow(holding: Holding, bytes: number): void {
    const own = this.#networks.get(holding.network);
    if (own === undefined || !own.holdings.has(holding)) return;
    holding.bytes += bytes;
    own.bytes += bytes;
    this.#bytes += bytes;
  }

  /** It is not held any more. Once is enough; again does nothing. */
  release(holding: Holding): void {
    const own = this.#networks.get(holding.network);
    if (own === undefined || !own.holdings.delete(holding)) return;
    own.bytes -= holding.bytes;
    this.#bytes -= holding.bytes;
    if (own.holdings.size === 0) this.#networks.delete(holding.network);
  }

  /**
   * Whether a network may have so many bytes more. Where there is no room, what stalls makes some:
   * first the network's own; for want of room in all, that of whoever has most. Networks that lost
   * something a moment ago get nobody's place: else two who do not read would go on for ever, each
   * with a new answer that is made in vain.
   * @returns null when there is room
   */
  lacks(network: string, bytes: number): NoRoom | null {
    const { heldPerAddress, heldInAll } = this.#limits;
    const tooMuch = () => this.bytesOf(network) + bytes > heldPerAddress;
    if (tooMuch()) this.#dropStalled(network, tooMuch);
    if (tooMuch()) return 'network';
    while (this.#bytes + bytes > heldInAll) {
      if (this.#now() < (this.#losers.get(network) ?? 0)) return 'network';
      const most = this.#largest();
      if (most === undefined) return 'all';
      // Who has more than the newcomer would have gives something up, else only what stalls.
      const greedy = this.bytesOf(most) > this.bytesOf(network) + bytes;
      if (greedy ? !this.#dropOldest(most) : !this.#dropAnyStalled()) return 'all';
    }
    return null;
  }

  /**
   * Gives up what was held for too long. It goes on in later turns of the event loop; while it does,
   * another one does nothing.
   */
  sweep(): void {
    if (this.#sweep === 'under way') return;
    this.#sweep = 'under way';
    inSlices(this.#look(), () => {
      this.#sweep = 'none';
    });
  }

  *#look(): Generator<void> {
    const now = this.#now();
    for (const holding of this.#all()) {
      yield;
      if (now - holding.since > this.#patience(holding)) this.#drop(holding);
    }
  }

  *#all(): Iterable<Holding> {
    for (const { holdings } of this.#networks.values()) yield* holdings;
  }

  /** How long something may be held, ms. */
  #patience({ bytes }: Holding): number {
    const { unreadMs, readRate } = this.#limits;
    return unreadMs + (bytes / readRate) * 1000;
  }

  /** Whether something was held for so long that its place may be given to others. */
  #stalls(holding: Holding): boolean {
    return this.#now() - holding.since > this.#patience(holding) / HASTE;
  }

  #dropStalled(network: string, needed: () => boolean): void {
    for (const holding of this.#networks.get(network)?.holdings ?? []) {
      if (!needed()) return;
      if (this.#stalls(holding)) this.#drop(holding);
    }
  }

  #dropAnyStalled(): boolean {
    for (const holding of this.#all()) {
      if (this.#stalls(holding) && this.#drop(holding)) return true;
    }
    return false;
  }

  #dropOldest(network: string): boolean {
    for (const holding of this.#networks.get(network)?.holdings ?? []) {
      if (this.#drop(holding)) return true;
    }
    return false;
  }

  #largest(): string | undefined {
    let largest: string | undefined;
    let most = 0;
    for (const [network, { bytes }] of this.#networks) {
      if (bytes <= most) continue;
      largest = network;
      most = bytes;
    }
    return largest;
  }

  /** Counted as gone at once: what held it is, within this turn of the event loop. */
  #drop(holding: Holding): boolean {
    if (holding.drop === null) return false;
    this.release(holding);
    this.#remember(holding.network);
    holding.drop();
    return true;
  }

  #remember(network: string): void {
    this.#losers.delete(network);
    this.#losers.set(network, this.#now() + this.#limits.unreadMs);
    if (this.#losers.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#losers.keys()) {
      this.#losers.delete(oldest);
      return;
    }
  }
}
