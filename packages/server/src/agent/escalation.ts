/** Giving a chat up for people (rules ESC…). */
import { answerEmpty } from '../http/reply.js';
import { execute } from '../http/execute.js';
import { readBody } from '../http/read-body.js';
import { escalationDocument } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { AgentChatCall } from './authorize.js';

export const escalateChat: Operation<AgentChatCall> = {
  summary: 'Gives the chat up for people: it goes to the head of its skill’s queue.',
  description:
    'For programs that are to hand over, or that failed. The chat waits for people, whether one is there or not, and goes to programs only where its skill has no people at all, or, with the reason `error`, to one that has not failed in it while no person is there; whoever takes it reads the text and what happened. Afterwards it is no longer one of this session, and whoever writes to it gets 409, which says whose it is. The same happens by itself when a visitor’s line has waited for the answer of a program for as long as the skill’s `answerLimit` says.',
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
