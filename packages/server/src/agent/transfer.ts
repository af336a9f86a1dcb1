/** Giving a chat to another agent or skill (rules XFER…). */
import { answerEmpty, answerLive } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { agentsForTransfer, mayTransfer } from '@parley/engine';
import { transferDocument, transferSkillsDocument, WireError } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { AgentChatCall } from './authorize.js';

export const getTransferSkills: Operation<AgentChatCall> = {
  summary: 'Lists the skills for which another agent could take the chat.',
  answers: { 200: transferSkillsDocument },
  handle(call) {
    const { chat, user } = call;
    const { state, config } = call.account.host;
    const skills = chat.phase.name === 'active' ? [...config.skills.values()] : [];
    const skill = skills.flatMap(({ id, name }) => {
      if (!mayTransfer(config, chat.skillId, id)) return [];
      const onlineAgents = agentsForTransfer(state, config, id, user.id);
      return onlineAgents === 0 ? [] : [{ id, name, onlineAgents }];
    });
    return answerLive(call, transferSkillsDocument, { skill }, state.rosterSeq);
  },
};

export const transferChat: Operation<AgentChatCall> = {
  summary: 'Transfers the chat to an agent or a skill.',
  description:
    'Afterwards the chat no longer belongs to this session. If both are given, the agent counts.',
  body: transferDocument,
  answers: { 200: null },
  retry: { name: 'transfer', caller: 'user', again: (call) => answerEmpty(call) },
  errors: ['chatEnded', 'forbidden', 'skillUnavailable', 'agentUnavailable'],
  async handle(call) {
    const { agent, skill, text } = readBody(call, transferDocument);
    await execute<'chat.transfer'>(call, {
      type: 'chat.transfer',
      chatId: call.chat.id,
      sessionId: call.session.id,
      to: target(agent?.id, skill?.id),
      text: text || null,
    });
    return answerEmpty(call);
  },
};

/** When both are given, the agent wins. */
function target(userId: number | undefined, skillId: number | undefined) {
  if (userId !== undefined) return { userId };
  if (skillId !== undefined) return { skillId };
  throw new WireError('invalidField', 'transfer needs a skill or an agent.');
}
