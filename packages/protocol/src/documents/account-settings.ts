/** Parley's own configuration: app keys, surveys, canned content, settings, the audit log. */
import Type from 'typebox';
import { free, id, instant, Link, list, optional, secret, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { ANSWER_LIMIT_MAX, CONFIG_NAME_MAX, MAX_WAIT_MAX } from './configuration.js';
import { PASSWORD_MAX } from './login.js';
import { TITLE_MAX } from './predefined-content.js';
import { QuestionType, ValidationType } from './survey.js';
import { workspacePages } from './workspace-pages.js';

const common = { root: null, style: 'plain' } as const;

const name = text(CONFIG_NAME_MAX);
const language = text(35, 'Language tag, e.g. de-DE.');
const origin = Type.String({ maxLength: 255, 'x-wire': { form: 'origin' } });
const origins = list(origin, {
  always: true,
  xmlItem: 'origin',
  maxItems: 100,
  description:
    'scheme://host[:port] of pages in browsers; https://*.example.com for all subdomains of a site.',
});

const AppKeyKind = Type.Enum(['visitor', 'agent', 'server']);

const appKeyFields = {
  id: id(),
  kind: AppKeyKind,
  name,
  key: Type.String({ description: 'The public part: the appKey of a login or of a page.' }),
  userId: id('The user it logs in.'),
  form: Type.Enum(['tokens', 'client', 'public'], {
    description: 'With an access token, as an OAuth 2 client, or without any secret.',
  }),
  origins,
  trusted: Type.Boolean({ description: "Whether it may name the visitor's address." }),
  created: instant(),
};

const AppKey = optional(appKeyFields);
/** An app key as the server returns it, without secrets. */
export type ConfiguredAppKey = Type.Static<typeof AppKey>;

export const appKeyDocument = defineDocument({
  ...common,
  name: 'appKey',
  description: 'An app key, without its secrets.',
  schema: AppKey,
});

export const appKeysDocument = defineDocument({
  ...common,
  name: 'appKeys',
  description: "The account's app keys, without their secrets.",
  schema: list(AppKey, { always: true, xmlItem: 'appKey' }),
});

export const appKeySecretsDocument = defineDocument({
  ...common,
  name: 'appKeySecrets',
  description: 'An app key with its secrets, which are shown only this once.',
  schema: optional({
    ...appKeyFields,
    secret: Type.String(),
    accessToken: Type.String(),
    accessTokenSecret: Type.String(),
    notice: Type.String({ description: 'A note about this key, for people.' }),
  }),
});

export const appKeyChangeDocument = defineDocument({
  ...common,
  name: 'appKeyChange',
  xmlRoot: 'appKey',
  description: 'An app key to create, or changes to one.',
  schema: optional({
    kind: AppKeyKind,
    key: text(
      128,
      'When creating a visitor key: the value that your pages or apps already use, 8 to 128 of A-Z a-z 0-9 . _ ~ -. If omitted, the server generates one.',
    ),
    name,
    userId: id('For an agent or server key: the user it logs in.'),
    form: Type.Enum(['tokens', 'client'], {
      description: 'For an agent key: with an access token (default), or as an OAuth 2 client.',
    }),
    origins,
    trusted: Type.Boolean(),
  }),
});
export type AppKeyChange = DocumentValue<typeof appKeyChangeDocument>;

const surveyName = text(CONFIG_NAME_MAX, 'Unique among surveys.');
const surveyKind = Type.Enum(['preChat', 'offline', 'exit', 'agent']);
const logicId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

const entryFields = {
  value: text(200),
  displayValue: text(500),
  checked: Type.Boolean(),
  logic: optional({
    showLogicId: list(logicId, {
      always: true,
      xmlItem: 'id',
      maxItems: 100,
      description: 'Questions that are shown once this entry is chosen.',
    }),
  }),
};

const questionFields = {
  id: id(),
  order: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  logicId,
  mandatory: Type.Boolean(),
  type: QuestionType,
  validationType: ValidationType,
  label: text(1_000),
  entry: list(optional(entryFields), { always: true, xmlItem: 'choice', maxItems: 200 }),
};

const surveyFields = {
  id: id(),
  kind: surveyKind,
  name: surveyName,
  title: text(200),
  header: text(2_000),
  skillId: id('The skill that it is for. Absent: for chats whose skill has no survey of its own.'),
  isEnabled: Type.Boolean(),
  questions: list(optional(questionFields), {
    always: true,
    xmlItem: 'question',
    maxItems: 100,
  }),
};

const ConfiguredSurvey = optional(surveyFields);
/** A survey as the server returns it. */
export type ConfiguredSurvey = Type.Static<typeof ConfiguredSurvey>;

export const configuredSurveyDocument = defineDocument({
  ...common,
  name: 'configuredSurvey',
  xmlRoot: 'survey',
  description: 'A survey of the configuration.',
  schema: ConfiguredSurvey,
});

export const configuredSurveysDocument = defineDocument({
  ...common,
  name: 'configuredSurveys',
  xmlRoot: 'surveys',
  description: 'The surveys of the configuration.',
  schema: list(ConfiguredSurvey, { always: true, xmlItem: 'survey' }),
});

export const surveyChangeDocument = defineDocument({
  ...common,
  name: 'surveyChange',
  xmlRoot: 'surveys',
  description:
    'A survey, or a list of them, to create or change. The questions of a survey are replaced as a whole, so send all of them.',
  schema: list(
    optional({
      ...surveyFields,
      skillId: Type.Integer({ minimum: 0, description: 'A skill. 0: none.' }),
    }),
    { always: true, xmlItem: 'survey', maxItems: 100 },
  ),
});
/** What is sent to make or change a survey. */
export type SurveyChange = DocumentValue<typeof surveyChangeDocument>[number];

const cannedFields = {
  id: id(),
  name: text(CONFIG_NAME_MAX, 'Unique among canned content.'),
  isEnabled: Type.Boolean(),
  hotkey: text(40, 'Keys such as Ctrl+Shift+1; empty for none.'),
  categoryIds: list(id(), { always: true, xmlItem: 'id', maxItems: 100 }),
  skillIds: list(id(), {
    always: true,
    xmlItem: 'id',
    maxItems: 1_000,
    description: 'Skills whose agents have it; empty for everybody.',
  }),
  texts: list(
    Type.Object({
      language,
      text: text(8_000),
      title: Type.Optional(text(TITLE_MAX, 'The title, if it differs from the name.')),
    }),
    {
      always: true,
      xmlItem: 'translation',
      maxItems: 100,
      description:
        'One text per language. {visitorName}, {agentName} and {skillName} are replaced when it is used.',
    },
  ),
};

const CannedContent = optional(cannedFields);
/** A canned text as it is answered. */
export type ConfiguredContent = Type.Static<typeof CannedContent>;

export const cannedContentDocument = defineDocument({
  ...common,
  name: 'cannedContent',
  description: 'A text that agents use often, in its languages.',
  schema: CannedContent,
});

export const cannedContentsDocument = defineDocument({
  ...common,
  name: 'cannedContents',
  description: 'Texts that agents use often.',
  schema: list(CannedContent, { always: true, xmlItem: 'cannedContent' }),
});

const Category = optional({ id: id(), name: text(CONFIG_NAME_MAX, 'Unique among categories.') });
/** A category of canned content as it is answered. */
export type ConfiguredCategory = Type.Static<typeof Category>;

export const cannedCategoryDocument = defineDocument({
  ...common,
  name: 'cannedCategory',
  xmlRoot: 'category',
  description: 'A category of canned content.',
  schema: Category,
});

export const cannedCategoriesDocument = defineDocument({
  ...common,
  name: 'cannedCategories',
  xmlRoot: 'categories',
  description: 'The categories of canned content.',
  schema: list(Category, { always: true, xmlItem: 'category' }),
});

/** Days of the week, Monday first. */
export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Ids of the system's texts. */
export const SYSTEM_MESSAGE_IDS = [2, 3, 4, 5, 6, 13, 15, 23] as const;

const clock = (description: string) => text(5, `${description}, HH:mm; the end of a day is 24:00.`);
const seconds = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description: `Seconds. ${description}` });

