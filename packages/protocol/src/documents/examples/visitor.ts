/** Examples of visitors' resources, surveys and visits. */
import {
  accountDocument,
  chatDocument,
  chatEventLocationDocument,
  chatLocationDocument,
  chatRequestDocument,
  conversationDocument,
  conversationRequestDocument,
  customVariablesDocument,
  earlierChatsDocument,
  estimatedWaitTimeDocument,
  eventsDocument,
  newCustomVariablesDocument,
  newEventDocument,
  offlineSurveyAnswersDocument,
  participantInfoDocument,
  REL,
  skillsAvailabilityDocument,
  surveyAnswersDocument,
  type SurveyDocument,
  surveyDocument,
  transcriptRequestDocument,
  transcriptWithSubjectRequestDocument,
  visitDocument,
  visitInfoDocument,
  visitorAvailabilityDocument,
  visitorChatInfoDocument,
  visitorEventDocument,
  visitorEventsDocument,
  visitorNameDocument,
  visitorTypingDocument,
  visitPagesDocument,
  visitSurveysDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import {
  ACCOUNT,
  AGENTS_CHAT,
  at,
  BASE,
  CHAT_ID,
  events,
  info,
  link,
  VISIT,
  VISITORS_CHAT,
} from './values.js';

const PARTICIPANT = '6f22cb2d-7e87-81dd-bc1f-d9b740f1f09f';

/** In the form of a token; it stands for nobody. */
export const EXAMPLE_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMzg3NjZBQyJ9.c2lnbmF0dXJl';

const ON = /\/account\/:account\/chat\//;
const EVENTS = /\/account\/:account\/chat\/:chat\/events$/;
const OF = { on: ON, name: 'ofVisitor' };

const chat = {
  link: [
    link(VISITORS_CHAT, REL.self),
    link(`${VISITORS_CHAT}/events`, REL.events),
    link(`${VISITORS_CHAT}/info`, REL.info),
    link(`${VISITORS_CHAT}?from=5`, REL.next),
    link(`${VISITORS_CHAT}/transcriptRequest`, REL.transcriptRequest),
    link(`${VISITORS_CHAT}/transcriptWithSubjectRequest`, REL.transcriptWithSubjectRequest),
    link(`${VISITORS_CHAT}/exitSurvey`, REL.exitSurvey),
    link(`${VISITORS_CHAT}/customVariables`, REL.customVariables),
    link(`${VISITORS_CHAT}/stream`, REL.stream),
    link(`${VISITORS_CHAT}/ws`, REL.webSocket),
    link(`${VISITORS_CHAT}/tickets`, REL.tickets),
    link(`${VISITORS_CHAT}/read`, REL.read),
  ],
  events: events(VISITORS_CHAT, 'You'),
  info: info(VISITORS_CHAT, 'You'),
};

const location = link(`${VISITORS_CHAT}/events/5`, REL.location);
const line = chat.events.event[4];
const before = `${BASE}/chat`;

const survey: SurveyDocument = {
  id: 31,
  title: 'Before we chat',
  header: 'Two questions help us find the right agent.',
  questions: [
    {
      id: 1,
      order: 1,
      logicId: 1,
      mandatory: true,
      type: 'Text Field',
      validationType: 'alpha_numeric',
      label: 'Your name',
      entry: [],
      answer: [],
    },
    {
      id: 2,
      order: 2,
      logicId: 2,
      mandatory: false,
      type: 'Dropdown Box',
      validationType: 'alpha_numeric',
      label: 'What is it about?',
      entry: [
        { value: 'order', displayValue: 'An order', checked: false },
        { value: 'else', displayValue: 'Something else', checked: false },
      ],
      answer: [],
    },
  ],
};

const answeredSurvey = {
  ...survey,
  questions: survey.questions.map((question) =>
    question.id === 1 ? { ...question, lastKnownValue: 'Vera', answer: ['Vera'] } : question,
  ),
};

export const VISITOR_ANSWERS = [
  answered(accountDocument, {
    id: ACCOUNT,
    link: [
      link(BASE, REL.self),
      link(`${before}/availability`, REL.chatAvailability),
      link(`${before}/availableSlots`, REL.chatAvailableSlots),
      link(`${before}/estimatedWaitTime`, REL.chatEstimatedWaitTime),
      link(`${before}/request`, REL.chatRequest),
      link(`${before}/preSurvey`, REL.preChatSurvey),
      link(`${before}/offlineSurvey`, REL.offlineSurvey),
    ],
  }),
  answered(visitorAvailabilityDocument, true, {
    name: 'one',
    summary: 'For one skill, or for any',
  }),
  answered(
    skillsAvailabilityDocument,
    {
      AvailabilityForSkills: [
        { skill: 'Sales', isAvailable: true },
        { skill: 'Support', isAvailable: false },
      ],
    },
    { name: 'several', summary: 'For several skills' },
  ),
  answered(estimatedWaitTimeDocument, 25),
  answered(
    chatLocationDocument,
    { link: link(VISITORS_CHAT, REL.location) },
    { ...OF, on: /\/chat\/request$/ },
  ),
  answered(surveyDocument, survey),
  answered(chatDocument, chat, OF),
  answered(visitorEventsDocument, chat.events, OF),
  ...(line === undefined ? [] : [answered(visitorEventDocument, line, OF)]),
  answered(
    chatEventLocationDocument,
    { link: location },
    { on: ON, name: 'lineOfVisitor', summary: 'After a line' },
  ),
  answered(
    chatEventLocationDocument,
    { link: location, chatLocation: { link: location } },
    { on: ON, name: 'endOfVisitor', summary: 'After the end of the chat' },
  ),
  answered(
    chatLocationDocument,
    { link: location },
    { on: EVENTS, name: 'xmlEndOfVisitor', summary: 'After the end of the chat, in XML' },
  ),
  answered(visitorChatInfoDocument, chat.info, OF),
  answered(visitorNameDocument, 'Vera', OF),
  answered(newCustomVariablesDocument, { customVariable: [{ name: 'plan', value: 'gold' }] }),
  answered(transcriptRequestDocument, { email: 'vera@example.com' }),
  answered(transcriptWithSubjectRequestDocument, {
    email: 'vera@example.com',
    subject: 'Our chat of today',
  }),
  answered(visitDocument, {
    link: [
      link(`${VISIT}/info`, REL.info),
      link(`${VISIT}/customVariables`, REL.customVariables),
      link(`${VISIT}/pages`, REL.pages),
      link(`${VISIT}/surveys`, REL.surveys),
      link(`${VISIT}/earlierChats`, REL.earlierChats),
    ],
  }),
  answered(visitInfoDocument, {
    link: link(`${VISIT}/info`, REL.self),
    isInCurrentChat: true,
    visitorId: 482_915_730_264_118,
    sessionInfo: [
      { name: 'rtSessionId', value: 8_388_836 },
      { name: 'referrer', value: 'https://search.example.com/' },
      { name: 'entryPage', value: 'https://shop.example.com/' },
      { name: 'pagesViewed', value: 3 },
    ],
    visitorInfo: [
      { name: 'visitorName', value: 'Vera' },
      { name: 'browser', value: 'Firefox 128.0' },
      { name: 'device', value: 'DESKTOP' },
    ],
    time: [
      { name: 'startTime', value: at(0) },
      { name: 'timeOnSite', value: 14 },
    ],
  }),
  answered(customVariablesDocument, {
    link: link(`${VISIT}/customVariables`, REL.self),
    customVariable: [
      {
        source: 'chat',
        scope: 'session',
        name: 'plan',
        time: at(9),
        displayName: 'plan',
        value: 'gold',
      },
    ],
  }),
  answered(visitPagesDocument, {
    link: link(`${VISIT}/pages`, REL.self),
    page: [
      { url: 'https://shop.example.com/blue', title: 'Blue', time: at(3), timeOnPage: 11 },
      { url: 'https://shop.example.com/', title: 'Shop', time: at(0), timeOnPage: 3 },
    ],
  }),
  answered(visitSurveysDocument, {
    link: link(`${VISIT}/surveys`, REL.self),
    survey: [answeredSurvey],
  }),
  answered(earlierChatsDocument, {
    link: link(`${VISIT}/earlierChats`, REL.self),
    chat: [
      {
        link: link(`${AGENTS_CHAT}/transcript`, REL.transcript),
        chatSessionKey: CHAT_ID,
        startTime: at(0),
        endTime: at(59),
      },
    ],
  }),
  answered(
    eventsDocument,
    { link: [link(`${VISIT}/earlierChats/${CHAT_ID}`, REL.self)], event: chat.events.event },
    { on: /earlierChats/, name: 'earlier', summary: 'A whole transcript' },
  ),
  answered(conversationDocument, {
    conversationId: 'ff0ff4f4-29ec-4eff-82d0-4f047cdc01a0',
    participantId: PARTICIPANT,
  }),
  answered(participantInfoDocument, {
    authenticatedParticipantInfo: {
      isUserAuthenticated: true,
      participantId: PARTICIPANT,
      customerId: '138766AC',
      customerType: 'vip',
      userName: 'vera',
    },
    authenticatedPersonalInfo: {
      name: 'Vera',
      surname: 'Visitor',
      contacts: [{ email: 'vera@example.com', phone: '+1-10-344-3765333' }],
    },
  }),
];

export const VISITOR_BODIES = [
  sent(conversationRequestDocument, 'token', "With an identity provider's token", {
    authChatConnId: 71,
    ssoKey: EXAMPLE_TOKEN,
    LETagVisitorId: 'Q3NzA0YzM2ZTM4OWY1',
    LETagSessionId: 'rN82d4rATN6EuiA4cJwaPg',
  }),
  sent(chatRequestDocument, 'simple', 'Nothing but a chat', { request: {} }),
  sent(chatRequestDocument, 'skill', 'For a skill, with a name and a first line', {
    request: {
      skill: 'Sales',
      visitorName: 'Vera',
      preChatLines: { line: ['Is the blue one in stock?'] },
      chatReferrer: 'https://shop.example.com/blue',
      language: 'en-US',
    },
  }),
  sent(chatRequestDocument, 'agent', 'For one agent, with variables', {
    request: {
      agent: 'agent1',
      interactionTimeout: 120,
      customVariables: { customVariable: [{ name: 'plan', value: 'gold' }] },
    },
  }),
  sent(
    newEventDocument,
    'lineStatus',
    'A line was read, as the original’s browser SDK says it',
    { event: { '@type': 'line-status', lineStatus: 'READ', refSequenceId: 1 } },
    ON,
  ),
  sent(visitorNameDocument, 'name', 'A name', { visitorName: 'Vera' }),
  sent(visitorTypingDocument, 'typing', 'Renew it every few seconds', {
    visitorTyping: 'typing',
  }),
  sent(newCustomVariablesDocument, 'plan', 'One variable', {
    customVariables: { customVariable: [{ name: 'plan', value: 'gold' }] },
  }),
  sent(offlineSurveyAnswersDocument, 'offline', 'Answers for a skill, with who left them', {
    survey: {
      question: [{ id: 1, answer: 'Vera' }],
      skill: 'Sales',
      chatReferrer: 'https://shop.example.com/blue',
      LETagVisitorId: 'Q3NzA0YzM2ZTM4OWY1',
    },
  }),
  sent(surveyAnswersDocument, 'answers', 'Answers by question', {
    survey: {
      question: [
        { id: 1, answer: 'Vera' },
        { id: 2, answer: 'order' },
      ],
    },
  }),
  sent(transcriptRequestDocument, 'mail', 'To one address', { email: 'vera@example.com' }),
  sent(transcriptWithSubjectRequestDocument, 'mail', 'To one address', {
    email: 'vera@example.com',
    subject: 'Our chat of today',
  }),
];
