/** What was answered to a filled-in survey that comes again. */
import { answerWith } from '../http/reply.js';
import type { FilledSurvey } from '@parley/engine';
import { givenAnswers, type SurveyAnswers, surveyDocument, WireError } from '@parley/protocol';
import type { SurveyKind } from '@parley/configuration/records/records';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import { requireAnsweredSurvey, type SurveyWanted } from './applies.js';
import { checkAnswers } from './check-answers.js';
import { filledSurveyValue, surveyValue } from './documents.js';

/**
 * The survey with the answers as they were given, once more. It is answered as it is configured now: what
 * was kept is that it was answered.
 * @param wanted which survey it was; looked up anew, so it may not be there any more
 */
export function surveyAgain(
  call: AccountCall,
  kind: SurveyKind,
  given: SurveyAnswers,
  wanted: () => SurveyWanted,
): Answer {
  try {
    const survey = requireAnsweredSurvey(call.account.setup, kind, wanted(), given.id);
    return answerWith(call, surveyDocument, surveyValue(survey, checkAnswers(survey, given)));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return answerWith(call, surveyDocument, filledSurveyValue(undefined, asGiven(given)));
  }
}

/** The answers to a survey that is gone, or asks something else by now. */
function asGiven({ id, question }: SurveyAnswers): FilledSurvey {
  const answers = question.map((each) => ({
    questionId: each.id,
    label: '',
    values: givenAnswers(each),
  }));
  return { surveyId: id ?? 0, title: '', answers };
}
