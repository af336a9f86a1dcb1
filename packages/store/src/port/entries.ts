/** Entries of journals, and what is given of them. */

/** One fact of an account's journal. `data` is the event as JSON text. */
export interface JournalEntry {
  /** Position in the account's journal: 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** Event type, e.g. `chat.accepted`. */
  readonly type: string;
  /** Version of the event's shape. */
  readonly version: number;
  /** The chat it concerns, if one. */
  readonly chatId: string | null;
  readonly data: string;
}

export interface JournalPage {
  /** At most some hundred, in order. */
  readonly entries: readonly JournalEntry[];
  /** The position after the page: more than that of the last entry where a loss was accepted. */
  readonly reached: number;
}

/** What there is of a chat. */
export interface ChatEntries {
  readonly entries: readonly JournalEntry[];
  /** Whether entries of the account were given up: then some of the chat's may be among them. */
  readonly lossy: boolean;
}

/** Entries after a position. */
export interface JournalPortion extends JournalPage {
  /** Whether this was the end of the journal, by now. */
  readonly ended: boolean;
}
