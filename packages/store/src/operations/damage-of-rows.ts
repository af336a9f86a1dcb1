/** Damage of what is no journal, in words that name the table and the record. */
import { type DamageKind, StoreDamage } from '../damage.js';

/** @param why names the table and the record, and nothing that it holds */
export function rowDamage(kind: DamageKind, accountId: string, why: string): StoreDamage {
  return new StoreDamage({ kind, accountId, seq: 0, until: 0, why });
}
