/** Which agent group a skill's next chat goes to: priorities first, then shares (rules SHARE…). */
import type { AccountConfig, GroupShare, Skill } from '../config.js';
import type { AccountState } from '../state.js';
import type { GroupReason } from './reason.js';

/** Agents whose group the skill does not name come last. */
const UNNAMED = Number.POSITIVE_INFINITY;

/** A free agent, as far as their group is concerned. */
export interface InGroup {
  readonly groupId: number;
}

/**
 * Those of the free agents whose group is next, and why; all of them, without a reason, when the
 * skill prefers no group.
 */
export function nextGroup<C extends InGroup>(
  state: AccountState,
  config: AccountConfig,
  skillId: number | null,
  free: readonly C[],
): { readonly agents: readonly C[]; readonly reason?: GroupReason } {
  const skill = skillId === null ? undefined : config.skills.get(skillId);
  const routing = skill?.routing ?? [];
  if (skill === undefined || routing.length === 0) return { agents: free };

  const byShare = new Map<GroupShare | null, C[]>();
  for (const agent of free) {
    const share = shareFor(config, skill, agent.groupId);
    const others = byShare.get(share);
    if (others === undefined) byShare.set(share, [agent]);
    else others.push(agent);
  }
  const best = Math.min(...[...byShare.keys()].map(priorityOf));
  const competing = [...byShare.keys()].filter((share) => priorityOf(share) === best);
  const shares = competing.filter((share) => share !== null);
  const chosen = furthestBehind(state, skill.id, shares);
  if (chosen === null) return { agents: byShare.get(null) ?? free };
  const among = shares.map(({ agentGroupId, splitPercentage }) => ({
    agentGroupId,
    splitPercentage,
  }));
  return {
    agents: byShare.get(chosen) ?? free,
    reason: {
      agentGroupId: chosen.agentGroupId,
      priority: chosen.priority,
      ...(among.length > 1 ? { among } : {}),
    },
  };
}

function priorityOf(share: GroupShare | null): number {
  return share?.priority ?? UNNAMED;
}

/** The share of the agent's group, or of the nearest group above it that the skill names. */
function shareFor(config: AccountConfig, skill: Skill, groupId: number): GroupShare | null {
  for (const id of upwards(config, groupId)) {
    const share = skill.routing?.find(({ agentGroupId }) => agentGroupId === id);
    if (share !== undefined) return share;
  }
  return null;
}

/** Whether a group is another one, or below it. */
export function belongsTo(config: AccountConfig, groupId: number, aboveId: number): boolean {
  return upwards(config, groupId).has(aboveId);
}

/** A group and those above it, nearest first. */
function upwards(config: AccountConfig, groupId: number): ReadonlySet<number> {
  const passed = new Set<number>();
  for (let id: number | null = groupId; id !== null && !passed.has(id); ) {
    passed.add(id);
    id = config.groups.get(id)?.parentGroupId ?? null;
  }
  return passed;
}

/**
 * Each ring adds to every competing group what its percentage promises and takes the whole from the
 * one that is rung, so what is left over says how far a group is behind its share. Groups without a
 * free agent do not compete: they are not made up to in a burst when they come back.
 */
function furthestBehind(
  state: AccountState,
  skillId: number,
  shares: readonly GroupShare[],
): GroupShare | null {
  const behind = state.groupShares.get(skillId);
  let chosen: GroupShare | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const share of [...shares].sort((a, b) => a.agentGroupId - b.agentGroupId)) {
    const due = (behind?.get(share.agentGroupId) ?? 0) + share.splitPercentage;
    if (due > most) {
      chosen = share;
      most = due;
    }
  }
  return chosen;
}

/** Keeps the account of a ring that groups competed for. */
export function countRing(state: AccountState, skillId: number, reason: GroupReason): void {
  if (reason.among === undefined) return;
  let behind = state.groupShares.get(skillId);
  if (behind === undefined) {
    behind = new Map();
    state.groupShares.set(skillId, behind);
  }
  let whole = 0;
  for (const { agentGroupId, splitPercentage } of reason.among) {
    whole += splitPercentage;
    behind.set(agentGroupId, (behind.get(agentGroupId) ?? 0) + splitPercentage);
  }
  behind.set(reason.agentGroupId, (behind.get(reason.agentGroupId) ?? 0) - whole);
}
