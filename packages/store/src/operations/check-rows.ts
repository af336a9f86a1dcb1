/** Checks the rows that are no journal, for whoever looks for damage: nothing of it is thrown. */
import { type DamageReport, StoreDamage } from '../damage.js';
import type { Connection } from '../sqlite/connection.js';
import { DAMAGED_ENTRY, lastAudit, readAudit } from './audit.js';
import { rowDamage } from './damage-of-rows.js';
import type { ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import { readAccount, readLogins } from './read-account.js';
import { readConfiguration } from './read-config.js';
import { readTally } from './tally.js';

export function checkRecords(connection: Connection, accountId: string): DamageReport[] {
  const damage: DamageReport[] = [];
  for (const read of [readAccount, readConfiguration]) {
    try {
      read(connection, accountId);
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      damage.push(error.report);
    }
  }
  const { damaged } = readLogins(connection, { ask: 'loadLogins', accountId, now: 0 });
  if (damaged > 0) damage.push(damagedLogins(accountId, damaged).report);
  if (readTally(connection, accountId, 'audit') === 'damaged') {
    const why = 'the record of how many entries there are is not as written';
    damage.push(rowDamage('audit', accountId, why).report);
  }
  return damage;
}

/** @param count how many */
export function damagedLogins(accountId: string, count: number): StoreDamage {
  const why =
    count === 1
      ? '1 row of login does not match its checksum'
      : `${count} rows of login do not match their checksums`;
  return rowDamage('logins', accountId, why);
}

/** The entries from one on. */
export function checkAudit(
  connection: Connection,
  { accountId, after, limit }: ReadRequest<'checkAudit'>,
): ReadAnswer<'checkAudit'> {
  const last = lastAudit(connection, accountId);
  const to = Math.min(after + limit, last);
  if (to <= after) return { damage: [], reached: null };
  const page = readAudit(connection, { accountId, before: to + 1, limit: to - after });
  const damage = page
    .filter(({ action, actor }) => action === DAMAGED_ENTRY && actor === 'parley')
    .map(({ id }) => rowDamage('audit', accountId, `entry ${id} is altered or missing`).report);
  return { damage: damage.reverse(), reached: to };
}
