/** Makes projections of an account anew from its journal, when what is stored of them is damaged or old. */
import type { Projections, StoreDamage } from '@parley/store';

/**
 * To be called before the account is served, so that nobody finds them unfinished.
 * @param onDamaged called with what was wrong, before it is made good
 * @throws StoreDamage when the journal is damaged too
 */
export async function repairProjections(
  projections: Projections,
  accountId: string,
  onDamaged: (name: string, damage: StoreDamage) => void,
): Promise<void> {
  for (const name of projections.names) {
    const damage = await projections.damage(accountId, name);
    if (damage === null) continue;
    onDamaged(name, damage);
    await projections.rebuild(accountId, name);
  }
}
