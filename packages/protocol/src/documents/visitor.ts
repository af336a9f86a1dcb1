/** The visitor's side: the account's base resource, estimates, starting a chat, transcripts. */
import Type, { type TString } from 'typebox';
import { address, annotate, attribute, id, links, list, nameText, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { MAIL_ADDRESS, MAIL_ADDRESS_MAX } from '../text-forms.js';
import { LINE_MAX, NAME_MAX } from './chat.js';
import { SurveyAnswers } from './survey.js';

export const accountDocument = defineDocument({
  name: 'account',
  root: 'account',
  style: 'attributes',
  description: "The links of an account's visitor resources.",
  schema: Type.Object({ id: attribute(Type.String()), link: links() }),
});

export const visitorAvailabilityDocument = defineDocument({
  name: 'visitorAvailability',
  root: 'availability',
  style: 'attributes',
  description: 'Whether a chat could be taken.',
  schema: Type.Boolean(),
});

export const skillsAvailabilityDocument = defineDocument({
  name: 'skillsAvailability',
  root: 'availability',
  style: 'attributes',
  description: 'Whether a chat could be taken, for each skill asked about.',
  schema: Type.Object({
    AvailabilityForSkills: list(
      Type.Object({ skill: Type.String(), isAvailable: Type.Boolean() }),
      { item: 'skillAvailability', always: true },
    ),
  }),
});

export const estimatedWaitTimeDocument = defineDocument({
  name: 'estimatedWaitTime',
  root: 'estimatedWaitTime',
  style: 'attributes',
  description: 'The estimated wait in seconds. -1: nobody is online; -2: not known yet.',
  schema: Type.Integer({ minimum: -2 }),
});

/** A variable that the page or the visitor's app gives to the chat. */
export const NewCustomVariable = Type.Object({
  name: nameText(100),
  value: annotate(text(1_000), { default: '' }),
});

const newCustomVariables = () => list(NewCustomVariable, { maxItems: 100 });

export const newCustomVariablesDocument = defineDocument({
  name: 'newCustomVariables',
  root: 'customVariables',
  style: 'attributes',
  description: 'Variables to keep with the visit.',
  schema: Type.Object({ customVariable: newCustomVariables() }),
});

/** Where the chat was asked for. The original's documents have it in three spellings. */
export const chatReferrer = () =>
  annotate(
    address('page', 2_000, {
      description: 'The page on which the chat was requested.',
      unfit: 'omit',
    }),
    { 'x-wire': { alsoNamed: ['chatRefferer', 'chatReferer'] } },
  );

/** Which of the fields that a named agent excludes were sent with it; an empty one names nothing. */
function besideAgent(request: {
  readonly skill?: string;
  readonly skillId?: number;
  readonly serviceQueue?: string;
  readonly maxWaitTime?: number;
}): readonly string[] {
  const { skill, skillId, serviceQueue, maxWaitTime } = request;
  return Object.entries({ skill, skillId, serviceQueue, maxWaitTime })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name]) => name);
}

