/** Who serves which account: leases are compared and exchanged here, in the transaction of their group. */
import type { ReadAnswer, ReadRequest, WriteRequest } from '../group-commit/messages.js';
import { rowDigest } from '../integrity/rows.js';
import { StoreConflict } from '../port/errors.js';
import { type Lease, type LeaseKey, MAX_LEASE_MS } from '../port/leases.js';
import { expiredLeases } from '../sql/lease-expired.js';
import { forgetLease } from '../sql/lease-forget.js';
import { getLease } from '../sql/lease-get.js';
import { leasesOfOwner } from '../sql/lease-of-owner.js';
import { putLease } from '../sql/lease-put.js';
import { releaseLease } from '../sql/lease-release.js';
import { renewLeases } from '../sql/lease-renew.js';
import type { Statements, Steps } from './steps.js';
import type { WriteGroup } from './write-group.js';

type LeaseRow = Lease & { readonly digest: string };

/** @throws StoreConflict 'leased' when another one has it, or took it at the same moment */
export function* takeLease(
  { connection, epochs }: WriteGroup,
  { accountId, owner, forMs }: WriteRequest<'takeLease'>,
): Steps<Lease> {
  const now = yield* connection.clock();
  const row = yield* connection.first<LeaseRow>(getLease, [accountId]);
  const before = row !== null && isIntact(row) ? row : null;
  // What stands in it may be no text that can be compared, and nobody could ever take its place.
  if (row !== null && before === null) yield* connection.run(forgetLease, [accountId]);
  if (before !== null && before.owner !== owner && isInForce(before, now)) {
    throw new StoreConflict('leased', heldMessage(before));
  }
  // Where a record was lost, the time still makes it greater than any before.
  const epoch = Math.max((before?.epoch ?? 0) + 1, now);
  const lease: Lease = { accountId, owner, epoch, until: now + forMs };
  const taken = yield* connection.run(putLease, [
    ...[accountId, owner, epoch, lease.until, leaseDigest(lease)],
    ...[before?.digest ?? '', before?.until ?? 0],
  ]);
  if (taken === 0) {
    throw new StoreConflict(
      'leased',
      `Account ${accountId}: another process took its lease just now. Ask again.`,
    );
  }
  epochs.set(accountId, epoch);
  return lease;
}

export function* renewAll(
  { connection }: WriteGroup,
  { owner, forMs }: WriteRequest<'renewLeases'>,
): Steps<ReadonlyMap<string, number>> {
  const now = yield* connection.clock();
  yield* connection.run(renewLeases, [now + forMs, owner]);
  const rows = yield* connection.all<LeaseRow>(leasesOfOwner, [owner]);
  return new Map(rows.filter(isIntact).map(({ accountId, epoch }) => [accountId, epoch]));
}

export function* endLease(
  { connection }: WriteGroup,
  { accountId, owner, epoch }: WriteRequest<'releaseLease'>,
): Steps<boolean> {
  return (yield* connection.run(releaseLease, [accountId, owner, epoch])) > 0;
}

export function* leaseOf(connection: Statements, accountId: string): Steps<Lease | null> {
  const now = yield* connection.clock();
  const row = yield* connection.first<LeaseRow>(getLease, [accountId]);
  return row !== null && isIntact(row) && isInForce(row, now) ? leaseIn(row) : null;
}

export function* findExpired(
  connection: Statements,
  { limit }: ReadRequest<'expiredLeases'>,
): Steps<ReadAnswer<'expiredLeases'>> {
  const now = yield* connection.clock();
  const rows = yield* connection.all<LeaseRow>(expiredLeases, [now, limit]);
  return rows.filter(isIntact).map(leaseIn);
}

/**
 * Lets an owner write only as long as nobody took the account after it. What was read once is known until
 * another process writes anything.
 * @throws StoreConflict 'leased'
 */
export function* requireLease(
  { connection, epochs }: WriteGroup,
  accountId: string,
  epoch: number,
): Steps<void> {
  let known = epochs.get(accountId);
  if (known === undefined) {
    const row = yield* connection.first<LeaseRow>(getLease, [accountId]);
    // A record that is gone or damaged says nothing against an owner; the journal's key still does.
    known = row !== null && isIntact(row) ? row.epoch : epoch;
    epochs.set(accountId, known);
  }
  if (known === epoch) return;
  throw new StoreConflict(
    'leased',
    `Account ${accountId}: its lease was taken by another process (epoch ${known}, and this one's is ${epoch}), so nothing is written any more. Load the account again when that one has released it.`,
  );
}

function isInForce({ until }: Lease, now: number): boolean {
  return until > now && until <= now + MAX_LEASE_MS;
}

/** Not of `until`, which is renewed for all of an owner's at once: what it can do is bounded otherwise. */
function leaseDigest({ accountId, owner, epoch }: LeaseKey & { accountId: string }): string {
  return rowDigest('lease', accountId, [owner, epoch]);
}

function isIntact(row: LeaseRow): boolean {
  return leaseDigest(row) === row.digest && Number.isSafeInteger(row.until);
}

function leaseIn({ digest: _, ...lease }: LeaseRow): Lease {
  return lease;
}

function heldMessage({ accountId, owner, until }: Lease): string {
  return `Account ${accountId} is served by ${owner}, whose lease lasts until ${new Date(until).toISOString()} unless it is renewed. Stop that process, or wait until then.`;
}
