/**
 * The chapters of the API reference: which resource is described where, and who may use it. Each path
 * belongs to exactly one; one that belongs to none fails the build of the description.
 */
import type { ErrorCode } from '@parley/protocol';
import type { SecurityRequirement } from './openapi.js';

/** Who may use a resource. */
export type Access =
  | 'anybody'
  | 'user'
  | 'agent session'
  | 'visitor'
  | 'reporter'
  | 'login'
  | 'client'
  | 'owner';

export interface Chapter {
  /** The page's address and the tag's name are made of it. */
  readonly id: string;
  readonly title: string;
  /** Paragraphs, separated by an empty line. */
  readonly description: string;
}

export const CHAPTERS = [
  {
    id: 'domain',
    title: 'Domain',
    description:
      'Where is my account? Clients ask this first, put https:// before the answer, and follow links from there on. No credential is needed.',
  },
  {
    id: 'login',
    title: 'Login',
    description:
      'Users log in with a password, bots with an app key and its secrets. The answer holds the bearer that every later call sends as "Authorization: Bearer {token}". A login lives for 8 hours unless the account says otherwise; refresh it every few minutes.',
  },
  {
    id: 'agent-sessions',
    title: 'Agent sessions',
    description:
      'An agent session is the workplace of an agent: open one, set the availability to Online, watch incomingRequests, accept what rings.\n\nA session opened with a bearer and without NC=true gets a security cookie, which every later call on that session must bring. Signed requests never need it.',
  },
  {
    id: 'agent-chats',
    title: "Agents' chats",
    description:
      'A chat that the agent session has accepted: read its events from one position on and follow the link "next", add lines, say that you are typing, transfer it, end it.\n\nWhat belongs to another agent is answered like what does not exist.',
  },
  {
    id: 'visits',
    title: 'Visits, for agents',
    description:
      "Who the visitor is: pages, device, place, variables, earlier chats. The links are in the chat's resource.",
  },
  {
    id: 'visitors',
    title: 'Visitors before a chat',
    description:
      'What a page or app of the visitor asks before there is a chat: whether anybody is there, how long it would take, which questions to ask first. The credential is an app key of kind visitor, in the header or, where no header can be set, in the query.',
  },
  {
    id: 'visitor-chats',
    title: "Visitors' chats",
    description:
      "The visitor's side of a chat. The chat's address is itself the visitor's capability: nobody can guess it, and the app key must be of the same account. Any call on it is a heartbeat; after the chat's timeout without one the chat ends.",
  },
  {
    id: 'engagement',
    title: 'Engagement and page tracking',
    description:
      'Pages and apps report what the visitor sees and does, and learn what can be offered. The chat that is started with these ids belongs to the visit. No app key is asked for; a trusted one may say the address of the visitor it speaks for.',
  },
  {
    id: 'users',
    title: 'Users',
    description:
      'Who works in the account. Administrators may change it, managers read what concerns their groups; changes reach routing at once.\n\nCollections carry a revision: it is answered as ETag. Send it back as If-Match, and a change by somebody else in between is refused with 412 instead of being overwritten; send it as If-None-Match, and what did not change is answered with 304. What is deleted is marked as such; ids are never used again.',
  },
  {
    id: 'skills',
    title: 'Skills',
    description:
      'What agents are good at: each skill has a queue, and may share its chats among agent groups. Revisions are as for users.',
  },
  {
    id: 'agent-groups',
    title: 'Agent groups',
    description:
      'A tree with one root. Managers see the groups that are theirs and those below. Revisions are as for users.',
  },
  {
    id: 'configuration',
    title: 'Other configuration',
    description:
      "App keys, surveys, canned content, settings, visitors' data, and the log of who changed what. Revisions are as for users.",
  },
  {
    id: 'supervision',
    title: 'Supervision',
    description:
      'The chats that are not over, for administrators and, as far as their groups go, managers: who waits for what, and since when. Any of them can be moved to a skill or an agent, or ended, so that none is ever stranded.',
  },
  {
    id: 'server',
    title: 'Server',
    description: 'For operators, load balancers and tools. No credential is needed.',
  },
] as const satisfies readonly Chapter[];

export type ChapterId = (typeof CHAPTERS)[number]['id'];

/** Where a path belongs. */
export interface Place {
  readonly chapter: ChapterId;
  readonly access: Access;
}

