/** Whom a question or a request is for: a skill's agents, one agent, or anybody. */
import { queryInteger, queryParam } from '../http/query.js';
import type { AuthCall } from '../auth/context.js';
import { type Audience, availableSlots, isAvailable } from '@parley/engine';
import { quoted, WireError, type Parameter } from '@parley/protocol';
import type { AccountCall } from '../http/call.js';

/** Longest `maxWaitTime`, seconds. */
const MAX_WAIT = 86_400;

/** How a skill may be asked for. A name is never taken for an id: a skill may be called `11`. */
export interface SkillAsked {
  readonly id?: number | undefined;
  readonly name?: string | undefined;
}

/**
 * The id of the skill asked for, by id or else by name; null for none.
 * @throws WireError 400 naming what there is not.
 */
export function skillIdOf(call: AccountCall, { id, name }: SkillAsked): number | null {
  const { skillByName, engine } = call.account.setup;
  if (id !== undefined) {
    if (engine.skills.has(id)) return id;
    throw new WireError(
      'unknownSkill',
      `There is no skill with the id ${id} in this account: read the skills for those there are.`,
    );
  }
  if (!name) return null;
  const found = skillByName.get(name);
  if (found !== undefined) return found.id;
  throw new WireError(
    'unknownSkill',
    `There is no skill ${quoted(name, 100)} in this account: give the name of one that there is, or its id as skillId.`,
  );
}

/** The skill in the query: `skillId`, else `skill`, else `serviceQueue`, which older clients send. */
export function skillInQuery(call: AccountCall): number | null {
  return skillIdOf(call, {
    id: queryInteger(call, 'skillId', ID_BOUNDS),
    name: queryParam(call, 'skill') || queryParam(call, 'serviceQueue'),
  });
}

const ID_BOUNDS = { min: 1, max: 999_999_999_999_999 };

/**
 * The id of the agent with this login name. Users who are no agents, or may not work, are like users
 * there are not.
 * @throws WireError 400 naming it; 429 after too many unknown ones.
 */
export function agentNamed(call: AuthCall, loginName: string): number {
  const { nameGuesses } = call.server;
  nameGuesses.check(call);
  const user = call.account.setup.userByLogin.get(loginName);
  if (user?.enabled && user.roles.includes('agent')) return user.id;
  nameGuesses.count(call);
  throw new WireError(
    'unknownAgent',
    `There is no agent ${quoted(loginName, 100)} in this account: check the login name.`,
  );
}

/** Query parameters that name a skill. */
export const SKILL_QUERY: Readonly<Record<string, Parameter>> = {
  skill: { description: 'Name of a skill.', schema: { type: 'string' } },
  skillId: {
    description: 'The skill’s id, in place of its name.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** Query parameters that `audienceOf` and `maxWaitOf` read. */
export const AUDIENCE_QUERY: Readonly<Record<string, Parameter>> = {
  ...SKILL_QUERY,
  serviceQueue: {
    description: 'The same as skill, for older clients.',
    schema: { type: 'string' },
  },
  maxWaitTime: {
    description: 'The longest that the visitor would wait, in seconds.',
    schema: { type: 'integer', minimum: 0, maximum: MAX_WAIT },
  },
  agent: {
    description: 'Login name of an agent. Cannot be combined with the others.',
    schema: { type: 'string' },
  },
};

/**
 * Whom the query asks about: an agent, the agents of a skill, or everybody.
 * @throws WireError 400 naming what is unknown or excluded.
 */
export function audienceOf(call: AuthCall): Audience {
  const userId = agentAsked(call);
  return userId === null ? { skillId: skillInQuery(call) } : { userId };
}

/**
 * The agent in the query; null when none is.
 * @throws WireError 400 when there is none such, or one comes with what it excludes.
 */
export function agentAsked(call: AuthCall): number | null {
  const agent = queryParam(call, 'agent');
  if (!agent) return null;
  const excluded = ['skill', 'skillId', 'serviceQueue', 'maxWaitTime'].filter((name) =>
    queryParam(call, name),
  );
  if (excluded.length === 0) return agentNamed(call, agent);
  throw new WireError(
    'invalidQuery',
    `Query parameter agent excludes ${excluded.join(', ')}: send one or the other.`,
  );
}

/** Seconds the visitor would wait at most; null for as long as it takes. */
export function maxWaitOf(call: AccountCall): number | null {
  return queryInteger(call, 'maxWaitTime', { min: 0, max: MAX_WAIT }) ?? null;
}

/** Free slots as the query asks for them; -1 without limit. */
export function slotsAsked(call: AuthCall): number {
  const { host } = call.account;
  const of = audienceOf(call);
  const maxWait = maxWaitOf(call);
  // Nobody gets a slot within a wait that is not expected to be kept.
  if (maxWait !== null && !isAvailable(host.state, host.config, of, maxWait, host.now())) return 0;
  return availableSlots(host.state, host.config, of, host.now());
}
