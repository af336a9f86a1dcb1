/** Reads a journal from a position, for those who need no state: each entry is checked by itself. */
import { StoreDamage } from '../damage.js';
import { isIntact } from '../integrity/digests.js';
import type { AcceptedLoss, JournalPosition } from '../integrity/position.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import type { ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import type { JournalEntry } from '../port/entries.js';
import { getJournalEnd } from '../sql/journal-end-get.js';
import { journalPage } from '../sql/journal-page.js';
import { inOrder } from './in-order.js';
import type { Statements, Steps } from './steps.js';
import { entryOf, isLost, readLosses } from './losses.js';

/** Of a portion, after so many characters no further entries are read. */
const MAX_CHARACTERS = 256 * 1024;

/** Entries read at once, so that a portion is not much larger. */
const AT_ONCE = 50;

/** Where to read. */
interface Range {
  readonly after: number;
  readonly limit: number;
  /** Where the journal ends. */
  readonly end: number;
}

export function* journalPortion(
  connection: Statements,
  { accountId, after, limit }: ReadRequest<'journalPortion'>,
): Steps<ReadAnswer<'journalPortion'>> {
  const end = (yield* connection.first<JournalPosition>(getJournalEnd, [accountId]))?.seq ?? 0;
  const { entries, reached } = yield* readPortion(connection, accountId, { after, limit, end });
  return { entries, reached, ended: reached >= end };
}

/**
 * The entries after a position, without those whose loss was accepted.
 * @throws StoreDamage naming the first that is missing or is not as it was written
 */
export function* readPortion(
  connection: Statements,
  accountId: string,
  range: Range,
): Steps<{ readonly entries: readonly JournalEntry[]; readonly reached: number }> {
  const portion = new Portion(accountId, yield* readLosses(connection, accountId), range);
  while (!portion.isFull) {
    const wanted = Math.min(AT_ONCE, portion.wanted);
    const { reached } = portion;
    const found = yield* connection.all<StoredEntry>(journalPage, [accountId, reached, wanted]);
    const { rows: some } = inOrder(found, reached, ({ seq }) => seq);
    for (const stored of some) if (stored.seq <= range.end) portion.take(stored);
    if (some.length < wanted) {
      portion.end();
      break;
    }
  }
  return { entries: portion.entries, reached: portion.reached };
}

class Portion {
  readonly entries: JournalEntry[] = [];
  reached: number;
  readonly #accountId: string;
  readonly #losses: readonly AcceptedLoss[];
  readonly #range: Range;
  #characters = 0;

  constructor(accountId: string, losses: readonly AcceptedLoss[], range: Range) {
    this.#accountId = accountId;
    this.#losses = losses;
    this.#range = range;
    this.reached = range.after;
  }

  /** How many more positions are to be read. */
  get wanted(): number {
    const { after, limit, end } = this.#range;
    return Math.min(after + limit, end) - this.reached;
  }

  get isFull(): boolean {
    return this.wanted <= 0 || this.#characters > MAX_CHARACTERS;
  }

  take(stored: StoredEntry): void {
    const { seq } = stored;
    this.#passTo(seq, 'missing');
    this.reached = seq;
    if (isLost(this.#losses, seq)) return;
    if (!isIntact(this.#accountId, stored)) throw this.#damage('altered', seq, seq);
    this.#characters += stored.data.length;
    this.entries.push(entryOf(stored));
  }

  /** There are no further entries. */
  end(): void {
    this.#passTo(this.#range.end + 1, 'missing last');
  }

  /** What is not there before a position must be among what was given up. */
  #passTo(seq: number, kind: 'missing' | 'missing last'): void {
    const first = this.reached + 1;
    for (; this.reached + 1 < seq; this.reached += 1) {
      if (!isLost(this.#losses, this.reached + 1)) throw this.#damage(kind, first, seq - 1);
    }
  }

  #damage(kind: 'missing' | 'missing last' | 'altered', seq: number, until: number): StoreDamage {
    return new StoreDamage({ kind, accountId: this.#accountId, seq, until });
  }
}
