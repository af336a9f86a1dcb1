/** Damage of what is no journal, in words that name the table and the record. */
import { type DamageKind, StoreDamage } from '../damage.js';

/** @param why names the table and the record, and nothing that it holds */
export function rowDamage(kind: DamageKind, accountId: string, why: string): StoreDamage {
  return new StoreDamage({ kind, accountId, seq: 0, until: 0, why });
}

/** How many rows of a table are not as they were written, in words. */
export function alteredRows(table: string, count: number): string {
  return count === 1
    ? `1 row of ${table} does not match its checksum`
    : `${count} rows of ${table} do not match their checksums`;
}
