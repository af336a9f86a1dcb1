/**
 * What has to be given up so that an account can be served again, when there is no backup.
 *
 * The live state is made from the newest good snapshot and the entries after it: those from the first
 * that is damaged on are lost to it, also good ones, for they build on what is gone. Damage before
 * that snapshot costs the history alone, just the entries that are damaged.
 */
import {
  type AcceptedLoss,
  chainStart,
  freshAnchor,
  type JournalPosition,
  type ResolvedRecords,
  type StoreDamage,
  type StoredSnapshot,
} from '@parley/store';
import type { Examination } from './examine.js';

/** What would be given up. */
export interface RecoveryPlan {
  /** Entries that the live state loses, and all that was acknowledged by them. */
  readonly live: { readonly seq: number; readonly until: number } | null;
  /** Entries that only the history loses. */
  readonly history: readonly { readonly seq: number; readonly until: number }[];
  /** Whether the record of where the journal ends is made anew. */
  readonly newEnd: boolean;
  readonly losses: readonly AcceptedLoss[];
  readonly end: JournalPosition;
  /** Snapshots that are not to be used again, by their ids. */
  readonly forget: readonly number[];
  /** Records beside the journal of which the missing and the altered ones are given up. */
  readonly records: readonly ResolvedRecords[];
}

/** What to give up; null when nothing need be. */
export function planRecovery(found: Examination): RecoveryPlan | null {
  const { damage, stops, recorded, snapshots, besides } = found;
  const records = RECORDS.filter((kind) => besides.some(({ report }) => report.kind === kind));
  if (damage.length === 0 && stops === null && records.length === 0) return null;
  const newEnd = [...damage, ...(stops === null ? [] : [stops])].some(
    ({ report }) => report.kind === 'no end' || report.kind === 'surplus',
  );
  const end: JournalPosition =
    newEnd || recorded === null ? anchorAt(found.accountId, endAfter(found)) : recorded;
  const live = liveLoss(stops, end);
  const before = live?.seq ?? end.seq + 1;
  const history = damage.flatMap(({ report: { kind, seq, until } }) =>
    ENTRIES_LOST.has(kind) && seq < before ? [{ seq, until: Math.min(until, before - 1) }] : [],
  );
  const broken = damage.flatMap(({ report: { kind, seq } }) =>
    kind === 'chain' && seq < before ? [{ seq, until: seq - 1 }] : [],
  );
  // Where nothing says how the chain went on, it is not asked for.
  const unknown = newEnd ? [{ seq: (recorded?.seq ?? 0) + 1, until: recorded?.seq ?? 0 }] : [];
  const losses = [...broken, ...unknown, ...history, ...(live === null ? [] : [live])];
  const good = snapshots.filter(({ seq }) => seq < before);
  return {
    live,
    history,
    newEnd,
    losses: [...new Map(losses.map((loss) => [loss.seq, loss])).values()]
      .filter(({ seq }) => seq <= end.seq)
      .map((loss) => ({ ...loss, resume: resumeAfter(loss, good, end) })),
    end,
    forget: snapshots.filter(({ seq }) => seq >= before).map(({ id }) => id),
    records,
  };
}

/** Whose loss can be accepted by itself. */
const RECORDS: readonly ResolvedRecords[] = ['logins', 'retries', 'erasures'];

/** Where nothing says what the chain was, but at its very start. */
function anchorAt(accountId: string, seq: number): JournalPosition {
  return { seq, chain: seq === 0 ? chainStart(accountId) : freshAnchor() };
}

/** Kinds of damage by which entries are lost. */
const ENTRIES_LOST: ReadonlySet<StoreDamage['report']['kind']> = new Set([
  'altered',
  'missing',
  'missing last',
  'unreadable',
  'newer',
] as const);

/** What the live state loses; nothing by damage that makes no entry unreadable. */
function liveLoss(stops: StoreDamage | null, end: JournalPosition): RecoveryPlan['live'] {
  if (stops === null) return null;
  const { kind, seq } = stops.report;
  if (kind === 'chain' || kind === 'no end' || kind === 'surplus') return null;
  return { seq, until: end.seq };
}

/** The end when it is to be recorded anew: no snapshot may be of a later position. */
function endAfter({ last, recorded, snapshots }: Examination): number {
  return Math.max(last, recorded?.seq ?? 0, ...snapshots.map(({ seq }) => seq));
}

/** The nearest place behind a loss where the chain is known. */
function resumeAfter(
  loss: { readonly seq: number; readonly until: number },
  snapshots: readonly StoredSnapshot[],
  end: JournalPosition,
): JournalPosition {
  const from = Math.max(loss.seq, loss.until);
  const known = [...snapshots].reverse().find(({ seq }) => seq >= from && seq <= end.seq);
  return known === undefined ? end : { seq: known.seq, chain: known.chain };
}
