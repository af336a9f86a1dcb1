/** Supervision: the live and waiting chats of an account, for administrators and managers. */
import Type from 'typebox';
import { id, Link, list, named } from '../annotations.js';
import { defineDocument } from '../document.js';

const instant = (description: string) =>
  Type.Integer({
    description: `${description} Epoch milliseconds.`,
    'x-wire': { instant: 'epoch-ms' },
  });

const SupervisedChat = named(
  'SupervisedChat',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.String({ description: 'The chat, as chatSessionKey names it.' }),
    phase: Type.Enum(['waiting', 'ringing', 'chatting', 'ended'], {
      description: 'Where it is: ringing and chatting name the agent.',
    }),
    skillId: Type.Optional(Type.Integer()),
    skillName: Type.Optional(Type.String()),
    agentId: Type.Optional(
      Type.Integer({ description: 'Who has it, is rung, or is waited for by name.' }),
    ),
    agentName: Type.Optional(Type.String()),
    visitorName: Type.Optional(Type.String()),
    requestedAt: instant('When the visitor asked for it.'),
    since: instant('When this phase began.'),
    opensAt: Type.Optional(
      instant('It waits for the account to open, which it does then at the earliest.'),
    ),
  }),
);
/** A chat as its supervisors see it. */
export type SupervisedChat = Type.Static<typeof SupervisedChat>;

export const supervisedChatsDocument = defineDocument({
  name: 'supervisedChats',
  root: 'chats',
  style: 'plain',
  description: 'Chats that are not over, the longest-waiting first.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    total: Type.Integer({ minimum: 0, description: 'How many there are, on all pages.' }),
    chat: list(SupervisedChat),
  }),
});

export const supervisedChatDocument = defineDocument({
  name: 'supervisedChat',
  root: 'chat',
  style: 'plain',
  description: 'A chat as its supervisors see it.',
  schema: SupervisedChat,
});

const count = (description: string) => Type.Integer({ minimum: 0, description });

const SupervisedAgent = named(
  'SupervisedAgent',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.Integer(),
    nickname: Type.String(),
    name: Type.String(),
    groupId: Type.Integer(),
    groupName: Type.String(),
    skill: list(Type.Object({ id: Type.Integer(), name: Type.String() })),
    availability: Type.Enum(['Online', 'Occupied', 'Away', 'Offline']),
    chatReasonId: Type.Optional(Type.Integer({ description: 'The status reason that they gave.' })),
    since: Type.Optional(instant('Since when; absent for who was never there.')),
    supervises: Type.Optional(
      Type.Boolean({ description: 'Theirs is a session to watch from, at which nothing rings.' }),
    ),
    chatting: count('Chats that they have.'),
    ringing: count('Chats that ring at them.'),
    assisting: count('Chats of others in which they assist, or are asked to.'),
    load: count('What counts against maxChats.'),
    maxChats: Type.Integer({ description: '-1: no cap.' }),
  }),
);
/** An agent as supervisors see them. */
export type SupervisedAgent = Type.Static<typeof SupervisedAgent>;

export const supervisedAgentsDocument = defineDocument({
  name: 'supervisedAgents',
  root: 'agents',
  style: 'plain',
  description: 'Agents, whether they are there or not, by nickname.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    total: count('How many there are, on all pages.'),
    agent: list(SupervisedAgent),
  }),
});

export const supervisedAgentDocument = defineDocument({
  name: 'supervisedAgent',
  root: 'agent',
  style: 'plain',
  description: 'An agent as those who supervise see them.',
  schema: SupervisedAgent,
});

const FIGURES = {
  waiting: count('Chats that wait.'),
  ringing: count('Chats that ring.'),
  chatting: count('Chats that have an agent.'),
  longestWaitSince: Type.Optional(
    instant('Since when the one waits, or rings, that waits the longest; absent for none.'),
  ),
  online: count('Agents that are Online.'),
  occupied: count('Agents that are Occupied.'),
  away: count('Agents that are Away.'),
  load: count('What counts against the maxChats of those who are Online or Occupied.'),
  capacity: Type.Integer({ description: 'The sum of their maxChats; -1: one has no cap.' }),
  freeSlots: Type.Integer({
    description: 'Chats that those who are Online could take more; -1: one has no cap.',
  }),
  accepted: count('Chats that were accepted for the first time in the last half hour, up to 500.'),
  acceptedIn30: count('Those of them that had waited for 30 seconds at most.'),
};

const SupervisionFigures = named('SupervisionFigures', Type.Object(FIGURES));
/** What a live board shows about a skill, or about all skills. */
export type SupervisionFigures = Type.Static<typeof SupervisionFigures>;

const SupervisedSkill = named(
  'SupervisedSkill',
  Type.Object({ id: Type.Integer(), name: Type.String(), ...FIGURES }),
);
/** A skill, and what a live board shows about it. */
export type SupervisedSkill = Type.Static<typeof SupervisedSkill>;

export const supervisedSkillsDocument = defineDocument({
  name: 'supervisedSkills',
  root: 'skills',
  style: 'plain',
  description: 'How it goes, of each skill and of all: as it is now, and in the last half hour.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    windowSeconds: Type.Integer({ description: 'What accepted and acceptedIn30 look back.' }),
    total: SupervisionFigures,
    skill: list(SupervisedSkill),
  }),
});

export const chatAssignmentDocument = defineDocument({
  name: 'chatAssignment',
  root: null,
  xmlRoot: 'assignment',
  style: 'plain',
  description: 'Where a chat is moved to: a skill or an agent.',
  schema: Type.Refine(
    Type.Object({
      skillId: Type.Optional(id('The queue it goes to.')),
      agentId: Type.Optional(id('The agent who is rung at once.')),
    }),
    ({ skillId, agentId }) => (skillId === undefined) !== (agentId === undefined),
    () => 'needs a skill or an agent, and not both: {"skillId": 2} or {"agentId": 6}',
  ),
});
