/**
 * Whom each operation is for, and what the ids in its path and query name. An operation that is not
 * understood here is an error: whoever adds one says whose it is.
 */
import type { RegisteredOperation } from '@parley/protocol';

export type Audience =
  /** Anybody; nothing in it is anyone's own. */
  | 'public'
  /** Brings its credential in the body. */
  | 'login'
  /** The agent whose session it is. */
  | 'agent'
  /** Who is logged in. */
  | 'user'
  /** Who has the rights for it. */
  | 'configuration'
  /** Administrators, and managers as far as their groups go. */
  | 'supervision'
  /** Visitors, by app key. */
  | 'visitor'
  /** Pages and apps that report a visit, with or without an app key. */
  | 'reporter';

const BASE = '/api/account/:account';

const AUDIENCES: readonly (readonly [RegExp, Audience])[] = [
  [/^\/csdr\/account\/:account\/service\//, 'public'],
  [/^\/service\//, 'public'],
  [/^\/sentinel\/well-known\//, 'public'],
  [/^\/sentinel\/api\/(?:v2\/)?account\/:account\/app\/token$/, 'login'],
  [/^\/(?:login|refresh|logout|oauth2\/token)$/, 'login'],
  // The old password itself says who calls.
  [/\/changePassword$/, 'login'],
  [/^\/agentSession$/, 'user'],
  [/^\/agentSession\/:session(?:\/|$)/, 'agent'],
  [/^\/monitoring\//, 'user'],
  // One's own figures; managers see those of their users.
  [/^\/bots\//, 'user'],
  [/^\/approvals(?:\/|$)/, 'user'],
  [/^\/configuration\//, 'configuration'],
  [/^\/visitors\//, 'configuration'],
  [/^\/supervision\//, 'supervision'],
  [/^\/routing\/what-if$/, 'supervision'],
  // The original API's place for queries: the body names the account.
  [/^\/api\/account\/configuration\//, 'configuration'],
  [/^\/(?:chat\/|conversation$)/, 'visitor'],
  [/^\/app\/engagement\//, 'reporter'],
  [/^$/, 'visitor'],
];

/** @throws Error for an operation that nobody has placed yet. */
export function audienceOf({ method, url }: RegisteredOperation): Audience {
  const path = url.startsWith(BASE) ? url.slice(BASE.length) : url;
  const found = AUDIENCES.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return found[1];
  throw new Error(
    `${method} ${url} is new to the isolation test: say in isolation/audience.ts whom it is for.`,
  );
}

/** Ids in paths, but for the account. */
export const PATH_IDS = [
  ...['session', 'chat', 'event', 'visit', 'earlier', 'participant', 'visitor', 'id', 'service'],
  ...['offer', 'channel', 'suggestion', 'user', 'delegation', 'approval'],
] as const;
export type PathId = (typeof PATH_IDS)[number];

/** @throws Error for a parameter that has no meaning here yet. */
export function pathIdsOf({ method, url }: RegisteredOperation): readonly PathId[] {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return names
    .filter((name) => name !== 'account')
    .map((name) => {
      const known = PATH_IDS.find((each) => each === name);
      if (known !== undefined) return known;
      throw new Error(
        `:${name} of ${method} ${url} is new to the isolation test: give it ids in isolation/world.ts.`,
      );
    });
}

/** Query parameters that name something which can be somebody else's. */
export const QUERY_IDS = [
  ...['chatSessionKeys', 'sid', 'skill', 'skillId', 'serviceQueue', 'agent', 'chatReasonId'],
  ...['ids', 'skill_ids', 'agentId', 'groupId'],
] as const;
export type QueryId = (typeof QUERY_IDS)[number];

/**
 * Query parameters that name nothing of anybody. A position is sealed for its reader, a ticket is a
 * credential for one address: those of others are none.
 */
const PLAIN_QUERY = [
  ...['position', 'ticket'],
  ...[
    'NC',
    'from',
    'fromEventIds',
    'chatState',
    'voiceState',
    'timeStamp',
    'maxWaitTime',
    'version',
  ],
  // Surveys by name or id are looked for in the account alone.
  ...['surveyName', 'surveyApiId'],
  ...['visitorIp', 'chatReferrer', 'userAgent'],
  ...['LETagVisitorId', 'LETagSessionId', 'LETagContextId'],
  ...['filter', 'visitorId', 'select', 'include_deleted', 'limit', 'before'],
  ...['lang', 'group_by', 'sanitize_data'],
  ...['availability', 'phase', 'offset', 'wait', 'export', 'collaboration'],
];

/** @throws Error for a parameter that has no meaning here yet. */
export function queryIdsOf({ method, url, operation }: RegisteredOperation): readonly QueryId[] {
  return Object.keys(operation.query ?? {}).flatMap((name) => {
    const known = QUERY_IDS.find((each) => each === name);
    if (known !== undefined) return [known];
    if (PLAIN_QUERY.includes(name)) return [];
    throw new Error(
      `?${name}= of ${method} ${url} is new to the isolation test: say in isolation/audience.ts whether it names something of somebody's.`,
    );
  });
}

/** Which records an `:id` of the configuration names. */
export function recordsAt(url: string): string {
  return /\/configuration\/(.*?)\/:id/.exec(url)?.[1] ?? '';
}
