/** The visitor's surveys before a chat and after one (rules SURV…). */
import { pathParam, queryParam } from '../http/query.js';
import { answerLive, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import type { FilledSurvey } from '@parley/engine';
import {
  type SurveyAnswers,
  surveyAnswersDocument,
  surveyDocument,
  WireError,
  type Parameter,
} from '@parley/protocol';
import { SKILL_QUERY, skillInQuery } from '../chat/audience.js';
import type { AccountConfiguration } from '@parley/configuration/records/records';
import type { AccountCall } from '../http/call.js';
import type { Operation } from '../http/operation.js';
import type { VisitorCall, VisitorChatCall } from '../visitor/authorize.js';
import { surveyAgain } from './again.js';
import {
  requireSurvey,
  requireAnsweredSurvey,
  type SurveyWanted,
  surveyAnswered,
} from './applies.js';
import { checkAnswers } from './check-answers.js';
import { surveyValue } from './documents.js';

export const SURVEY_QUERY: Readonly<Record<string, Parameter>> = {
  ...SKILL_QUERY,
  serviceQueue: {
    description: 'The same as skill, for older clients.',
    schema: { type: 'string' },
  },
  surveyName: { description: 'The name of a survey.', schema: { type: 'string' } },
  surveyApiId: {
    description: 'The id of a survey. A name takes precedence.',
    schema: { type: 'string' },
  },
};

/** Which survey the query asks for. */
export function surveyInQuery(call: AccountCall): SurveyWanted {
  return {
    skillId: skillInQuery(call),
    name: queryParam(call, 'surveyName'),
    apiId: queryParam(call, 'surveyApiId'),
  };
}

export const getPreChatSurvey: Operation<VisitorCall> = {
  summary: 'Returns the survey to fill in before a chat.',
  query: SURVEY_QUERY,
  answers: { 200: surveyDocument },
  errors: ['noSurvey', 'unknownSkill', 'invalidQuery'],
  handle(call) {
    const survey = requireSurvey(call.account.setup, 'preChat', surveyInQuery(call));
    return answerWith(call, surveyDocument, surveyValue(survey));
  },
};

export const getExitSurvey: Operation<VisitorChatCall> = {
  summary: 'Returns the survey to fill in after the chat.',
  query: { surveyName: { description: 'The name of a survey.', schema: { type: 'string' } } },
  answers: { 200: surveyDocument },
  errors: ['noSurvey'],
  handle(call) {
    const { chat } = call;
    const { setup } = call.account;
    const wanted = { skillId: chat.skillId, name: queryParam(call, 'surveyName') };
    const survey = requireSurvey(setup, 'exit', wanted);
    return answerLive(
      call,
      surveyDocument,
      surveyValue(survey, chat.surveys?.exit ?? null),
      chat.seq,
    );
  },
};

export const putExitSurvey: Operation<VisitorChatCall> = {
  summary: 'Fills in the exit survey; the latest answers count.',
  query: { surveyName: { description: 'The name of a survey.', schema: { type: 'string' } } },
  body: surveyAnswersDocument,
  answers: { 200: surveyDocument },
  retry: {
    name: 'survey',
    caller: 'chat',
    again: (call) =>
      surveyAgain(call, 'exit', readBody(call, surveyAnswersDocument), () => ({
        skillId: call.account.host.state.chats.get(pathParam(call, 'chat'))?.skillId ?? null,
        name: queryParam(call, 'surveyName'),
      })),
  },
  errors: ['noSurvey', 'invalidAnswer', 'invalidField'],
  async handle(call) {
    const given = readBody(call, surveyAnswersDocument);
    const { setup } = call.account;
    const wanted = { skillId: call.chat.skillId, name: queryParam(call, 'surveyName') };
    const survey = requireAnsweredSurvey(setup, 'exit', wanted, given.id);
    const filled = checkAnswers(survey, given);
    await execute<'chat.answerSurvey'>(call, {
      type: 'chat.answerSurvey',
      chatId: call.chat.id,
      from: { party: 'visitor' },
      survey: filled,
    });
    return answerWith(call, surveyDocument, surveyValue(survey, filled));
  },
};

/**
 * The pre-chat survey that comes with a chat request, checked; null when none applies.
 * @throws WireError 400 naming the questions that are unanswered or wrongly answered, or when there
 *   are answers to no survey.
 */
export function preChatSurvey(
  setup: AccountConfiguration,
  skillId: number | null,
  given: SurveyAnswers | undefined,
): FilledSurvey | null {
  const survey = surveyAnswered(setup, 'preChat', { skillId }, given?.id);
  if (survey !== null) {
    const filled = checkAnswers(survey, given ?? { question: [] });
    return filled.answers.length === 0 ? null : filled;
  }
  if (given === undefined || given.question.length === 0) return null;
  throw new WireError(
    'invalidAnswer',
    'request.survey has answers, but there is no pre-chat survey for this: leave them out.',
  );
}
