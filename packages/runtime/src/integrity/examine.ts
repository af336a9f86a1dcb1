/** Looks at everything that is stored of an account's live state, as a start and as a reader would. */
import {
  type CheckStep,
  type DamageKind,
  type Journal,
  type JournalPosition,
  StoreDamage,
  type StoredSnapshot,
} from '@parley/store';
import { loadState } from '../accounts/load-state.js';
import { readEntry } from '../accounts/read-entry.js';

/** Most damages that are reported of one account: whoever has more restores a backup. */
const MAX_REPORTED = 1_000;

const NOT_OF_JOURNAL: ReadonlySet<DamageKind> = new Set([
  ...(['configuration', 'chats', 'logins', 'retries', 'erasures', 'audit', 'index'] as const),
]);

/** What was found. */
export interface Examination {
  readonly accountId: string;
  /** Entries that were read. */
  readonly entries: number;
  /** Snapshots that match their checksums, newest first. */
  readonly snapshots: readonly StoredSnapshot[];
  /** Snapshots that a start passes over. */
  readonly passedOver: readonly StoreDamage[];
  /** What is damaged of the journal, in order. */
  readonly damage: readonly StoreDamage[];
  /** What is damaged beside the journal: configuration, logins, audit trail, indexes … */
  readonly besides: readonly StoreDamage[];
  /** What keeps a start from serving the account; null when nothing does. */
  readonly stops: StoreDamage | null;
  /** How many entries a start reads after the snapshot that it uses. */
  readonly replayed: number;
  /** Where the journal is recorded to end. */
  readonly recorded: JournalPosition | null;
  /** The position of the last entry that is there. */
  readonly last: number;
}

/**
 * Reads an account's snapshots and journal whole.
 * @param onProgress called with the position reached, and the last one
 */
export async function examine(
  journal: Journal,
  accountId: string,
  onProgress: (reached: number, of: number) => void = () => {},
): Promise<Examination> {
  const damage: StoreDamage[] = [];
  const besides: StoreDamage[] = [];
  const snapshots: StoredSnapshot[] = [];
  let entries = 0;
  let end: Extract<CheckStep, { step: 'end' }> | null = null;
  for await (const step of journal.check(accountId)) {
    if (step.step === 'snapshot') snapshots.push(step.snapshot);
    if (step.step === 'entries') {
      entries += step.entries.length;
      damage.push(...unreadableAmong(accountId, step));
      onProgress(step.reached, step.of);
    }
    // Snapshots are judged as a start uses them.
    if (step.step === 'damage' && step.report.kind !== 'snapshot') {
      const found = new StoreDamage(step.report);
      (NOT_OF_JOURNAL.has(found.report.kind) ? besides : damage).push(found);
    }
    if (step.step === 'end') end = step;
    damage.splice(MAX_REPORTED);
  }
  const passedOver: StoreDamage[] = [];
  let stops: StoreDamage | null = null;
  let replayed = 0;
  try {
    const loaded = await loadState(journal, accountId, (found) => passedOver.push(found));
    replayed = loaded.replayed.entries;
  } catch (error) {
    if (!(error instanceof StoreDamage)) throw error;
    stops = error;
  }
  const { recorded = null, last = 0 } = end ?? {};
  return {
    ...{ accountId, entries, snapshots, passedOver, damage, besides },
    ...{ stops, replayed, recorded, last },
  };
}

/** Entries that match their checksums and cannot be read all the same. */
function unreadableAmong(
  accountId: string,
  { entries }: Extract<CheckStep, { step: 'entries' }>,
): StoreDamage[] {
  return entries.flatMap((entry) => {
    try {
      readEntry(accountId, entry);
      return [];
    } catch (error) {
      if (error instanceof StoreDamage) return [error];
      throw error;
    }
  });
}
