/** The agent's own survey of a chat (rules SURV…). */
import { answerLive, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { pathParam } from '../http/query.js';
import { execute } from '../http/execute.js';
import { surveyAnswersDocument, surveyDocument } from '@parley/protocol';
import type { AgentChatCall } from '../agent/authorize.js';
import type { Operation } from '../http/operation.js';
import { surveyAgain } from './again.js';
import { requireSurvey, requireAnsweredSurvey } from './applies.js';
import { checkAnswers } from './check-answers.js';
import { surveyValue } from './documents.js';

export const getAgentSurvey: Operation<AgentChatCall> = {
  summary: 'Returns the agent’s survey of this chat, with the answers given so far.',
  answers: { 200: surveyDocument },
  errors: ['noSurvey'],
  handle(call) {
    const { chat } = call;
    const survey = requireSurvey(call.account.setup, 'agent', { skillId: chat.skillId });
    return answerLive(
      call,
      surveyDocument,
      surveyValue(survey, chat.surveys?.agent ?? null),
      chat.seq,
    );
  },
};

export const putAgentSurvey: Operation<AgentChatCall> = {
  summary: 'Fills in the agent’s survey; the latest answers count.',
  body: surveyAnswersDocument,
  answers: { 200: surveyDocument },
  retry: {
    name: 'survey',
    caller: 'user',
    again: (call) =>
      surveyAgain(call, 'agent', readBody(call, surveyAnswersDocument), () => ({
        skillId: call.account.host.state.chats.get(pathParam(call, 'chat'))?.skillId ?? null,
      })),
  },
  errors: ['noSurvey', 'invalidAnswer', 'invalidField', 'forbidden'],
  async handle(call) {
    const given = readBody(call, surveyAnswersDocument);
    const { setup } = call.account;
    const wanted = { skillId: call.chat.skillId };
    const survey = requireAnsweredSurvey(setup, 'agent', wanted, given.id);
    const filled = checkAnswers(survey, given);
    await execute<'chat.answerSurvey'>(call, {
      type: 'chat.answerSurvey',
      chatId: call.chat.id,
      from: { party: 'agent', sessionId: call.session.id },
      survey: filled,
    });
    return answerWith(call, surveyDocument, surveyValue(survey, filled));
  },
};
