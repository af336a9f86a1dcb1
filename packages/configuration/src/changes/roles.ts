/** Roles as the wire numbers them: `profileIds` and `permissionGroups`. */
import type { Role } from '@parley/engine';
import { refuse, sameIds } from './fields.js';

/** The numbers of the roles on the wire; there are no other profiles. */
export const PROFILE_IDS: Readonly<Record<Role, number>> = {
  administrator: 1,
  agent: 2,
  manager: 3,
};

const ROLES = Object.keys(PROFILE_IDS) as Role[];

/** The wire's numbers of a user's roles, in their order. */
export function profileIdsOf(roles: readonly Role[]): number[] {
  return roles.map((role) => PROFILE_IDS[role]).sort((a, b) => a - b);
}

/**
 * The roles that a request asks for. Both fields mean the same; clients that change one send the
 * other as they read it, so the one that differs from what the user has is what is meant.
 * @param before the roles the user has; none for a new one
 * @throws WireError for an unknown number, no role at all, or two different choices.
 */
export function rolesAsked(
  asked: {
    readonly profileIds?: readonly number[] | undefined;
    readonly permissionGroups?: readonly number[] | undefined;
  },
  before: readonly Role[] | null,
): readonly Role[] | undefined {
  const known = before === null ? null : profileIdsOf(before);
  const candidates = [asked.profileIds, asked.permissionGroups].filter(
    (ids) => ids !== undefined && (known === null || !sameIds(ids, known)),
  );
  const [ids, other] = candidates;
  if (ids === undefined) return undefined;
  if (other !== undefined && !sameIds(ids, other)) {
    return refuse('profileIds and permissionGroups mean the same and must not differ: send one.');
  }
  if (ids.length === 0) return refuse('profileIds must name a role: 1, 2 or 3.');
  const unknown = ids.find((id) => !Object.values(PROFILE_IDS).includes(id));
  if (unknown !== undefined) {
    return refuse(
      `profileIds names ${unknown}; there are 1 (administrator), 2 (agent) and 3 (agent manager).`,
    );
  }
  return ROLES.filter((role) => ids.includes(PROFILE_IDS[role]));
}
