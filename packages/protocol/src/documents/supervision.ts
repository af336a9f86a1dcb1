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
    id: Type.String({ description: 'The chat: its chatSessionKey.' }),
    phase: Type.Enum(['waiting', 'ringing', 'chatting', 'ended'], {
      description: 'The phase of the chat. In ringing and chatting, agentId is the agent.',
    }),
    skillId: Type.Optional(Type.Integer()),
    skillName: Type.Optional(Type.String()),
    agentId: Type.Optional(
      Type.Integer({
        description: 'The agent who has it, who is rung, or whom it waits for by name.',
      }),
    ),
    agentName: Type.Optional(Type.String()),
    visitorName: Type.Optional(Type.String()),
    requestedAt: instant('When the visitor requested it.'),
    since: instant('When this phase began.'),
    opensAt: Type.Optional(
      instant('The earliest time at which the account opens, if the chat waits for that.'),
    ),
  }),
);
/** A chat as its supervisors see it. */
export type SupervisedChat = Type.Static<typeof SupervisedChat>;

export const supervisedChatsDocument = defineDocument({
  name: 'supervisedChats',
  root: 'chats',
  style: 'plain',
  description: 'Chats that are not over, longest-waiting first.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    total: Type.Integer({ minimum: 0, description: 'The total over all pages.' }),
    chat: list(SupervisedChat),
  }),
});

export const supervisedChatDocument = defineDocument({
  name: 'supervisedChat',
  root: 'chat',
  style: 'plain',
  description: 'A chat as supervisors see it.',
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
    chatReasonId: Type.Optional(
      Type.Integer({ description: 'The status reason that the agent gave.' }),
    ),
    since: Type.Optional(instant('Since when. Absent if the agent has never been online.')),
    supervises: Type.Optional(
      Type.Boolean({
        description: 'Whether their session is for watching only, in which nothing rings.',
      }),
    ),
    chatting: count('How many chats they have.'),
    ringing: count('How many chats are ringing at them.'),
    assisting: count('How many chats of others they assist in, or are invited to assist in.'),
    load: count('How much of maxChats is in use.'),
    maxChats: Type.Integer({ description: '-1: no cap.' }),
  }),
);
/** An agent as supervisors see them. */
export type SupervisedAgent = Type.Static<typeof SupervisedAgent>;

export const supervisedAgentsDocument = defineDocument({
  name: 'supervisedAgents',
  root: 'agents',
  style: 'plain',
  description: 'Agents, online or not, sorted by nickname.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    total: count('The total over all pages.'),
    agent: list(SupervisedAgent),
  }),
});

export const supervisedAgentDocument = defineDocument({
  name: 'supervisedAgent',
  root: 'agent',
  style: 'plain',
  description: 'An agent as supervisors see them.',
  schema: SupervisedAgent,
});

const FIGURES = {
  waiting: count('Chats that wait.'),
  ringing: count('Chats that ring.'),
  chatting: count('Chats that have an agent.'),
  longestWaitSince: Type.Optional(
    instant('Since when the longest-waiting chat has waited or rung. Absent if there is none.'),
  ),
  online: count('Agents that are Online.'),
  occupied: count('Agents that are Occupied.'),
  away: count('Agents that are Away.'),
  load: count('How much of their maxChats the Online and Occupied agents have in use.'),
  capacity: Type.Integer({
    description: 'The sum of their maxChats. -1: at least one has no limit.',
  }),
  freeSlots: Type.Integer({
    description: 'How many more chats the Online agents could take. -1: at least one has no limit.',
  }),
  accepted: count('Chats that were accepted for the first time in the last half hour, up to 500.'),
  acceptedIn30: count('How many of these had waited at most 30 seconds.'),
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
  description: 'Figures for each skill and in all: the current state, and the last half hour.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    windowSeconds: Type.Integer({
      description: 'The period that accepted and acceptedIn30 cover, in seconds.',
    }),
    total: SupervisionFigures,
    skill: list(SupervisedSkill),
  }),
});

export const chatAssignmentDocument = defineDocument({
  name: 'chatAssignment',
  root: null,
  xmlRoot: 'assignment',
  style: 'plain',
  description: 'The skill or agent to move a chat to.',
  schema: Type.Refine(
    Type.Object({
      skillId: Type.Optional(id('The queue it goes to.')),
      agentId: Type.Optional(id('The agent who is rung at once.')),
    }),
    ({ skillId, agentId }) => (skillId === undefined) !== (agentId === undefined),
    () => 'needs a skill or an agent, and not both: {"skillId": 2} or {"agentId": 6}',
  ),
});
