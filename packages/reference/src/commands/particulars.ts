/** What is particular to the command of one operation: what stands in its address and body. */
import type { OpenApiMethod } from '../openapi.js';
import type { Variable } from './recipes.js';

export interface Particulars {
  /** Parameters of the path that are not as everywhere. */
  readonly path?: Readonly<Record<string, string>>;
  /** Parameters to send, in the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Replacements in the example body, as it stands between single quotes. */
  readonly body?: readonly (readonly [RegExp, string])[];
  /** Variables that must be there beside those that the command names. */
  readonly needs?: readonly Variable[];
  /** Variables whose thing is gone, or another, afterwards. */
  readonly spends?: readonly Variable[];
  /** Options of `curl` itself. */
  readonly options?: string;
  /** What the demo answers if not what is described first, and why. */
  readonly expects?: { readonly status: number; readonly because: string };
}

/** Put between the single quotes of a body. */
const inQuotes = (variable: Variable): string => `'$${variable}'`;

/** The example's ids, names and numbers, replaced by those of a record that was made for it. */
const RECORDS: readonly (readonly [RegExp, Variable])[] = [
  [/\/le-users\/users(\/|$)/, 'USER_ID'],
  [/\/le-users\/skills(\/|$)/, 'SKILL_ID'],
  [/\/le-users\/agentGroups(\/|$)/, 'GROUP_ID'],
  [/\/configuration\/surveys(\/|$)/, 'SURVEY_ID'],
  [/\/canned-content\/categories(\/|$)/, 'CATEGORY_ID'],
  [/\/canned-content(\/|$)/, 'CANNED_ID'],
  [/\/le-categories\/categories(\/|$)/, 'RESPONSE_CATEGORY_ID'],
  [/\/canned-responses(\/|$)/, 'RESPONSE_ID'],
  [/\/status-reasons(\/|$)/, 'REASON_ID'],
  [/\/routing-rules(\/|$)/, 'RULE_ID'],
  [/\/visitor-identity(\/|$)/, 'IDENTITY_ID'],
  [/\/app-keys(\/|$)/, 'APP_KEY_ID'],
];

/** Names that are taken once get a number, so that a command can be pasted twice. */
const FRESH_NAMES =
  /("(?:name|title)":"(?:Returns|Evening shift|Day shift|After the chat|Greetings?|Openings|Farewells|Hello|Hallo|Shop accounts|Order bot|Delivery bot|Tips for Sales|Night shift)[^"]*|"text":"Lunch)"/g;

const MAIL = {
  expects: {
    status: 409,
    because: 'the demo has no mail server until the settings name one',
  },
};

const OWN_PASSWORD: Particulars = {
  needs: ['USER_ID'],
  spends: ['USER_ID'],
  body: [[/agent1/, inQuotes('LOGIN_NAME')]],
};

