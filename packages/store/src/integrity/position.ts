/** Places in a journal. */

/** A place in a journal, and the chain there. */
export interface JournalPosition {
  /** 0 before the first entry. */
  readonly seq: number;
  readonly chain: string;
}

/** Entries whose loss was accepted. */
export interface AcceptedLoss {
  /** The first of them. */
  readonly seq: number;
  /** The last of them; one less than `seq` when none is lost and only the chain is broken. */
  readonly until: number;
  /** Where the chain is known again, and what it is there. */
  readonly resume: JournalPosition;
}
