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
      'Finds the hosts that serve an account. Clients call this first, put https:// in front of the result, and follow links from there on. No credential is needed.',
  },
  {
    id: 'login',
    title: 'Login',
    description:
      'Users log in with a password, bots with an app key and its secrets. The response has the bearer token that every later call sends as "Authorization: Bearer {token}". A login lasts 8 hours unless the account sets another time. Refresh it every few minutes.',
  },
  {
    id: 'agent-sessions',
    title: 'Agent sessions',
    description:
      'Agents work in an agent session: open one, set the availability to Online, poll incomingRequests, and accept what rings.\n\nA session opened with a bearer token and without NC=true gets a security cookie, which every later call on that session must send. Signed requests never need it.',
  },
  {
    id: 'agent-chats',
    title: "Agents' chats",
    description:
      'A chat that the agent session has accepted: read its events from one position on and follow the link "next", add lines, show that you are typing, transfer the chat, end it.\n\nA chat of another agent gets the same response as one that does not exist.',
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
      'What a visitor’s page or app needs before there is a chat: whether anybody is online, how long the wait would be, which questions to ask first. The credential is an app key of kind visitor, sent in the header or, if the client cannot set headers, in the query.',
  },
  {
    id: 'visitor-chats',
    title: "Visitors' chats",
    description:
      'The visitor’s side of a chat. The unguessable address of the chat is itself the visitor’s credential; the app key must belong to the same account. Any call on the chat is a heartbeat. Without one, the chat ends after its timeout.',
  },
  {
    id: 'engagement',
    title: 'Engagement and page tracking',
    description:
      'Pages and apps report what the visitor sees and does, and learn what can be offered. A chat that is started with these ids belongs to the visit. No app key is needed; with a trusted one, a server can send the address of the visitor it acts for.',
  },
  {
    id: 'users',
    title: 'Users',
    description:
      'The people and bots who work in the account. Administrators can change users, and managers can read those of their groups. Changes take effect in routing at once.\n\nEach collection has a revision, which responses carry as ETag. Send it back as If-Match, and if somebody else has changed the collection in the meantime, your change is refused with 412 instead of overwriting theirs. Send it as If-None-Match, and the response is 304 if nothing has changed. Deleted records are marked as deleted, and ids are never used again.',
  },
  {
    id: 'skills',
    title: 'Skills',
    description:
      'What agents are good at. Each skill has a queue, and can share its chats among agent groups. Revisions work as for users.',
  },
  {
    id: 'agent-groups',
    title: 'Agent groups',
    description:
      'A tree with one root. Managers see their own groups and those below. Revisions work as for users.',
  },
  {
    id: 'configuration',
    title: 'Other configuration',
    description:
      'App keys, surveys, canned content, settings, visitors’ data, and the audit log. Revisions work as for users.',
  },
  {
    id: 'supervision',
    title: 'Supervision',
    description:
      'The chats that are not over, for administrators and, within their groups, managers: who waits for what, and since when. They can move each chat to a skill or an agent, or end it, so that no chat is ever stranded.',
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
  anybody: 'Open to everybody: no credential is needed.',
  user: 'For users of the account whose role allows it. Requires the bearer token of a login, an OAuth 2 bearer token or a signature.',
  'agent session':
    'For the user who owns the agent session. Requires the bearer token of a login, an OAuth 2 bearer token or a signature. A session opened without NC=true also requires its cookie.',
  visitor: 'For visitors’ pages and apps. Requires an app key of kind visitor.',
  reporter:
    'For visitors’ pages and apps. No app key is needed; if one is sent, it must belong to the account.',
  login: 'For the user whose login it is.',
  client: 'For bots. Requires the key and secret of an OAuth 2 client.',
  owner: 'For the user whose password it is. The old password is enough proof; no login is needed.',
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
    description: 'The bearer token from the login response.',
  },
  agentSessionCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'parley_agent_session',
    description:
      'Set when an agent session is opened with a bearer token and without NC=true. Send it with every call on that session, in addition to the bearer token.',
  },
  signature: {
    type: 'http',
    scheme: 'OAuth',
    description:
      'OAuth 1.0a (RFC 5849), HMAC-SHA1 or HMAC-SHA256, with an app key, its access token and the secrets of both. The timestamp must be within 5 minutes, and each nonce is accepted once.',
  },
  oauth2: {
    type: 'oauth2',
    description:
      'A bearer token, valid for one hour, for an app key and its secret. The address is that of the demo account: replace the id with that of your account.',
    flows: {
      clientCredentials: { tokenUrl: '/api/account/12345678/oauth2/token', scopes: {} },
    },
  },
  clientBasic: {
    type: 'http',
    scheme: 'basic',
    description:
      'The app key and secret of an OAuth 2 client. Both can be sent in the body instead.',
  },
  loginCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session_id',
    description: 'Set by the login, for pages in a browser.',
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
    description: 'The same key, for clients that cannot set headers.',
  },
};
