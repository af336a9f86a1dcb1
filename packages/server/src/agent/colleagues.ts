/** Who else works here: agents, their free slots, the account's skills. */
import { queryInteger, queryParams } from '../http/query.js';
import { answerByMeaning, answerLive, answerWith } from '../http/reply.js';
import { type Presence, presenceOf } from '@parley/engine';
import {
  AGENT_STATE_NUMBERS,
  type AvailableAgents,
  availableAgentsDocument,
  availableSlotsDocument,
  REL,
  skillsDocument,
  WireError,
} from '@parley/protocol';
import { AUDIENCE_QUERY, SKILL_QUERY, skillInQuery, slotsAsked } from '../chat/audience.js';
import type { AccountConfiguration, Stored } from '@parley/configuration/records/records';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import type { SessionCall } from './authorize.js';

type State = keyof typeof AGENT_STATE_NUMBERS;
type AgentEntry = AvailableAgents['agents'][number];

const STATES = Object.keys(AGENT_STATE_NUMBERS) as State[];
const STATE_SCHEMA = { type: 'string', enum: STATES };

/** There is no telephony here: everybody's voice state, always. */
const VOICE: State = 'Offline';

/** The original's name and number for a user's group when there is none of that id. */
const NO_GROUP = { name: 'Main Group', id: -1 };

const LATEST_TIMESTAMP = 999_999_999_999_999;

export const getAvailableAgents: Operation<SessionCall> = {
  summary: 'Lists the enabled agents of the account, online or not.',
  description:
    'Follow the link next to get only the agents whose state has changed since. It carries the time of this response.',
  query: {
    ...SKILL_QUERY,
    chatState: { description: 'Only agents in this state.', schema: STATE_SCHEMA, repeated: true },
    voiceState: { description: 'Only agents in this state.', schema: STATE_SCHEMA, repeated: true },
    chatReasonId: {
      description: 'Only agents with this status reason, given by its id.',
      schema: { type: 'integer', minimum: 1 },
    },
    timeStamp: {
      description: 'Only agents whose state has changed since this time, in epoch milliseconds.',
      schema: { type: 'integer', minimum: 0 },
    },
  },
  ...TAGGED,
  answers: { 200: availableAgentsDocument, 304: null },
  errors: ['invalidQuery', 'unknownSkill'],
  handle(call) {
    const { host, setup } = call.account;
    const now = host.now();
    const skillId = skillInQuery(call);
    const chatStates = statesOf(call, 'chatState');
    const voiceStates = statesOf(call, 'voiceState');
    const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER };
    const reasonId = queryInteger(call, 'chatReasonId', bounds);
    const since = queryInteger(call, 'timeStamp', { min: 0, max: LATEST_TIMESTAMP });

    const agents: AgentEntry[] = [];
    // What counts of them: since when they are in their state, not for how long.
    const lasting: unknown[] = [];
    if (voiceStates.has(VOICE)) {
      for (const user of setup.users.values()) {
        if (!user.enabled || !user.roles.includes('agent')) continue;
        if (skillId !== null && !user.skillIds.includes(skillId)) continue;
        const presence = presenceOf(host.state, user.id);
        if (!chatStates.has(presence.availability)) continue;
        if (reasonId !== undefined && presence.reasonId !== reasonId) continue;
        if (since !== undefined && (presence.since ?? 0) < since) continue;
        const entry = agentEntry(setup, user, presence, now);
        agents.push(entry);
        lasting.push([{ ...entry, elapsedTimeInState: undefined }, presence.since]);
      }
    }
    // States are not asked for again: who follows changes wants to hear of agents that left them.
    const next = `timeStamp=${now}${skillId === null ? '' : `&skillId=${skillId}`}`;
    const link = { href: `${call.sessionUri}/availableAgents?${next}`, rel: REL.next };
    return answerByMeaning(call, availableAgentsDocument, { agents, link }, host.state.rosterSeq, [
      call.sessionUri,
      lasting,
    ]);
  },
};

function agentEntry(
  { engine, groups }: AccountConfiguration,
  user: Stored<'user'>,
  presence: Presence,
  now: number,
): AgentEntry {
  const skillsInfo = user.skillIds.flatMap((id) => {
    const skill = engine.skills.get(id);
    return skill === undefined ? [] : [{ id, name: skill.name }];
  });
  const group = groups.get(user.groupId) ?? NO_GROUP;
  return {
    id: user.id,
    chatState: AGENT_STATE_NUMBERS[presence.availability],
    voiceState: AGENT_STATE_NUMBERS[VOICE],
    maxChats: user.maxChats,
    ...(presence.reasonId === null ? {} : { chatReasonId: presence.reasonId }),
    userName: user.loginName,
    nickname: user.nickname,
    ...(user.email === '' ? {} : { email: user.email }),
    privilegeGroup: privilegeGroup(user),
    skills: skillsInfo.map(({ id }) => id),
    skillsInfo,
    chats: presence.chats,
    agentGroupName: group.name,
    agentGroupId: group.id,
    elapsedTimeInState: presence.since === null ? 0 : now - presence.since,
  };
}

function privilegeGroup({ roles }: Stored<'user'>): string {
  if (roles.includes('administrator')) return 'administrators';
  return roles.includes('manager') ? 'managers' : 'agents';
}

/** The states a query parameter names, by word or by number, separated by commas; all by default. */
function statesOf(call: SessionCall, parameter: string): ReadonlySet<State> {
  const words = queryParams(call, parameter)
    .flatMap((value) => value.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) return new Set(STATES);
  return new Set(words.map((word) => stateOf(word, parameter)));
}

function stateOf(word: string, parameter: string): State {
  const found = STATES.find(
    (state) =>
      state.toLowerCase() === word.toLowerCase() || String(AGENT_STATE_NUMBERS[state]) === word,
  );
  if (found !== undefined) return found;
  throw new WireError(
    'invalidQuery',
    `Query parameter ${parameter} must be one of ${STATES.join(', ')}, got "${word.slice(0, 40)}".`,
  );
}

export const getAvailableSlots: Operation<SessionCall> = {
  summary: 'Returns how many more chats could be taken now, or -1 if there is no limit.',
  query: AUDIENCE_QUERY,
  answers: { 200: availableSlotsDocument },
  errors: ['invalidQuery', 'unknownSkill', 'unknownAgent'],
  handle(call) {
    const { rosterSeq } = call.account.host.state;
    return answerLive(call, availableSlotsDocument, slotsAsked(call), rosterSeq);
  },
};

export const getSkills: Operation<SessionCall> = {
  summary: 'Lists the account’s skills.',
  answers: { 200: skillsDocument },
  handle(call) {
    const skills = [...call.account.setup.engine.skills.values()];
    return answerWith(call, skillsDocument, {
      skill: skills.map(({ id, name }) => ({ id, name })),
    });
  },
};
