/**
 * Examples of app keys, surveys, canned content, settings and the audit.
 *
 * One file, though it is long: a list of examples, and nothing else.
 */
import {
  appKeyChangeDocument,
  appKeyDocument,
  appKeySecretsDocument,
  appKeysDocument,
  auditDocument,
  cannedCategoriesDocument,
  cannedCategoryDocument,
  cannedContentDocument,
  cannedContentsDocument,
  type ConfiguredContent,
  type ConfiguredIdentity,
  type ConfiguredReason,
  type ConfiguredRoutingRule,
  type ConfiguredSurvey,
  type PredefinedCategory,
  type PredefinedContent,
  predefinedCategoriesDocument,
  predefinedCategoryChangeDocument,
  predefinedCategoryDocument,
  predefinedContentByCategoryDocument,
  predefinedContentChangeDocument,
  predefinedContentDocument,
  predefinedContentsDocument,
  configuredSurveyDocument,
  configuredSurveysDocument,
  REL,
  settingsChangeDocument,
  settingsDocument,
  routingRuleChangeDocument,
  routingRuleDocument,
  routingRulesDocument,
  statusReasonChangeDocument,
  statusReasonDocument,
  statusReasonsDocument,
  surveyChangeDocument,
  visitorDataDocument,
  visitorErasureDocument,
  visitorIdentitiesDocument,
  visitorIdentityChangeDocument,
  visitorIdentityDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import { at, BASE, CHAT_ID, link } from './values.js';

const appKey = {
  id: 41,
  kind: 'agent' as const,
  name: 'Order bot',
  key: '5f0d3c8e71b94a2f',
  userId: 103,
  form: 'tokens' as const,
  origins: [],
  trusted: false,
  created: at(0),
};

const RECORD = {
  time: at(0),
  type: 'chat.visitorNamed',
  chatSessionKey: CHAT_ID,
  data: { name: 'Vera' },
};

const question = {
  order: 1,
  mandatory: true,
  type: 'Radio Button' as const,
  label: 'Did we help you?',
  entry: [
    { value: 'yes', displayValue: 'Yes' },
    { value: 'no', displayValue: 'No' },
  ],
};

const survey: ConfiguredSurvey = {
  id: 31,
  kind: 'exit',
  name: 'After the chat',
  title: 'Thank you',
  header: 'One question before you go.',
  isEnabled: true,
  questions: [
    {
      ...question,
      id: 1,
      logicId: 1,
      validationType: 'alpha_numeric',
      entry: question.entry.map((entry) => ({ ...entry, checked: false })),
    },
  ],
};

const content: ConfiguredContent = {
  id: 51,
  name: 'Greeting',
  isEnabled: true,
  hotkey: 'Ctrl+Shift+1',
  categoryIds: [61],
  skillIds: [],
  texts: [{ language: 'en-US', text: 'Hello {visitorName}, how can I help you?' }],
};

const identity: ConfiguredIdentity = {
  id: 71,
  deleted: false,
  name: 'Shop accounts',
  kind: 'jwt',
  isEnabled: true,
  issuer: 'https://idp.example.com/',
  audience: 'parley',
  publicKey: '',
  jwksUrl: 'https://idp.example.com/.well-known/jwks.json',
};

const rule: ConfiguredRoutingRule = {
  ...{ id: 7, deleted: false, name: 'Tips for Sales', enabled: true, order: 1 },
  ...{ action: 'attach', userId: 103, role: 'listener' },
  skillIds: [11],
  languages: ['de'],
  hours: [{ weekday: 'Monday', from: '08:00', to: '18:00' }],
  answers: [{ questionId: 1, answer: 'An order' }],
};

const reason: ConfiguredReason = {
  id: 12,
  text: 'Lunch',
  state: 'Away',
  enabled: true,
  deleted: false,
  order: 1,
};

const response: PredefinedContent = {
  id: 51,
  deleted: false,
  enabled: true,
  hotkey: { prefix: 'ctrl+shift', suffix: '1' },
  type: 0,
  data: [
    {
      title: 'Greeting',
      msg: 'Hello {visitorName}, how can I help you?',
      lang: 'en-US',
      isDefault: false,
    },
  ],
  categoriesIds: [61],
  skillIds: [],
  lobIds: [],
};

const responseCategory: PredefinedCategory = {
  id: 61,
  deleted: false,
  name: 'Greetings',
  order: 1,
  proposed: false,
};

const category = { id: 61, name: 'Greetings' };

export const CONFIGURATION_ANSWERS = [
  answered(appKeyDocument, appKey),
  answered(appKeysDocument, [appKey]),
  answered(appKeySecretsDocument, {
    ...appKey,
    secret: 'f2Xk0Qd5wYhN1sV8bZr3aT6uJ9mE4cL7pKgRiDoWvAe',
    accessToken: '9c41e07d2ab85f36',
    accessTokenSecret: 'Qm3nV7yB1xC5zL9kJ2hG6fD4sA8pO0iU3yT7rE1wQ5z',
  }),
  answered(configuredSurveyDocument, survey),
  answered(configuredSurveysDocument, [survey]),
  answered(cannedContentDocument, content),
  answered(cannedContentsDocument, [content]),
  answered(visitorIdentityDocument, identity),
  answered(visitorIdentitiesDocument, [identity]),
  answered(routingRuleDocument, rule),
  answered(routingRulesDocument, [rule]),
  answered(statusReasonDocument, reason),
  answered(statusReasonsDocument, [reason]),
  answered(cannedCategoryDocument, category),
  answered(cannedCategoriesDocument, [category]),
  answered(predefinedContentDocument, response),
  answered(predefinedContentsDocument, [response], { name: 'list', summary: 'A list' }),
  answered(
    predefinedContentByCategoryDocument,
    { 61: [response] },
    { name: 'grouped', summary: 'By category: group_by=CATEGORIES' },
  ),
  answered(predefinedCategoryDocument, responseCategory),
  answered(predefinedCategoriesDocument, [responseCategory]),
  answered(settingsDocument, {
    timeZone: 'Europe/Athens',
    language: 'en-US',
    texts: [{ language: 'en-US', systemMessageId: 4, text: 'Welcome! Somebody is on the way.' }],
    ringSeconds: 20,
    agentLostSeconds: 120,
    visitorTimeoutSeconds: 40,
    nobodyOnline: { atStart: 'wait', afterMaxWait: 'wait' },
    openingHours: { days: [{ weekday: 'Monday', from: '09:00', to: '17:00' }], holidays: [] },
    passwordPolicy: { minLength: 8 },
    visitorOrigins: ['*'],
    agentOrigins: [],
    workspacePages: [
      { title: 'Orders', url: 'https://shop.example.com/orders', skillIds: [11], roles: ['agent'] },
    ],
    retentionDays: 0,
    visitorPreview: false,
    mail: { host: '', port: 587, secure: false, user: '', from: '' },
  }),
  answered(auditDocument, {
    link: link(`${BASE}/configuration/audit?before=17&limit=1`, REL.next),
    entries: [
      {
        id: 17,
        time: at(0),
        actor: 'user:105',
        actorName: 'admin1',
        action: 'user.create',
        target: 'user:106',
        from: '203.0.113.7',
        detail: { loginName: 'cleo' },
      },
    ],
  }),
  answered(visitorDataDocument, {
    link: [link(`${BASE}/visitors/424242`, REL.self)],
    record: [RECORD],
  }),
  answered(visitorErasureDocument, {
    erased: { chats: 1, lines: 12, surveys: 0, visits: 2, identifications: 0 },
    record: [RECORD],
  }),
];

const MADE = /^POST /;
const CHANGED = /^PUT /;
const CHANGED_ALONE = /^PUT .*:id$/;
const CHANGED_TOGETHER = /^PUT .*(?<!:id)$/;

export const CONFIGURATION_BODIES = [
  sent(
    appKeyChangeDocument,
    'agent',
    'A key with which a bot logs in',
    { kind: 'agent', name: 'Order bot', userId: 103 },
    MADE,
  ),
  sent(
    appKeyChangeDocument,
    'visitor',
    "A key for a shop's pages",
    { kind: 'visitor', name: 'Shop', origins: ['https://shop.example.com'] },
    MADE,
  ),
  sent(
    appKeyChangeDocument,
    'given',
    'A key that pages already use',
    { kind: 'visitor', name: 'The pages as they are', key: '0123456789abcdef0123456789abcdef' },
    MADE,
  ),
  sent(appKeyChangeDocument, 'change', 'Another name', { name: 'Delivery bot' }, CHANGED),
  sent(
    surveyChangeDocument,
    'new',
    'An exit survey with one question',
    {
      kind: 'exit',
      name: 'After the chat',
      title: 'Thank you',
      header: 'One question before you go.',
      questions: [question],
    },
    MADE,
  ),
  sent(surveyChangeDocument, 'change', 'Switched off', { isEnabled: false }, CHANGED),
  sent(
    cannedContentsDocument,
    'new',
    'A greeting',
    {
      name: 'Greeting',
      texts: [{ language: 'en-US', text: 'Hello {visitorName}, how can I help you?' }],
    },
    MADE,
  ),
  sent(cannedContentsDocument, 'change', 'Another hotkey', { hotkey: 'Ctrl+Shift+2' }, CHANGED),
  sent(
    predefinedContentChangeDocument,
    'new',
    'A greeting in two languages',
    {
      enabled: true,
      hotkey: { prefix: 'alt', suffix: '6' },
      type: 0,
      data: [
        { title: 'Hello', msg: 'Hello, how can I help you?', lang: 'en-US', isDefault: false },
        { title: 'Hallo', msg: 'Hallo, wie kann ich helfen?', lang: 'de-DE', isDefault: false },
      ],
      categoriesIds: [],
      skillIds: [],
    },
    MADE,
  ),
  sent(
    predefinedCategoryChangeDocument,
    'new',
    'A category',
    { name: 'Farewells', proposed: false },
    MADE,
  ),
  sent(
    predefinedCategoryChangeDocument,
    'change',
    'Another name and place',
    { name: 'Openings', order: 1 },
    CHANGED_ALONE,
  ),
  sent(
    predefinedContentChangeDocument,
    'change',
    'Not shown any more',
    { id: 51, enabled: false },
    CHANGED_ALONE,
  ),
  sent(
    predefinedContentChangeDocument,
    'changes',
    'A list, each by its id',
    [{ id: 51, skillIds: [11] }],
    CHANGED_TOGETHER,
  ),
  sent(
    predefinedCategoryChangeDocument,
    'changes',
    'A list, each by its id',
    [{ id: 61, proposed: true }],
    CHANGED_TOGETHER,
  ),
  sent(cannedCategoriesDocument, 'new', 'A category', { name: 'Greetings' }, MADE),
  sent(cannedCategoriesDocument, 'change', 'Another name', { name: 'Openings' }, CHANGED),
  sent(
    visitorIdentityChangeDocument,
    'jwt',
    'Visitors bring a token',
    {
      name: 'Shop accounts',
      kind: 'jwt',
      issuer: 'https://idp.example.com/',
      audience: 'parley',
      jwksUrl: 'https://idp.example.com/.well-known/jwks.json',
    },
    MADE,
  ),
  sent(
    visitorIdentityChangeDocument,
    'code',
    'Visitors bring an authorization code',
    {
      name: 'Shop accounts, by code',
      kind: 'code',
      issuer: 'https://idp.example.com/',
      jwksUrl: 'https://idp.example.com/.well-known/jwks.json',
      tokenEndpoint: 'https://idp.example.com/token',
      clientId: 'parley',
      clientSecret: 'what the identity provider gave',
    },
    MADE,
  ),
  sent(visitorIdentityChangeDocument, 'change', 'Switched off', { isEnabled: false }, CHANGED),
  sent(
    routingRuleChangeDocument,
    'new',
    'A bot listens in the chats of a skill, and suggests',
    { name: 'Tips for Sales', action: 'attach', userId: 103, role: 'listener', skillIds: [11] },
    MADE,
  ),
  sent(
    routingRuleChangeDocument,
    'first',
    'A bot answers first, at night',
    {
      name: 'Night shift',
      action: 'answer-first',
      userId: 103,
      hours: [
        { weekday: 'Monday', from: '18:00', to: '24:00' },
        { weekday: 'Tuesday', from: '00:00', to: '08:00' },
      ],
    },
    MADE,
  ),
  sent(routingRuleChangeDocument, 'change', 'Switched off', { enabled: false }, CHANGED),
  sent(
    statusReasonChangeDocument,
    'new',
    'A reason for being Away',
    { text: 'Lunch', state: 'Away' },
    MADE,
  ),
  sent(
    statusReasonChangeDocument,
    'change',
    'Not to be chosen any more',
    { enabled: false },
    CHANGED,
  ),
  sent(settingsChangeDocument, 'times', 'Times for ringing and for silence', {
    ringSeconds: 30,
    visitorTimeoutSeconds: 60,
  }),
  sent(settingsChangeDocument, 'hours', 'Opening hours and a time zone', {
    timeZone: 'Europe/Athens',
    openingHours: { days: [{ weekday: 'Monday', from: '09:00', to: '17:00' }], holidays: [] },
  }),
];
