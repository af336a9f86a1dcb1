/** Giving a chat up for people (rules ESC…). */
import { answerEmpty } from '../http/reply.js';
import { execute } from '../http/execute.js';
import { readBody } from '../http/read-body.js';
import { escalationDocument } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { AgentChatCall } from './authorize.js';

export const escalateChat: Operation<AgentChatCall> = {
  summary: 'Hands the chat to people: it goes to the head of its skill’s queue.',
  description:
    'For programs that hand a chat over, or that failed. The chat waits for a person, whether or not one is online. It goes to a program only if its skill has no people at all or, with the reason `error`, to one that has not failed in this chat while no person is there. Whoever takes the chat reads the text and what happened. Afterwards the chat no longer belongs to this session: writing to it returns 409, which names the agent who has it. The same happens automatically when a visitor’s line has waited for a program’s reply for as long as the skill’s `answerLimit` allows.',
  body: escalationDocument,
  answers: { 200: null },
  retry: { name: 'escalation', caller: 'user', again: (call) => answerEmpty(call) },
  errors: ['chatEnded', 'chatElsewhere', 'forbidden', 'skillUnavailable'],
  async handle(call) {
    const { reason = 'handed-over', skillId, text } = readBody(call, escalationDocument);
    await execute<'chat.escalate'>(call, {
      type: 'chat.escalate',
      chatId: call.chat.id,
      sessionId: call.session.id,
      skillId: skillId ?? null,
      reason,
      text: text || null,
    });
    return answerEmpty(call);
  },
};
