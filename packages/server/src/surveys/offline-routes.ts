/** The survey in place of a chat, when nobody is there (SURV15). */
import { answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { queryParam } from '../http/query.js';
import {
  type OfflineSurveyAnswers,
  offlineSurveyAnswersDocument,
  surveyDocument,
  type Parameter,
} from '@parley/protocol';
import { skillIdOf } from '../chat/audience.js';
import type { Operation } from '../http/operation.js';
import { visitorAddress } from '../visitor/address.js';
import type { VisitorCall } from '../visitor/authorize.js';
import type { AccountCall } from '../http/call.js';
import { surveyAgain } from './again.js';
import { requireSurvey, requireAnsweredSurvey, type SurveyWanted } from './applies.js';
import { checkAnswers } from './check-answers.js';
import { surveyValue } from './documents.js';
import { SURVEY_QUERY, surveyInQuery } from './visitor-routes.js';

/** What is read of who leaves a survey, in the query as in the body. */
const ABOUT = {
  visitorId: { description: 'The visitor, if known from an earlier chat.', most: 100 },
  visitorIp: {
    description: 'The visitor’s IP address. Used only with trusted app keys.',
    most: 64,
  },
  chatReferrer: { description: 'The page on which the survey was submitted.', most: 2_000 },
  userAgent: { description: 'If omitted, the header is used.', most: 1_000 },
  LETagVisitorId: { description: 'The visitor id, from the engagement.', most: 100 },
  LETagSessionId: { description: 'The visit’s session id, from the engagement.', most: 100 },
  LETagContextId: { description: 'The context id, from the engagement.', most: 100 },
} as const;

type About = keyof typeof ABOUT;

/** The original's documents have it in three spellings. */
const ALSO_NAMED: Readonly<Partial<Record<About, readonly string[]>>> = {
  chatReferrer: ['chatRefferer', 'chatReferer'],
};

const ABOUT_QUERY: Readonly<Record<string, Parameter>> = Object.fromEntries(
  Object.entries(ABOUT).map(([name, { description }]) => [
    name,
    { description, schema: { type: 'string' } },
  ]),
);

export const getOfflineSurvey: Operation<VisitorCall> = {
  summary: 'Returns the survey to fill in when nobody is online.',
  query: SURVEY_QUERY,
  answers: { 200: surveyDocument },
  errors: ['noSurvey', 'unknownSkill', 'invalidQuery'],
  handle(call) {
    const survey = requireSurvey(call.account.setup, 'offline', surveyInQuery(call));
    return answerWith(call, surveyDocument, surveyValue(survey));
  },
};

/** The same for PUT and POST. */
export const leaveOfflineSurvey: Operation<VisitorCall> = {
  summary: 'Submits the offline survey.',
  description:
    'The skill and the visitor may be given with the answers, beside them, or in the query; the body takes precedence. Without an id, the answers are for the survey of that skill, or else for the one for all skills.',
  query: { ...SURVEY_QUERY, ...ABOUT_QUERY },
  body: offlineSurveyAnswersDocument,
  answers: { 200: surveyDocument },
  retry: {
    name: 'offline survey',
    caller: 'key',
    again(call) {
      const given = readBody(call, offlineSurveyAnswersDocument);
      return surveyAgain(call, 'offline', given, () => wantedOf(call, given));
    },
  },
  errors: ['noSurvey', 'unknownSkill', 'invalidQuery', 'invalidAnswer', 'invalidField'],
  async handle(call) {
    const given = readBody(call, offlineSurveyAnswersDocument);
    const { setup } = call.account;
    const wanted = wantedOf(call, given);
    const survey = requireAnsweredSurvey(setup, 'offline', wanted, given.id);
    const filled = checkAnswers(survey, given);
    const reported = (name: About) => reportedOf(call, given, name);
    const { headers } = call.request;
    await execute<'offline.leaveSurvey'>(call, {
      type: 'offline.leaveSurvey',
      skillId: wanted.skillId ?? survey.skillId,
      visitor: {
        visitorId: reported('visitorId') ?? null,
        ip: visitorAddress(call, reported('visitorIp'), 'visitorIp'),
        userAgent: reported('userAgent') ?? headers['user-agent']?.slice(0, 1_000) ?? null,
        language: headers['accept-language']?.slice(0, 35) ?? null,
        referrer: reported('chatReferrer') ?? null,
        sharkVisitorId: reported('LETagVisitorId') ?? null,
        sharkSessionId: reported('LETagSessionId') ?? null,
        sharkContextId: reported('LETagContextId') ?? null,
      },
      survey: filled,
    });
    return answerWith(call, surveyDocument, surveyValue(survey, filled));
  },
};

/** The survey that is answered, as the body or the query name it. */
function wantedOf(call: AccountCall, given: OfflineSurveyAnswers): SurveyWanted {
  const asked = surveyInQuery(call);
  const { skillId: id, skill, serviceQueue } = given;
  const skillId = skillIdOf(call, { id, name: skill || serviceQueue }) ?? asked.skillId;
  return { ...asked, skillId };
}

/** What body or query say of the visitor, the body first; undefined for nothing. */
function reportedOf(
  call: VisitorCall,
  given: OfflineSurveyAnswers,
  name: About,
): string | undefined {
  const inQuery = [name, ...(ALSO_NAMED[name] ?? [])]
    .map((each) => queryParam(call, each))
    .find(Boolean);
  return given[name] || inQuery?.slice(0, ABOUT[name].most) || undefined;
}
