/** Examples of supervision: a chat that waits, and one that an agent has. */
import {
  chatAssignmentDocument,
  REL,
  type SupervisedAgent,
  supervisedAgentDocument,
  supervisedAgentsDocument,
  type SupervisedChat,
  supervisedChatDocument,
  supervisedChatsDocument,
  supervisedSkillsDocument,
  type SupervisionFigures,
} from '../../index.js';
import { sent, answered } from './example.js';
import { BASE, CHAT_ID, epochMs, link, SALES, SUPPORT } from './values.js';

const CHATS = `${BASE}/supervision/chats`;
const AGENTS = `${BASE}/supervision/agents`;
const SKILLS = `${BASE}/supervision/skills`;

const waiting: SupervisedChat = {
  link: [
    link(`${CHATS}/${CHAT_ID}/assignment`, REL.assignment),
    link(`${CHATS}/${CHAT_ID}/end`, REL.end),
  ],
  id: CHAT_ID,
  phase: 'waiting',
  skillId: SALES.id,
  skillName: SALES.name,
  visitorName: 'Vera',
  requestedAt: epochMs(0),
  since: epochMs(0),
};

const anna: SupervisedAgent = {
  link: [link(`${AGENTS}/101/availability`, REL.availability)],
  ...{ id: 101, nickname: 'Anna', name: 'Anna Agent', groupId: 1, groupName: 'Main group' },
  skill: [SALES],
  ...{ availability: 'Online', since: epochMs(5) },
  ...{ chatting: 2, ringing: 1, assisting: 0, load: 3, maxChats: 4 },
};

const ben: SupervisedAgent = {
  ...anna,
  link: [link(`${AGENTS}/102/availability`, REL.availability)],
  ...{ id: 102, nickname: 'Ben', name: 'Ben Agent', chatting: 0, ringing: 0, load: 0 },
};

const figures: SupervisionFigures = {
  ...{ waiting: 3, ringing: 1, chatting: 2, longestWaitSince: epochMs(12) },
  ...{ online: 1, occupied: 0, away: 2, load: 3, capacity: 4, freeSlots: 1 },
  ...{ accepted: 20, acceptedIn30: 17 },
};

export const SUPERVISION_ANSWERS = [
  answered(supervisedAgentsDocument, {
    link: [link(`${AGENTS}?offset=0&limit=200`, REL.self)],
    total: 2,
    agent: [anna, ben],
  }),
  answered(supervisedAgentDocument, { ...anna, availability: 'Away', since: epochMs(50) }),
  answered(supervisedSkillsDocument, {
    link: [link(SKILLS, REL.self)],
    windowSeconds: 1_800,
    total: figures,
    skill: [{ ...SALES, ...figures }],
  }),
  answered(supervisedChatsDocument, {
    link: [
      link(`${CHATS}?offset=0&limit=50`, REL.self),
      link(AGENTS, REL.agents),
      link(SKILLS, REL.skills),
    ],
    total: 1,
    chat: [waiting],
  }),
  answered(supervisedChatDocument, {
    ...waiting,
    phase: 'ringing',
    skillId: SALES.id,
    agentId: 102,
    agentName: 'Ben',
    since: epochMs(42),
  }),
];

export const SUPERVISION_BODIES = [
  sent(chatAssignmentDocument, 'toSkill', 'To the queue of a skill.', { skillId: SUPPORT.id }),
  sent(chatAssignmentDocument, 'toAgent', 'To an agent, who is rung at once.', { agentId: 102 }),
];
