/** What the journal's table holds of each entry: it, and what shows whether it was altered. */
import type { JournalEntry } from '../port/entries.js';

/** An entry as it is stored. */
export interface StoredEntry extends JournalEntry {
  readonly salt: string | null;
  readonly digest: string | null;
  /** The digest of what is left of it; null when it was not erased. */
  readonly erased: string | null;
}