const mailFields = {
  host: text(255, 'The host of the mail server. Empty if the account sends no mail.'),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  secure: Type.Boolean({
    description: 'Whether the connection is encrypted from the start, rather than by STARTTLS.',
  }),
  user: text(320, 'Empty if the mail server needs no login.'),
  from: text(320, 'Sender: a@b.example or Name <a@b.example>.'),
};

const settingsFields = {
  timeZone: text(64, 'IANA name, e.g. Europe/Athens.'),
  language,
  texts: list(
    Type.Object({
      language,
      systemMessageId: Type.Enum([...SYSTEM_MESSAGE_IDS]),
      text: text(1_000),
    }),
    {
      always: true,
      xmlItem: 'systemText',
      maxItems: 1_000,
      description:
        'The account’s own system texts. For absent ones, the built-in English text is used.',
    },
  ),
  ringSeconds: seconds(5, 600, 'How long a chat rings before it goes on to the next agent.'),
  agentLostSeconds: seconds(30, 3_600, 'Silence after which an agent session is lost.'),
  visitorTimeoutSeconds: seconds(10, 600, "A visitor's silence that ends the chat."),
  typingSeconds: seconds(2, 60, 'After this time, typing falls back to not-typing.'),
  readableSeconds: seconds(60, MAX_WAIT_MAX, 'How long an ended chat stays readable.'),
  maxWaitSeconds: seconds(0, MAX_WAIT_MAX, 'maxWaitTime of chats without a skill.'),
  answerLimitSeconds: seconds(
    0,
    ANSWER_LIMIT_MAX,
    'answerLimit of chats without a skill, and of skills without one of their own: how long a visitor’s line may wait for a bot’s reply. 0: no limit.',
  ),
  sessionTtlSeconds: seconds(300, 30 * 86_400, 'How long a login lives without a refresh.'),
  nobodyOnline: optional({
    atStart: Type.Enum(['wait', 'refuse']),
    afterMaxWait: Type.Enum(['wait', 'end']),
  }),
  besideWhenAgentLeaves: Type.Enum(['stay', 'leave'], {
    description:
      'What assistants and listeners do when the agent leaves a chat that continues, for example by a transfer.',
  }),
  openingHours: optional({
    days: list(
      Type.Object({ weekday: Type.Enum([...WEEKDAYS]), from: clock('Start'), to: clock('End') }),
      {
        always: true,
        xmlItem: 'day',
        maxItems: 100,
        description: 'The weekly hours. A day may have several parts. None: always open.',
      },
    ),
    holidays: list(
      Type.Object({
        date: text(10, 'yyyy-MM-dd'),
        from: Type.Optional(clock('Start of the open hours (absent: closed all day)')),
        to: Type.Optional(clock('End')),
      }),
      { always: true, xmlItem: 'holiday', maxItems: 1_000 },
    ),
  }),
  passwordPolicy: optional({
    minLength: Type.Integer({
      minimum: 8,
      maximum: 64,
      description: 'The minimum number of characters.',
    }),
  }),
  visitorOrigins: origins,
  agentOrigins: origins,
  workspacePages,
  retentionDays: Type.Integer({
    minimum: 0,
    maximum: 36_500,
    description:
      'How many days ended chats, visits and offline surveys are kept. 0: forever. Older ones are no longer shown, and what was said in them and what identifies the visitor is erased from the data directory soon after.',
  }),
  visitorPreview: Type.Boolean({
    description:
      'Whether agents may see what a visitor is typing, if the visitor’s client sends it.',
  }),
};

