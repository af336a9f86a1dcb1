/** Where a chat that is only imagined would go (rule WHY2). */
import { type Sought, weigh } from '@parley/engine';
import { whatIfAnswerDocument, whatIfDocument, WireError } from '@parley/protocol';
import { weighingValue } from '../agent/routing.js';
import type { Operation } from '../http/operation.js';
import { readBody } from '../http/read-body.js';
import { answerWith } from '../http/reply.js';
import type { SupervisionCall } from './authorize.js';

export const askWhatIf: Operation<SupervisionCall> = {
  summary: 'Returns where a hypothetical chat would go as things stand.',
  description:
    'For administrators and managers. It has no effect: nobody is rung, and the chat counts toward no group’s share.',
  body: whatIfDocument,
  answers: { 200: whatIfAnswerDocument },
  errors: ['forbidden', 'unknownSkill', 'invalidField'],
  handle(call) {
    const { skillId, agentId, language, answer, time } = readBody(call, whatIfDocument);
    const { state, config } = call.account.host;
    if (skillId !== undefined && !config.skills.has(skillId)) {
      throw new WireError('unknownSkill', `skillId ${skillId} is no skill of this account.`);
    }
    if (agentId !== undefined && !config.users.has(agentId)) {
      throw new WireError('invalidField', `agentId ${agentId} is no user of this account.`);
    }
    const sought: Sought = {
      skillId: skillId ?? null,
      language: language ?? null,
      answers: answer.map((one) => ({ questionId: one.questionId, values: [one.answer] })),
      ...{ forUserId: agentId ?? null, transferredBy: null, served: false },
    };
    const weighing = weigh(state, config, sought, time ?? call.account.host.now());
    return answerWith(call, whatIfAnswerDocument, weighingValue(call, weighing));
  },
};