const PARTICULARS: readonly (readonly [RegExp, Particulars])[] = [
  [/^post \S*\/(refresh|logout)$/, { needs: ['CSRF'], body: [[/[0-9a-f]{64}/, inQuotes('CSRF')]] }],
  [/^post \S*\/logout$/, { spends: ['CSRF', 'AGENT_TOKEN'] }],
  [/^post \S*\/agentSession$/, { query: { NC: 'true' }, spends: ['SESSION', 'RINGING'] }],
  [/^delete \S*\/agentSession\/\{session\}$/, { spends: ['SESSION', 'RINGING'] }],
  [/^(get|post) \S*\/incomingRequests$/, { needs: ['RINGING'] }],
  [/^delete \S*\/incomingRequests\/\{offer\}$/, { path: { offer: '$OFFER' } }],
  [/^post \S*\/settings\/mail-test$/, MAIL],
  [/^post \S*\/collaborationChannels$/, { needs: ['COLLEAGUE'] }],
  [/\/collaborationChannels\/\{channel\}$/, { path: { channel: '$CHANNEL' } }],
  [/^delete \S*\/collaborationChannels\/\{channel\}$/, { spends: ['CHANNEL'] }],
  [
    /^post \S*\/takeOver$/,
    { expects: { status: 409, because: 'agent1 already has the chat, and supervises nobody' } },
  ],
  [
    /^post \S*\/suggestions$/,
    { expects: { status: 403, because: 'agent1 has the chat, and suggestions go to its agent' } },
  ],
  [
    /\/suggestions\/\{suggestion\}$/,
    {
      path: { suggestion: '1' },
      expects: { status: 404, because: 'this chat has no suggestions' },
    },
  ],
  [
    /^delete \S*\/delegations\/\{delegation\}$/,
    {
      path: { delegation: '482205971134' },
      expects: { status: 404, because: 'no program works in this session' },
    },
  ],
  [
    /^put \S*\/approvals\/\{approval\}$/,
    {
      path: { approval: '482205971135001' },
      expects: { status: 404, because: 'nothing is waiting for approval' },
    },
  ],
  [/\/bots\/\{user\}\//, { path: { user: '101' } }],
  [/\/agents\/\{user\}\//, { path: { user: '101' }, needs: ['SESSION'] }],
  [/^post \S*\/escalation$/, { needs: ['COLLEAGUE'], path: { chat: '$GIVEN_UP' } }],
  [/^get \S*\/\{session\}\/chat$/, { query: { chatSessionKeys: '$CHAT' } }],
  // From the start, so that there is something to answer at once.
  [/^get \S*\/chat\/\{chat\}(\/events)?$/, { query: { from: '0' } }],
  [/^(get|put) \S*\/agentSession\/\S*\/survey$/, { needs: ['AGENT_SURVEY_ID'] }],
  [/\/exitSurvey$/, { needs: ['EXIT_SURVEY_ID'] }],
  [/^get \S*\/preSurvey$/, { needs: ['PRE_SURVEY_ID'], query: { skill: 'Support' } }],
  [/^get \S*\/offlineSurvey$/, { needs: ['OFFLINE_SURVEY_ID'], query: { skill: 'Support' } }],
  [
    /^(post|put) \S*\/offlineSurvey$/,
    { needs: ['OFFLINE_SURVEY_ID'], body: [[/Sales/, 'Support']] },
  ],
  [/^(get|post) \S*\/\{chat\}\/transfer$/, { needs: ['COLLEAGUE'] }],
  [/^post \S*\/user-import$/, { body: [[/^(ann|ben)(?=,)/gm, "$1'$$RANDOM'"]] }],
  // Of all responses one may have a hotkey.
  [/^post \S*\/canned-responses$/, { body: [[/"hotkey":\{[^}]*\},/, '']] }],
  [/\/transcript(WithSubject)?Request$/, MAIL],
  [/\/earlierChats\/\{earlier\}$/, { path: { earlier: '$EARLIER' } }],
  [/\/\{account\}\/visitors\/\{visitor\}$/, { path: { visitor: '$VISITOR_ID' } }],
  [/^delete \S*\/\{account\}\/visitors\/\{visitor\}$/, { spends: ['EARLIER'] }],
  [/\/monitoring\//, { query: { sid: '$SID' } }],
  [/^put \S*\/app\/engagement\//, { query: { sid: '$SID' } }],
  [
    /^post \S*\/conversation$/,
    {
      needs: ['ID_TOKEN'],
      spends: ['ID_TOKEN'],
      body: [
        [/71/, inQuotes('CONNECTION')],
        [/eyJ[^"]*/, inQuotes('ID_TOKEN')],
      ],
    },
  ],
  // It has no end of its own.
  [/^get \S*\/stream$/, { options: '--no-buffer --max-time 1' }],
  [/^get \S*\/ws$/, { expects: { status: 426, because: 'a WebSocket needs a WebSocket client' } }],
  [/\/supervision\/chats\/\{chat\}\/end$/, { spends: ['WAITING_CHAT'] }],
  [/\/users\/(\{id\}\/)?changePassword$/, OWN_PASSWORD],
  [/\/profiles\/\{id\}$/, { path: { id: '2' } }],
];

/** All that is known of the operation, together. */
export function particularsOf(method: OpenApiMethod, path: string): Particulars {
  const fitting = PARTICULARS.filter(([pattern]) => pattern.test(`${method} ${path}`));
  const all = [general(method, path), ...fitting.map(([, each]) => each)];
  const expects = all.find((each) => each.expects)?.expects;
  const options = all.find((each) => each.options)?.options;
  return {
    path: Object.assign({}, ...all.map((each) => each.path)),
    query: Object.assign({}, ...all.map((each) => each.query)),
    body: all.flatMap((each) => each.body ?? []),
    needs: all.flatMap((each) => each.needs ?? []),
    spends: all.flatMap((each) => each.spends ?? []),
    ...(expects === undefined ? {} : { expects }),
    ...(options === undefined ? {} : { options }),
  };
}

/** What follows from the path alone. */
function general(method: OpenApiMethod, path: string): Particulars {
  const id = RECORDS.find(([pattern]) => pattern.test(path))?.[1];
  const isList = method === 'delete' && !path.includes('{id}');
  return {
    path: {
      account: '12345678',
      service: 'agentVep',
      session: '$SESSION',
      chat: chatOf(path),
      event: '0',
      visit: '$VISIT',
      participant: '$PARTICIPANT',
      visitor: '$VISITOR',
      ...(id === undefined ? {} : { id: `$${id}` }),
    },
    body:
      id === undefined
        ? []
        : [
            [/\b21,22\b/, inQuotes(id)],
            [/("id":)(51|61)\b/, `$1${inQuotes(id).replace('$', '$$$$')}`],
            [FRESH_NAMES, `$1 '$$RANDOM'"`],
            [/("loginName":"cleo)/, "$1'$$RANDOM'"],
          ],
    needs: id !== undefined && isList ? [id] : [],
    spends: id !== undefined && method === 'delete' ? [id] : [],
  };
}

function chatOf(path: string): string {
  if (path.includes('/supervision/')) return '$WAITING_CHAT';
  return path.includes('/agentSession/') ? '$CHAT' : '$VISITOR_CHAT';
}
