/** Examples of supervision: a chat that waits, and one that an agent has. */
import {
  chatAssignmentDocument,
  REL,
  type SupervisedChat,
  supervisedChatDocument,
  supervisedChatsDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import { BASE, CHAT_ID, epochMs, link, SALES, SUPPORT } from './values.js';

const CHATS = `${BASE}/supervision/chats`;

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

export const SUPERVISION_ANSWERS = [
  answered(supervisedChatsDocument, {
    link: [link(`${CHATS}?offset=0&limit=50`, REL.self)],
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
