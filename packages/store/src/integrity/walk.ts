/** Checks the entries of a journal, one after the other, against checksums and chain. */
import type { DamageKind, DamageReport } from '../damage.js';
import type { JournalEntry } from '../port/entries.js';
import type { AcceptedLoss, JournalPosition } from './position.js';
import type { StoredEntry } from './stored-entry.js';
import { chainStart, isIntact, nextChain } from './digests.js';

/** What is known of a journal as a whole. */
export interface JournalFacts {
  /** How far it has come; null when that is not recorded. */
  readonly end: JournalPosition | null;
  /** The position of the last entry that is there, 0 without any. */
  readonly last: number;
  /** In order. */
  readonly losses: readonly AcceptedLoss[];
  /** Whether there must be a record of the end, even with no entries: there is such an account. */
  readonly isBegun: boolean;
}

/** How far a walk is; plain data, so that it can go from thread to thread. */
export interface WalkState {
  readonly accountId: string;
  readonly end: JournalPosition | null;
  readonly last: number;
  readonly losses: readonly AcceptedLoss[];
  readonly isBegun: boolean;
  /** Where else the chain is known, such as at snapshots. */
  readonly anchors: readonly JournalPosition[];
  readonly seq: number;
  /** Null where it is not known: behind damage, and between a loss and where the chain resumes. */
  readonly chain: string | null;
  /** Where the chain was known last. */
  readonly known: number;
}

export interface Walked {
  readonly state: WalkState;
  /** Whether this was the end of the journal. */
  readonly ended: boolean;
  /** The entries that are as they were written, without those that were given up. */
  readonly entries: readonly JournalEntry[];
  readonly damage: readonly DamageReport[];
}

/**
 * The beginning of a walk.
 * @param from where the chain is known; the start of the journal by default
 * @param anchors where else it is known
 */
export function beginWalk(
  accountId: string,
  { end, last, losses, isBegun }: JournalFacts,
  from: JournalPosition = { seq: 0, chain: chainStart(accountId) },
  anchors: readonly JournalPosition[] = [],
): WalkState {
  const { seq, chain } = from;
  return { accountId, end, last, losses, isBegun, anchors, seq, chain, known: seq };
}

/** Walks on over the entries that follow; when none is left, to the end. */
export function walk(from: WalkState, following: readonly StoredEntry[]): Walked {
  const walker = new Walker(from);
  const { end } = from;
  // What is behind the end is reported there.
  const entries = end === null ? following : following.filter(({ seq }) => seq <= end.seq);
  for (const entry of entries) walker.take(entry);
  if (entries.length === 0) walker.end();
  return walker.walked(entries.length === 0);
}

class Walker {
  readonly #from: WalkState;
  readonly #entries: JournalEntry[] = [];
  readonly #damage: DamageReport[] = [];
  #seq: number;
  #chain: string | null;
  #known: number;

  constructor(from: WalkState) {
    this.#from = from;
    this.#seq = from.seq;
    this.#chain = from.chain;
    this.#known = from.known;
  }

  take(stored: StoredEntry): void {
    const { salt: _, digest, erased: __, ...entry } = stored;
    const { accountId } = this.#from;
    const { seq } = entry;
    this.#passLosses(seq);
    // What was given up counts for nothing.
    if (seq <= this.#seq) return;
    if (seq > this.#seq + 1) {
      this.#found('missing', this.#seq + 1, seq - 1);
      this.#chain = null;
    }
    if (digest === null || !isIntact(accountId, stored)) {
      this.#found('altered', seq);
      this.#goTo(seq, null);
      return;
    }
    this.#entries.push(entry);
    this.#goTo(seq, this.#chain === null ? null : nextChain(this.#chain, digest));
  }

  end(): void {
    const { end, last, isBegun } = this.#from;
    if (end === null) {
      if (last > 0 || isBegun) this.#found('no end', last);
      return;
    }
    this.#passLosses(end.seq + 1);
    if (this.#seq < end.seq) this.#found('missing last', this.#seq + 1, end.seq);
    else if (this.#chain !== null && this.#chain !== end.chain) {
      this.#found('chain', this.#known + 1, end.seq);
    }
    if (last > end.seq) this.#found('surplus', end.seq + 1, last);
  }

  walked(ended: boolean): Walked {
    const state = { ...this.#from, seq: this.#seq, chain: this.#chain, known: this.#known };
    return { state, ended, entries: this.#entries, damage: this.#damage };
  }

  /** Passes over what was given up before a position. */
  #passLosses(before: number): void {
    for (const { seq, until } of this.#from.losses) {
      if (seq !== this.#seq + 1 || seq > before) continue;
      this.#chain = null;
      if (until >= seq) this.#goTo(until, null);
    }
  }

  /** Goes on to an entry; where the chain is known otherwise, it must be the same. */
  #goTo(seq: number, chain: string | null): void {
    const { end, losses, anchors } = this.#from;
    this.#seq = seq;
    this.#chain = chain;
    const resume = losses.find((loss) => loss.resume.seq === seq)?.resume;
    const anchor = resume ?? (end?.seq === seq ? end : anchors.find((each) => each.seq === seq));
    if (anchor === undefined) return;
    if (chain !== null && chain !== anchor.chain) this.#found('chain', this.#known + 1, seq);
    this.#chain = anchor.chain;
    this.#known = seq;
  }

  #found(kind: DamageKind, seq: number, until = seq): void {
    this.#damage.push({ kind, accountId: this.#from.accountId, seq, until });
  }
}
