/** Looking for damage, and giving up what cannot be saved. */
import type { DamageKind, DamageReport } from '../damage.js';
import type { AcceptedLoss, JournalPosition } from '../integrity/position.js';
import type { AuditEntry } from './configuration.js';
import type { JournalEntry } from './entries.js';
import type { StoredSnapshot } from './snapshots.js';

/** What a check of a journal comes across. */
export type CheckStep =
  /** A piece of a snapshot, which matches its checksum. */
  | { readonly step: 'piece'; readonly snapshot: StoredSnapshot; readonly piece: string }
  /** All pieces of a snapshot were good. */
  | { readonly step: 'snapshot'; readonly snapshot: StoredSnapshot }
  | {
      readonly step: 'entries';
      readonly entries: readonly JournalEntry[];
      readonly reached: number;
      readonly of: number;
    }
  | { readonly step: 'damage'; readonly report: DamageReport }
  /** The last step: where the journal ended, by its record and by what is there. */
  | {
      readonly step: 'end';
      readonly recorded: JournalPosition | null;
      readonly last: number;
      /** The chain after the last entry, null where damage hides it. */
      readonly chain: string | null;
    };

/** What is given up, so that an account can be served again. */
export interface Acceptance {
  /** Where the journal's end was recorded when this was decided; null if nowhere. */
  readonly recorded: JournalPosition | null;
  /** The position of the last entry that was there. */
  readonly last: number;
  /** Entries that are not to be read again: missing ones, damaged ones, or those that follow them. */
  readonly losses: readonly AcceptedLoss[];
  /** Where the journal ends from now on; what was recorded, unless that was the damage. */
  readonly end: JournalPosition;
  /** Snapshots that are not to be used again, by their ids. */
  readonly forget: readonly number[];
  /** Records beside the journal of which the missing and the altered ones are given up; none without. */
  readonly records?: readonly ResolvedRecords[];
  readonly audit: AuditEntry;
}

/** Records beside the journal whose loss can be accepted, by the kind of their damage. */
export type ResolvedRecords = Extract<DamageKind, 'logins' | 'retries' | 'erasures'>;
