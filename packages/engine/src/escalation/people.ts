/** Whether a skill has people, who take the chats that programs could not go on with. */
import type { AccountConfig } from '../config.js';

/** A configuration is never changed in place, so what was found out of one stays true. */
const known = new WeakMap<AccountConfig, Map<number | null, boolean>>();

/** Whether a person could ever take chats of the skill: they need not be there now. */
export function hasPeople(config: AccountConfig, skillId: number | null): boolean {
  const bySkill = known.get(config) ?? new Map<number | null, boolean>();
  known.set(config, bySkill);
  let has = bySkill.get(skillId);
  if (has === undefined) {
    has = [...config.users.values()].some(
      ({ kind, enabled, roles, maxChats, skillIds }) =>
        kind === 'human' &&
        enabled &&
        maxChats !== 0 &&
        roles.includes('agent') &&
        (skillId === null || skillIds.includes(skillId)),
    );
    bySkill.set(skillId, has);
  }
  return has;
}