export const settingsDocument = defineDocument({
  ...common,
  name: 'settings',
  description: 'The account’s settings, with defaults for those that are not set.',
  schema: optional({ ...settingsFields, mail: optional(mailFields) }),
});
/** The settings as the server returns them, without the mail server's password. */
export type ConfiguredSettings = DocumentValue<typeof settingsDocument>;

export const settingsChangeDocument = defineDocument({
  ...common,
  name: 'settingsChange',
  xmlRoot: 'settings',
  description: 'Settings to change. Omitted ones stay as they are.',
  schema: optional({
    ...settingsFields,
    mail: optional({ ...mailFields, password: secret(text(PASSWORD_MAX)) }),
  }),
});
/** A change of the settings: only the given fields change. */
export type SettingsChange = DocumentValue<typeof settingsChangeDocument>;

export const auditDocument = defineDocument({
  ...common,
  name: 'audit',
  description: 'Who changed what, when and from where, newest first.',
  schema: Type.Object({
    link: Type.Optional(Link),
    entries: list(
      Type.Object({
        id: id(),
        time: instant(),
        actor: Type.String({ description: 'user:17, cli:root …' }),
        actorName: Type.Optional(Type.String()),
        action: Type.String({ description: 'user.create, settings.change …' }),
        target: Type.String({ description: 'user:18' }),
        from: Type.String({ description: 'Client address or host name.' }),
        detail: free('What changed; never a secret.', 'own'),
      }),
      { always: true, xmlItem: 'entry' },
    ),
  }),
});
/** A page of the audit. */
export type AuditDocument = DocumentValue<typeof auditDocument>;
