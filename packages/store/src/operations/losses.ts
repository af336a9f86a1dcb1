/** The entries of a journal whose loss was accepted, and those that are left. */
import { lossDigest } from '../integrity/digests.js';
import type { AcceptedLoss } from '../integrity/position.js';
import type { StoredEntry } from '../integrity/stored-entry.js';
import { listJournalLosses } from '../sql/journal-loss-list.js';
import type { JournalEntry } from '../port/entries.js';
import type { Statements, Steps } from './steps.js';

interface LossRow {
  readonly seq: number;
  readonly until: number;
  readonly resumeSeq: number;
  readonly resumeChain: string;
  readonly digest: string;
}

/** Without those whose record is damaged itself: then the loss shows again. */
export function* readLosses(connection: Statements, accountId: string): Steps<AcceptedLoss[]> {
  return (yield* connection.all<LossRow>(listJournalLosses, [accountId]))
    .map(({ seq, until, resumeSeq, resumeChain, digest }) => ({
      loss: { seq, until, resume: { seq: resumeSeq, chain: resumeChain } },
      digest,
    }))
    .filter(({ loss, digest }) => lossDigest(accountId, loss) === digest)
    .map(({ loss }) => loss);
}

/** Whether an entry is among those whose loss was accepted. */
export function isLost(losses: readonly AcceptedLoss[], seq: number): boolean {
  return losses.some((loss) => loss.seq <= seq && seq <= loss.until);
}

/** An entry without its checksums. */
export function entryOf({ seq, at, type, version, chatId, data }: StoredEntry): JournalEntry {
  return { seq, at, type, version, chatId, data };
}
