/**
 * Who shares an account's memory: networks, and the sites that IPv6 networks belong to. Each knows
 * what it holds, and which of its idle things has been unused the longest.
 */
import type { Chat } from '../chats/chat.js';
import { Heap } from '../heap.js';
import { pathOf } from './network.js';

/** In use: of a live chat, or of a mail that waits. Idle: kept for whoever may come back. */
export type Use = 'live' | 'idle';

export class Sharer {
  readonly key: string;
  readonly above: Sharer | null;
  /** Bytes held, by use. */
  readonly bytes: Record<Use, number> = { live: 0, idle: 0 };
  /** The networks of a site that hold something idle; null in a network. */
  readonly below: Heap<Sharer> | null;
  /** Idle visits by session id, longest silent first. */
  readonly visits = new Set<string>();
  readonly ended = new Heap<EndedChat>(endedBefore);

  constructor(key: string, above: Sharer | null, kind: 'site' | 'network') {
    this.key = key;
    this.above = above;
    this.below = kind === 'site' ? new Heap<Sharer>(holdsMore) : null;
  }
}

/** A chat that is over and can still be read. */
export interface EndedChat {
  readonly id: string;
  /** When it ended, epoch ms. */
  readonly at: number;
  /** Decides which of two that ended in the same millisecond is older. */
  readonly requestedSeq: number;
}

export function endedBefore(a: EndedChat, b: EndedChat): boolean {
  return a.at === b.at ? a.requestedSeq < b.requestedSeq : a.at < b.at;
}

/** The ended chat as the heaps have it; null while it lives. */
export function endedChatOf({ id, phase, requestedSeq }: Chat): EndedChat | null {
  return phase.name === 'ended' ? { id, at: phase.at, requestedSeq } : null;
}

/** Whoever holds more that is idle comes first: then of two attackers neither gains by the other. */
function holdsMore(a: Sharer, b: Sharer): boolean {
  return a.bytes.idle === b.bytes.idle ? a.key < b.key : a.bytes.idle > b.bytes.idle;
}

/** All sharers of an account. */
export class Sharers {
  /** Bytes held by all of them, by use. */
  readonly bytes: Record<Use, number> = { live: 0, idle: 0 };
  readonly #all = new Map<string, Sharer>();
  readonly #top = new Heap<Sharer>(holdsMore);

  /** The network that an address belongs to; it stays known as long as it holds something. */
  of(address: string | null): Sharer {
    let sharer: Sharer | null = null;
    const path = pathOf(address);
    for (const [depth, key] of path.entries()) {
      const above: Sharer | null = sharer;
      sharer =
        this.#all.get(key) ?? new Sharer(key, above, depth + 1 < path.length ? 'site' : 'network');
    }
    if (sharer === null) throw new Error('an address has a network');
    return sharer;
  }

  /** Counts bytes to a network and its site, or takes them off when they are below 0. */
  count(network: Sharer, use: Use, bytes: number): void {
    this.bytes[use] += bytes;
    for (let sharer: Sharer | null = network; sharer !== null; sharer = sharer.above) {
      sharer.bytes[use] += bytes;
      const { live, idle } = sharer.bytes;
      if (live + idle > 0) this.#all.set(sharer.key, sharer);
      else this.#all.delete(sharer.key);
      if (use === 'live') continue;
      const beside = sharer.above?.below ?? this.#top;
      if (idle > 0) beside.set(sharer);
      else beside.delete(sharer);
    }
  }

  /** The network of the sharer that holds most that is idle, and what that sharer holds, bytes. */
  largest(): { readonly network: Sharer; readonly bytes: number } | null {
    const top = this.#top.first;
    if (top === undefined) return null;
    return { network: top.below?.first ?? top, bytes: top.bytes.idle };
  }

  /** Every network and site with what it holds, for who compares. */
  *[Symbol.iterator](): Generator<Sharer> {
    yield* this.#all.values();
  }
}
