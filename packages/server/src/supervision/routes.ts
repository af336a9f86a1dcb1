/** `B/supervision/chats`: what waits and what is live, moved and ended by who is responsible. */
import { pathParam, queryInteger, queryOneOf } from '../http/query.js';
import { answerLive, answerTagged, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { type Chat, type Service, serviceOf } from '@parley/engine';
import {
  chatAssignmentDocument,
  REL,
  type SupervisedChat,
  supervisedChatDocument,
  supervisedChatsDocument,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import { TAGGED } from '../http/entity-tag.js';
import { askWhatIf } from './what-if.js';
import { type Api, resource } from '../http/resource.js';
import { Pauses } from '@parley/runtime/pauses';
import type { AuthContext } from '../auth/context.js';
import {
  authorizeSupervisedChat,
  authorizeSupervisor,
  type SupervisedChatCall,
  isSupervision,
  type SupervisionCall,
  supervises,
} from './authorize.js';
import { listAgents, setAgentAvailability } from './agents.js';
import { type PageSize, pageOf, pageQuery } from './page.js';
import { listSkills } from './skills.js';

const PAGE: PageSize = { usual: 50, max: 200 };

/** Chats that are looked at before it is asked whether others wait. */
const LOOKS = 500;

const PHASES = ['waiting', 'ringing', 'chatting'] as const;

const common = { versions: ['1', '1.0'], cors: 'agent' } as const;
const bySupervisor: Api<SupervisionCall, AuthContext> = {
  ...common,
  authorize: authorizeSupervisor,
};
const byChat: Api<SupervisedChatCall, AuthContext> = {
  ...common,
  authorize: authorizeSupervisedChat,
};

export function registerSupervision(app: FastifyInstance, server: AuthContext): void {
  resource(app, server, bySupervisor, '/supervision/chats', {
    GET: {
      summary: 'Lists the chats that are waiting, ringing or with an agent, longest-waiting first.',
      description:
        'Administrators see all chats of the account. Managers see those of the agents in their groups, and those that wait for a skill that one of these agents holds.',
      query: {
        phase: {
          description: 'Only chats in this phase.',
          schema: { type: 'string', enum: PHASES },
        },
        skillId: {
          description: 'Only chats of this skill.',
          schema: { type: 'integer', minimum: 1 },
        },
        agentId: {
          description:
            'Only chats that this agent has, that ring at this agent, or that wait for this agent.',
          schema: { type: 'integer', minimum: 1 },
        },
        ...pageQuery(PAGE),
      },
      ...TAGGED,
      answers: { 200: supervisedChatsDocument, 304: null },
      errors: ['forbidden', 'invalidQuery'],
      handle: listChats,
    },
  });
  resource(app, server, bySupervisor, '/supervision/agents', { GET: listAgents });
  resource(app, server, bySupervisor, '/supervision/agents/:user/availability', {
    PUT: setAgentAvailability,
  });
  resource(app, server, bySupervisor, '/supervision/skills', { GET: listSkills });
  resource(app, server, bySupervisor, '/routing/what-if', { POST: askWhatIf });
  resource(app, server, byChat, '/supervision/chats/:chat/assignment', {
    PUT: {
      summary: 'Moves a chat to a skill or an agent.',
      description:
        'A waiting or ringing chat goes to the other queue, or rings at the agent at once, whatever the agent’s skills. If it is not answered, it goes back to the queue of its skill. A chat that has an agent is transferred, and the agent no longer has it.',
      body: chatAssignmentDocument,
      answers: { 200: supervisedChatDocument },
      errors: ['forbidden', 'notFound', 'chatEnded', 'skillUnavailable', 'agentUnavailable'],
      handle: assignChat,
    },
  });
  resource(app, server, byChat, '/supervision/chats/:chat/end', {
    POST: {
      summary: 'Ends a chat; its visitor reads that the agent ended it.',
      answers: { 200: supervisedChatDocument },
      retry: { name: 'supervised end', caller: 'user', again: endedAgain },
      errors: ['forbidden', 'notFound', 'chatEnded'],
      handle: endChat,
    },
  });
}

async function listChats(call: SupervisionCall): Promise<Answer> {
  const { state } = call.account.host;
  const phase = queryOneOf(call, 'phase', PHASES);
  const ids = { min: 1, max: Number.MAX_SAFE_INTEGER };
  const skillId = queryInteger(call, 'skillId', ids);
  const agentId = queryInteger(call, 'agentId', ids);

  const found: Chat[] = [];
  // In the order in which they were asked for.
  const pauses = new Pauses();
  let looked = 0;
  for (const chat of state.chats.values()) {
    looked += 1;
    if (looked % LOOKS === 0) await pauses.take();
    const service = serviceOf(chat);
    if (service.name === 'ended' || (phase !== undefined && service.name !== phase)) continue;
    if (skillId !== undefined && chat.skillId !== skillId) continue;
    if (agentId !== undefined && agentIdOf(service) !== agentId) continue;
    if (supervises(call, chat)) found.push(chat);
  }
  const page = pageOf(call, '/supervision/chats', { phase, skillId, agentId }, found, PAGE);
  const chat = page.members.map((each) => chatValue(call, each));
  const link = [
    ...page.link,
    { href: `${call.base}/supervision/agents`, rel: REL.agents },
    { href: `${call.base}/supervision/skills`, rel: REL.skills },
  ];
  return answerTagged(
    call,
    supervisedChatsDocument,
    { link, total: found.length, chat },
    state.seq,
  );
}

async function assignChat(call: SupervisedChatCall): Promise<Answer> {
  const { skillId, agentId } = readBody(call, chatAssignmentDocument);
  const to = agentId === undefined ? { skillId: skillId ?? 0 } : { userId: agentId };
  await execute<'chat.assign'>(call, {
    type: 'chat.assign',
    chatId: call.chat.id,
    byUserId: call.user.id,
    to,
  });
  return answerLive(call, supervisedChatDocument, chatValue(call, call.chat), call.chat.seq);
}

async function endChat(call: SupervisedChatCall): Promise<Answer> {
  await execute<'chat.close'>(call, {
    type: 'chat.close',
    chatId: call.chat.id,
    byUserId: call.user.id,
  });
  return answerLive(call, supervisedChatDocument, chatValue(call, call.chat), call.chat.seq);
}

/** The chat as it is shown once it has ended, as long as it is there. */
function endedAgain(call: AccountCall): Answer | null {
  const chat = call.account.host.state.chats.get(pathParam(call, 'chat'));
  return isSupervision(call) && chat !== undefined
    ? answerWith(call, supervisedChatDocument, chatValue(call, chat))
    : null;
}

function chatValue(call: SupervisionCall, chat: Chat): SupervisedChat {
  const { setup } = call.account;
  const { id, skillId, visitorName, heldUntil } = chat;
  const service = serviceOf(chat);
  const href = `${call.base}/supervision/chats/${id}`;
  const agentId = agentIdOf(service);
  const skill = skillId === null ? undefined : setup.engine.skills.get(skillId);
  const agent = agentId === null ? undefined : setup.users.get(agentId);
  // Where the caller works, if anywhere: chats are watched from there.
  const session = call.account.host.state.sessionOfUser.get(call.user.id);
  const watched =
    session === undefined ? null : `${call.base}/agentSession/${session.id}/chat/${id}`;
  return {
    link: [
      { href: `${href}/assignment`, rel: REL.assignment },
      { href: `${href}/end`, rel: REL.end },
      ...(watched === null || service.name === 'ended'
        ? []
        : [
            { href: `${watched}/collaborationChannels`, rel: REL.collaborationChannels },
            { href: `${watched}/takeOver`, rel: REL.takeOver },
          ]),
    ],
    id,
    phase: service.name,
    ...(skillId === null ? {} : { skillId }),
    ...(skill === undefined ? {} : { skillName: skill.name }),
    ...(agentId === null ? {} : { agentId }),
    ...(agent === undefined ? {} : { agentName: agent.nickname }),
    ...(visitorName === null ? {} : { visitorName }),
    requestedAt: chat.requestedAt,
    since: sinceOf(service),
    ...(heldUntil === undefined ? {} : { opensAt: heldUntil }),
  };
}

/** Who has it, is rung, or is waited for by name. */
function agentIdOf(service: Service): number | null {
  switch (service.name) {
    case 'waiting':
      return service.waiting.forUserId;
    case 'ended':
      return service.lastUserId;
    default:
      return service.userId;
  }
}

function sinceOf(service: Service): number {
  switch (service.name) {
    case 'waiting':
      return service.waiting.since;
    case 'ringing':
      return service.offer.since;
    case 'chatting':
      return service.since;
    case 'ended':
      return service.at;
    default:
      return service satisfies never;
  }
}