export const chatRequestDocument = defineDocument({
  name: 'chatRequest',
  root: 'request',
  style: 'attributes',
  body: 'optional',
  description: 'A visitor’s request for a chat.',
  schema: Type.Refine(
    Type.Object({
      skill: Type.Optional(text(100, 'Name of the skill.')),
      skillId: Type.Optional(id()),
      serviceQueue: Type.Optional(text(100)),
      maxWaitTime: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 86_400, description: 'Seconds.' }),
      ),
      agent: Type.Optional(
        text(200, 'Login name. Cannot be combined with skill, serviceQueue or maxWaitTime.'),
      ),
      // A chat does not fail for its visitor's name: what is none is left out.
      visitorName: Type.Optional(nameText(NAME_MAX, 'omit')),
      visitorIp: Type.Optional(text(64, 'Used only with trusted app keys.')),
      chatReferrer: Type.Optional(chatReferrer()),
      userAgent: Type.Optional(text(1_000)),
      visitorId: Type.Optional(
        text(100, 'The visitor id from an earlier chat. Links the visitor’s chats.'),
      ),
      preChatLines: list(text(LINE_MAX), { item: 'line', alsoItem: ['lines'], maxItems: 100 }),
      survey: Type.Optional(SurveyAnswers),
      customVariables: list(NewCustomVariable, { item: 'customVariable', maxItems: 100 }),
      engagementId: Type.Optional(
        text(100, 'The id from the engagement response, often a number.'),
      ),
      campaignId: Type.Optional(text(100, 'The id from the engagement response, often a number.')),
      LETagVisitorId: Type.Optional(text(100)),
      LETagSessionId: Type.Optional(text(100)),
      LETagContextId: Type.Optional(text(100)),
      language: Type.Optional(text(35, 'BCP 47 tag, e.g. en-US.')),
      participantId: Type.Optional(
        text(
          100,
          'For an authenticated visitor, together with conversationId: the ids that conversation returned.',
        ),
      ),
      conversationId: Type.Optional(text(100)),
      interactionTimeout: Type.Optional(
        Type.Number({
          description:
            'Seconds of silence that end the chat; less than 10 counts as 10, more than 600 as 600.',
        }),
      ),
    }),
    (request) => !request.agent || besideAgent(request).length === 0,
    (request) =>
      `names an agent, which excludes ${besideAgent(request).join(', ')}; send one or the other`,
  ),
});
export type ChatRequest = DocumentValue<typeof chatRequestDocument>;

/** A field about who leaves an offline survey: with the answers, or beside them. */
const aboutVisitor = (schema: TString) =>
  Type.Optional(annotate(schema, { 'x-wire': { alsoBeside: true } }));

export const offlineSurveyAnswersDocument = defineDocument({
  name: 'offlineSurveyAnswers',
  root: 'survey',
  style: 'attributes',
  description: 'Answers to the offline survey, with the skill and the visitor.',
  schema: Type.Object({
    ...SurveyAnswers.properties,
    skill: aboutVisitor(text(100, 'Name of the skill that the visitor wanted to reach.')),
    skillId: Type.Optional(
      annotate(id('The skill’s id, in place of its name.'), { 'x-wire': { alsoBeside: true } }),
    ),
    serviceQueue: aboutVisitor(text(100, 'The same as skill, for older clients.')),
    visitorId: aboutVisitor(text(100, 'Of an earlier chat.')),
    visitorIp: aboutVisitor(text(64, 'Used only with trusted app keys.')),
    chatReferrer: aboutVisitor(chatReferrer()),
    userAgent: aboutVisitor(text(1_000, 'If omitted, the header is used.')),
    LETagVisitorId: aboutVisitor(text(100)),
    LETagSessionId: aboutVisitor(text(100)),
    LETagContextId: aboutVisitor(text(100)),
  }),
});
export type OfflineSurveyAnswers = DocumentValue<typeof offlineSurveyAnswersDocument>;

const email = () =>
  Type.String({
    maxLength: MAIL_ADDRESS_MAX,
    pattern: MAIL_ADDRESS,
    'x-wire': { form: 'mail-address' },
  });

export const transcriptRequestDocument = defineDocument({
  name: 'transcriptRequest',
  root: null,
  style: 'attributes',
  description: 'Where to send the transcript.',
  schema: Type.Object({ email: email() }),
});

export const transcriptWithSubjectRequestDocument = defineDocument({
  name: 'transcriptWithSubjectRequest',
  root: null,
  // The original's browser SDK names both requests alike.
  alsoRoots: ['transcriptRequest'],
  style: 'attributes',
  description: 'Where to send the transcript, and with which subject.',
  schema: Type.Object({
    email: email(),
    // A line end would let the subject add headers to the mail.
    subject: nameText(200),
  }),
});