/** By the path below the account; the first that fits decides. */
const PLACES: readonly (readonly [RegExp, ChapterId, Access])[] = [
  [/^\/service(\/|$)/, 'domain', 'anybody'],
  [/^\/login$/, 'login', 'anybody'],
  [/^\/(refresh|logout)$/, 'login', 'login'],
  [/^\/(oauth2|app)\/token$/, 'login', 'client'],
  [/^\/sentinel\/well-known\//, 'login', 'anybody'],
  [/^\/agentSession$/, 'agent-sessions', 'user'],
  [/^\/agentSession\/:session\/chat\/availableSlots$/, 'agent-sessions', 'agent session'],
  [/^\/agentSession\/:session\/chat(\/|$)/, 'agent-chats', 'agent session'],
  [
    /^\/agentSession\/:session\/(visits|participantInfo|participantExtendedInfo)\//,
    'visits',
    'agent session',
  ],
  [/^\/agentSession\/:session(\/|$)/, 'agent-sessions', 'agent session'],
  [/^\/monitoring\//, 'visits', 'user'],
  [/^\/app\/engagement\//, 'engagement', 'reporter'],
  [/^\/configuration\/le-users\/users\/.*changePassword$/, 'users', 'owner'],
  [/^\/configuration\/le-users\/skills(\/|$)/, 'skills', 'user'],
  [/^\/configuration\/le-users\/agentGroups(\/|$)/, 'agent-groups', 'user'],
  [/^\/configuration\/le-users\//, 'users', 'user'],
  [/^\/configuration\//, 'configuration', 'user'],
  [/^\/visitors\//, 'configuration', 'user'],
  [/^\/supervision\//, 'supervision', 'user'],
  [/^\/bots\//, 'supervision', 'user'],
  [/^\/approvals(\/|$)/, 'agent-sessions', 'user'],
  [/^\/routing\//, 'supervision', 'user'],
  [/^\/chat\/:chat(\/|$)/, 'visitor-chats', 'visitor'],
  [/^(\/chat\/.*|\/conversation)?$/, 'visitors', 'visitor'],
];

/** Prefixes of everything that belongs to an account. */
const ACCOUNT = /^\/(?:api|csdr|sentinel\/api(?:\/v2)?)\/account\/:account(?=\/|$)/;

/**
 * Where a path of the server belongs.
 * @param url with `:name` parameters
 * @throws Error for a path that is in no chapter: a mistake of this program.
 */
export function placeOf(url: string): Place {
  const path = url.replace(ACCOUNT, '').replace(/^\/api\/account(?=\/configuration\/)/, '');
  const found = PLACES.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return { chapter: found[1], access: found[2] };
  throw new Error(
    `${url} is in no chapter of the API reference. Add a line to PLACES in reference/chapters.ts.`,
  );
}

/** What is needed, any one of each list. */
export const SECURITY: Readonly<Record<Access, readonly SecurityRequirement[]>> = {
  anybody: [],
  user: [{ bearer: [] }, { oauth2: [] }, { signature: [] }],
  'agent session': [
    { bearer: [] },
    { bearer: [], agentSessionCookie: [] },
    { oauth2: [] },
    { signature: [] },
  ],
  visitor: [{ appKey: [] }, { appKeyInQuery: [] }],
  reporter: [{}, { appKey: [] }, { appKeyInQuery: [] }],
  login: [{ bearer: [] }, { loginCookie: [] }],
  client: [{ clientBasic: [] }, {}],
  owner: [{ bearer: [] }, { signature: [] }, {}],
};

/** The same in words, at the end of each operation's description. */
export const ACCESS_WORDS: Readonly<Record<Access, string>> = {
  anybody: 'Anybody may ask, without a credential.',
  user: 'For users of the account, as far as their roles go: with the bearer of a login, a bearer of OAuth 2, or a signature.',
  'agent session':
    'For the user whose agent session it is: with the bearer of a login, a bearer of OAuth 2, or a signature. A session that was opened without NC=true also wants its cookie.',
  visitor: 'For pages and apps of visitors, with an app key of kind visitor.',
  reporter:
    'For pages and apps of visitors. No app key is asked for; one that comes must be of the account.',
  login: 'For the user whose login it is.',
  client: 'For bots: with the key and the secret of an OAuth 2 client.',
  owner: 'For the user whose password it is: the old one is proof enough, a login is not needed.',
};

const BY_USER = ['unauthorized', 'badSignature', 'forbidden', 'tooManyRequests'] as const;

/** The errors that go with it. */
export const ACCESS_ERRORS: Readonly<Record<Access, readonly ErrorCode[]>> = {
  anybody: [],
  user: BY_USER,
  'agent session': [...BY_USER, 'cookieRequired', 'notFound'],
  visitor: ['unauthorized', 'originNotAllowed', 'tooManyRequests'],
  reporter: ['tooManyRequests'],
  login: [...BY_USER, 'badCsrf', 'originNotAllowed'],
  client: [],
  owner: BY_USER,
};

export const SECURITY_SCHEMES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The bearer of the login answer.',
  },
  agentSessionCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'parley_agent_session',
    description:
      'Set when an agent session is opened by bearer without NC=true; sent with every call on that session, besides the bearer.',
  },
  signature: {
    type: 'http',
    scheme: 'OAuth',
    description:
      'OAuth 1.0a (RFC 5849), HMAC-SHA1 or HMAC-SHA256, with an app key, its access token and the secrets of both. The timestamp must be within 5 minutes, and a nonce is taken once.',
  },
  oauth2: {
    type: 'oauth2',
    description:
      "A bearer for an hour, for an app key and its secret. The address is the demo account's: put your account's id into it.",
    flows: {
      clientCredentials: { tokenUrl: '/api/account/12345678/oauth2/token', scopes: {} },
    },
  },
  clientBasic: {
    type: 'http',
    scheme: 'basic',
    description: 'App key and secret of an OAuth 2 client; or both in the body.',
  },
  loginCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session_id',
    description: 'Set by the login, for pages in browsers.',
  },
  appKey: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'LivePerson appKey={key}: an app key of kind visitor.',
  },
  appKeyInQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'appKey',
    description: 'The same key where no header can be set.',
  },
};
