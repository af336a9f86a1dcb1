/** `B/supervision/agents`: who is there and how much they have to do, and setting their availability. */
import { execute } from '../http/execute.js';
import { pathParam, queryInteger, queryOneOf } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { answerLive, answerTagged, refuseCall } from '../http/reply.js';
import { loadOf, presenceOf } from '@parley/engine';
import {
  newAvailabilityDocument,
  REL,
  type SupervisedAgent,
  supervisedAgentDocument,
  supervisedAgentsDocument,
  WireError,
} from '@parley/protocol';
import type { Stored } from '@parley/configuration/records/records';
import type { Answer } from '../http/answer.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import type { SupervisionCall } from './authorize.js';
import { type PageSize, pageOf, pageQuery } from './page.js';

const PAGE: PageSize = { usual: 200, max: 1_000 };

const STATES = ['Online', 'Occupied', 'Away', 'Offline'] as const;

/** Agents whom the caller supervises: enabled ones, and who is there whatever their roles. */
export function supervisedAgents({ account, reach }: SupervisionCall): readonly Stored<'user'>[] {
  const { sessionOfUser } = account.host.state;
  return [...account.setup.users.values()].filter(
    ({ id, enabled, roles, groupId }) =>
      (reach.of === 'everything' || reach.groupIds.has(groupId)) &&
      ((enabled && roles.includes('agent')) || sessionOfUser.has(id)),
  );
}

export const listAgents: Operation<SupervisionCall> = {
  summary: 'Lists agents with their state, since when, and their load.',
  description:
    'Administrators see all agents of the account, managers those of their groups and the groups below. Sorted by nickname. Agents without a session are Offline.',
  query: {
    availability: {
      description: 'Only agents in this state.',
      schema: { type: 'string', enum: STATES },
    },
    skillId: {
      description: 'Only agents that hold this skill.',
      schema: { type: 'integer', minimum: 1 },
    },
    groupId: {
      description: 'Only agents of this group, without the groups below it.',
      schema: { type: 'integer', minimum: 1 },
    },
    ...pageQuery(PAGE),
  },
  ...TAGGED,
  answers: { 200: supervisedAgentsDocument, 304: null },
  errors: ['forbidden', 'invalidQuery'],
  handle(call) {
    const { state } = call.account.host;
    const availability = queryOneOf(call, 'availability', STATES);
    const ids = { min: 1, max: Number.MAX_SAFE_INTEGER };
    const skillId = queryInteger(call, 'skillId', ids);
    const groupId = queryInteger(call, 'groupId', ids);
    const found = supervisedAgents(call)
      .filter((user) => skillId === undefined || user.skillIds.includes(skillId))
      .filter((user) => groupId === undefined || user.groupId === groupId)
      .filter(
        ({ id }) =>
          availability === undefined || presenceOf(state, id).availability === availability,
      )
      .sort((a, b) => compare(a.nickname, b.nickname) || a.id - b.id);
    const filters = { availability, skillId, groupId };
    const page = pageOf(call, '/supervision/agents', filters, found, PAGE);
    const agent = page.members.map((user) => agentValue(call, user));
    const value = { link: page.link, total: found.length, agent };
    return answerTagged(call, supervisedAgentsDocument, value, state.rosterSeq);
  },
};

/** By code units: the same on every server. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export const setAgentAvailability: Operation<SupervisionCall> = {
  summary: 'Sets an agent’s availability.',
  description:
    'Works as if the agent had set it, and the agent sees it at once. If you set an agent Away, what rings there goes on to the next agent. An Offline agent has to open a session first.',
  body: newAvailabilityDocument,
  answers: { 200: supervisedAgentDocument },
  errors: ['forbidden', 'notFound', 'invalidField', 'conflict', 'agentUnavailable'],
  async handle(call) {
    const user = agentOf(call);
    if (user === undefined) {
      const message = 'There is no such agent among those you supervise: list them first.';
      return refuseCall(call, new WireError('notFound', message));
    }
    const { chat, chatReasonId } = readBody(call, newAvailabilityDocument);
    const session = call.account.host.state.sessionOfUser.get(user.id);
    if (session === undefined) {
      const message = `Agent ${user.id} is Offline: only who is logged in can be set ${chat}.`;
      return refuseCall(call, new WireError('agentUnavailable', message));
    }
    await execute<'session.setAvailability'>(call, {
      type: 'session.setAvailability',
      sessionId: session.id,
      availability: chat,
      ...(chatReasonId === undefined ? {} : { reasonId: chatReasonId }),
    });
    return shown(call, user);
  },
};

function agentOf(call: SupervisionCall): Stored<'user'> | undefined {
  const text = pathParam(call, 'user');
  return supervisedAgents(call).find(({ id }) => String(id) === text);
}

function shown(call: SupervisionCall, user: Stored<'user'>): Answer {
  const { rosterSeq } = call.account.host.state;
  return answerLive(call, supervisedAgentDocument, agentValue(call, user), rosterSeq);
}

function agentValue(call: SupervisionCall, user: Stored<'user'>): SupervisedAgent {
  const { account, base } = call;
  const { id, nickname, fullName, groupId, skillIds, maxChats } = user;
  const { state } = account.host;
  const session = state.sessionOfUser.get(id);
  const { availability, since, reasonId } = presenceOf(state, id);
  const href = `${base}/supervision/agents/${id}/availability`;
  const load = session === undefined ? 0 : loadOf(session);
  const chatting = session?.chatting.length ?? 0;
  const ringing = session?.ringing.length ?? 0;
  return {
    link: session === undefined ? [] : [{ href, rel: REL.availability }],
    ...{ id, nickname, name: fullName, groupId },
    groupName: account.setup.groups.get(groupId)?.name ?? '',
    skill: skillIds.flatMap((skillId) => {
      const skill = account.setup.engine.skills.get(skillId);
      return skill === undefined ? [] : [{ id: skillId, name: skill.name }];
    }),
    availability,
    ...(reasonId === null ? {} : { chatReasonId: reasonId }),
    ...(since === null ? {} : { since }),
    ...(session?.supervises === true ? { supervises: true } : {}),
    ...{ chatting, ringing, assisting: load - chatting - ringing, load, maxChats },
  };
}
