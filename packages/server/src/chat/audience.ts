/** Whom a question or a request is for: a skill's agents, one agent, or anybody. */
import { type Audience, availableSlots, isAvailable } from '@parley/engine';
import { WireError } from '@parley/protocol';
import { nameKey, type Stored } from '../config/records.js';
import type { AccountCall } from '../http/call.js';
import type { Parameter } from '../http/operation.js';

/** Longest `maxWaitTime`, seconds (visitor.md). */
const LONGEST_WAIT = 86_400;

/**
 * The id of a skill given by name, or by id. A name wins over the id of another skill.
 * @throws WireError 400 naming it.
 */
export function skillIdOf(call: AccountCall, skill: string): number {
  const { skillByName, engine } = call.account.setup;
  const byName = skillByName.get(nameKey(skill));
  if (byName !== undefined) return byName.id;
  const id = numberOf(skill);
  if (id !== null && engine.skills.has(id)) return id;
  throw new WireError(
    'unknownSkill',
    `There is no skill "${skill.slice(0, 100)}" in this account: name one that there is, by name or id.`,
  );
}

/** Finds the agent that a request names, or throws 400. */
export type AgentNaming = (call: AccountCall, agent: string) => number;

/** An agent given by login name, the only name that visitors' requests may use. */
export const byLoginName: AgentNaming = (call, agent) =>
  agentId(call.account.setup.userByLogin.get(nameKey(agent)), agent);

/** An agent given by login name or id, for agents' own requests. */
export const byLoginNameOrId: AgentNaming = (call, agent) => {
  const { userByLogin, users } = call.account.setup;
  return agentId(userByLogin.get(nameKey(agent)) ?? users.get(numberOf(agent) ?? 0), agent);
};

function agentId(user: Stored<'user'> | undefined, agent: string): number {
  if (user?.enabled && user.roles.includes('agent')) return user.id;
  throw new WireError(
    'unknownAgent',
    `There is no agent "${agent.slice(0, 100)}" in this account: check the login name.`,
  );
}

function numberOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Query parameters that `audienceOf` and `maxWaitOf` read. */
export const AUDIENCE_QUERY: Readonly<Record<string, Parameter>> = {
  skill: { description: 'Name or id of a skill.', schema: { type: 'string' } },
  serviceQueue: {
    description: 'The same as skill, for older clients.',
    schema: { type: 'string' },
  },
  maxWaitTime: {
    description: 'Seconds the visitor would wait at most.',
    schema: { type: 'integer', minimum: 0, maximum: LONGEST_WAIT },
  },
  agent: {
    description: 'Login name of an agent; excludes the others.',
    schema: { type: 'string' },
  },
};

/**
 * Whom the query asks about: an agent, the agents of a skill, or everybody.
 * @throws WireError 400 naming what is unknown or excluded.
 */
export function audienceOf(call: AccountCall, agentNamed: AgentNaming): Audience {
  const agent = agentAsked(call);
  if (agent !== null) return { userId: agentNamed(call, agent) };
  const skill = call.query('skill') || call.query('serviceQueue');
  return { skillId: skill ? skillIdOf(call, skill) : null };
}

/**
 * The agent in the query; null when none is.
 * @throws WireError 400 when one comes with what it excludes.
 */
export function agentAsked(call: AccountCall): string | null {
  const agent = call.query('agent');
  if (!agent) return null;
  const excluded = ['skill', 'serviceQueue', 'maxWaitTime'].filter((name) => call.query(name));
  if (excluded.length === 0) return agent;
  throw new WireError(
    'invalidQuery',
    `Query parameter agent excludes ${excluded.join(', ')}: send one or the other.`,
  );
}

/** Seconds the visitor would wait at most; null for as long as it takes. */
export function maxWaitOf(call: AccountCall): number | null {
  return call.queryInteger('maxWaitTime', { min: 0, max: LONGEST_WAIT }) ?? null;
}

/** Free slots as the query asks for them; -1 without limit. */
export function slotsAsked(call: AccountCall, agentNamed: AgentNaming): number {
  const { host } = call.account;
  const of = audienceOf(call, agentNamed);
  const maxWait = maxWaitOf(call);
  // Nobody gets a slot within a wait that is not expected to be kept.
  if (maxWait !== null && !isAvailable(host.state, host.config, of, maxWait, host.now())) return 0;
  return availableSlots(host.state, host.config, of, host.now());
}
