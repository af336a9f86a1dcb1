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
