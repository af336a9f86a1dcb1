/** The audit trail: entries are numbered without gaps and never change, so each one's place is known. */
import { appendAudit } from '../sql/audit-append.js';
import { lastAuditId } from '../sql/audit-last-id.js';
import { auditPage } from '../sql/audit-page.js';
import type { AuditEntry, StoredAuditEntry } from '../port/configuration.js';
import type { Statements, Steps } from './steps.js';
import { auditDigest } from './row-digests.js';
import { readTally, TallyChange } from './tally.js';

/** Within the open transaction of its group. */
export function* addAudit(
  connection: Statements,
  accountId: string,
  entry: AuditEntry,
): Steps<void> {
  const { at, actor, action, target, from, detail } = entry;
  const id = (yield* lastAudit(connection, accountId)) + 1;
  const digest = auditDigest(accountId, id, entry);
  yield* connection.run(appendAudit, [
    accountId,
    id,
    at,
    actor,
    action,
    target,
    from,
    detail,
    digest,
  ]);
  const change = new TallyChange();
  change.add(digest);
  yield* change.write(connection, accountId, 'audit');
}

/** The id of the last entry that was ever written, as far as anything shows. */
export function* lastAudit(connection: Statements, accountId: string): Steps<number> {
  const last = (yield* connection.first<{ id: number | null }>(lastAuditId, [accountId]))?.id ?? 0;
  const there = Number.isSafeInteger(last) ? last : 0;
  const tally = yield* readTally(connection, accountId, 'audit');
  const written = tally === null || tally === 'damaged' ? 0 : tally.count;
  // What a damaged row says of its own place counts for nothing where something else shows it.
  return written === 0 ? there : written;
}

type AuditRow = StoredAuditEntry & { readonly digest: string | null };

export interface AuditRequest {
  readonly accountId: string;
  /** Only entries with smaller ids. */
  readonly before: number;
  readonly limit: number;
}

/** A page, newest first. In the place of one that is damaged or missing stands one that says so. */
export function* readAudit(
  connection: Statements,
  { accountId, before, limit }: AuditRequest,
): Steps<StoredAuditEntry[]> {
  const to = Math.min(before - 1, yield* lastAudit(connection, accountId));
  const from = Math.max(1, to - limit + 1);
  const rows = yield* connection.all<AuditRow>(auditPage, [accountId, from, to]);
  const found = new Map(rows.map((row) => [row.id, row]));
  const entries: StoredAuditEntry[] = [];
  for (let id = to; id >= from; id -= 1) {
    const row = found.get(id);
    entries.push(entryOf(accountId, id, row, entries.at(-1)?.at ?? 0));
  }
  return entries;
}

/** What is answered in the place of an entry that cannot be read. */
export const DAMAGED_ENTRY = 'audit.damaged';

function entryOf(
  accountId: string,
  id: number,
  row: AuditRow | undefined,
  at: number,
): StoredAuditEntry {
  if (row !== undefined) {
    const { digest, ...entry } = row;
    if (auditDigest(accountId, id, entry) === digest) return entry;
  }
  const what = row === undefined ? 'missing' : 'altered';
  const detail = JSON.stringify({ entry: id, what });
  return {
    id,
    at,
    actor: 'parley',
    action: DAMAGED_ENTRY,
    target: `audit:${id}`,
    from: '',
    detail,
  };
}
