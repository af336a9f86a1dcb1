/** Chats that were escalated are for people; for programs only where a skill has no people at all. */
import type { Chat, Waiting } from '../chats/chat.js';
import type { AccountConfig, User } from '../config.js';

/** A configuration is never changed in place, so what was found out of one stays true. */
const known = new WeakMap<AccountConfig, Map<number | null, boolean>>();

/** Whether the user may take the waiting chat, as far as being a program is concerned. */
export function mayFollow(
  config: AccountConfig,
  user: User,
  { skillId }: Pick<Chat, 'skillId'>,
  { forPeople }: Pick<Waiting, 'forPeople'>,
): boolean {
  return forPeople !== true || user.kind !== 'bot' || !hasPeople(config, skillId);
}

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
