/**
 * The one table of errors: what the server may answer, with which status and number, and what the
 * caller should do. The API reference is made from it; codes and numbers never change meaning.
 *
 * One file, though it is long: it is one table, and whoever adds a row looks for its like.
 */

/** How an error is answered. */
export interface ErrorEntry {
  readonly status: number;
  /** The status in words, as clients of the original API match it. */
  readonly responseStatus: string;
  /** Stable number; the ones below 100 are the original API's. */
  readonly internalCode: number;
  /** The original API's word for why, where clients look for one. */
  readonly reason?: string;
  /** What happened, in a few words. */
  readonly title: string;
  /** What the caller should do. */
  readonly remedy: string;
}

const STATUS_WORDS = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'REQUEST_ENTITY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_ENTITY',
  426: 'UPGRADE_REQUIRED',
  429: 'TOO_MANY_REQUESTS',
  431: 'REQUEST_HEADER_FIELDS_TOO_LARGE',
  500: 'INTERNAL_SERVER_ERROR',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
} as const;

function entry(
  status: keyof typeof STATUS_WORDS,
  internalCode: number,
  title: string,
  remedy: string,
  reason?: string,
): ErrorEntry {
  const responseStatus = STATUS_WORDS[status];
  const why = reason === undefined ? {} : { reason };
  return { status, responseStatus, internalCode, title, remedy, ...why };
}

/** Every error, by its stable code name. */
export const ERRORS = {
  // 400: the request itself is wrong
  malformedBody: entry(
    400,
    1001,
    'The body cannot be read',
    'Correct the body at the place that the message names.',
  ),
  invalidField: entry(
    400,
    1002,
    'A field is missing or wrong',
    'Correct the fields that the message names.',
  ),
  invalidQuery: entry(
    400,
    1003,
    'A query parameter is missing or wrong',
    'Correct the parameter that the message names.',
  ),
  unsupportedVersion: entry(
    400,
    1004,
    'This version of the API is not supported',
    'Use one of the versions that the message names, or omit v.',
  ),
  illegalVersion: entry(
    400,
    33,
    'Engagement and visit information do not support this version',
    'Use one of the versions that the message names, or omit v.',
  ),
  badAccountId: entry(
    400,
    6,
    'The account id is malformed',
    'An account id is 1 to 20 letters, digits or underscores.',
  ),
  textTooLong: entry(400, 1005, 'The text is too long', 'Send the text as several lines.'),
  unknownSkill: entry(400, 1006, 'There is no such skill', "Use one of the account's skills."),
  unknownAgent: entry(400, 1007, 'There is no such agent', "Use one of the account's agents."),
  invalidAnswer: entry(
    400,
    1008,
    'A survey answer is missing or wrong',
    'Correct the answer to the question that the message names.',
  ),
  weakPassword: entry(
    400,
    1009,
    'The password does not meet the policy',
    'Choose a longer or less common password.',
  ),
  badIdempotencyKey: entry(
    400,
    1010,
    'The idempotency key is malformed',
    'Use a new random key for each new request, for example 32 hex digits.',
  ),

  // 401: who is calling?
  unauthorized: entry(
    401,
    10,
    'No valid credential',
    'Log in again and send the bearer, the signature or the app key.',
  ),
  badCsrf: entry(
    401,
    10,
    'The csrf token is wrong',
    'Send the csrf token from the login response.',
  ),
  cookieRequired: entry(
    401,
    1101,
    "The agent session's cookie is missing",
    'Send the cookie that was set when the session was opened, or open the session with NC=true.',
  ),
  wrongCredentials: entry(
    401,
    1102,
    'User name or password is wrong, or the user is disabled',
    'Check both. If they are right, ask an administrator.',
  ),
  passwordChangeRequired: entry(
    401,
    1103,
    'The password must be changed first',
    'Change the password with changePassword, then log in with the new one.',
  ),
  badSignature: entry(
    401,
    1104,
    'The request signature is not valid',
    'Check the keys, the signature method, the clock and the nonce.',
  ),

  identityRefused: entry(
    401,
    1151,
    "The identity provider's token or code is not accepted",
    'Get a new token or code from the identity provider, and use it once.',
  ),

  // 403: known, but not allowed
  forbidden: entry(
    403,
    1201,
    'This user is not allowed to do this',
    'Ask an administrator for the right.',
  ),
  originNotAllowed: entry(
    403,
    1202,
    'The account does not allow this origin',
    "Add the origin to the account's allowed origins.",
  ),
  roleMayNotSpeak: entry(
    403,
    1203,
    'A listener cannot speak to the visitor',
    'Send the line as ONLY_TO_REP, or join as assistant.',
  ),

  // 404: not there, or not yours: the same answer, so that nothing is revealed
  notFound: entry(404, 1301, 'There is no such resource', 'Follow a link in a current document.'),
  unknownAccount: entry(404, 6, 'There is no such account', 'Check the account id.'),
  unknownService: entry(
    404,
    1302,
    'There is no such service',
    'Use one of the services that the message names.',
  ),
  nothingRinging: entry(
    404,
    1303,
    'No chat is ringing for this agent session',
    'Wait until ringingCount is above 0.',
  ),
  noSurvey: entry(404, 1304, 'There is no such survey', 'Continue without a survey.'),
  badVisitorId: entry(
    404,
    37,
    'The visitor id is malformed',
    'Use the visitor id exactly as you received it.',
  ),
  badSessionId: entry(
    404,
    39,
    'The visit session id is malformed',
    'Use the session id exactly as you received it.',
  ),
  chatGone: entry(
    404,
    12,
    'There is no such chat, or it ended too long ago',
    'Request a new chat.',
  ),
  visitExpired: entry(
    404,
    12,
    'The visit is unknown or over',
    'Report a new visit: a visit ends 6 hours after its last heartbeat.',
  ),

  // 405 to 501: as HTTP says
  methodNotAllowed: entry(
    405,
    1401,
    'The resource does not support this method',
    'Use one of the methods in the Allow header.',
  ),
  notAcceptable: entry(
    406,
    1402,
    'None of the accepted media types is available',
    'Accept application/json, application/xml or application/hal+json.',
  ),
  requestTimeout: entry(
    408,
    1407,
    'The request did not arrive in time',
    'Send the request again, without pauses.',
  ),
  tooLarge: entry(413, 1403, 'The body is too large', 'Send less in one request.'),
  unsupportedMediaType: entry(
    415,
    1404,
    'The body is neither JSON nor XML',
    'Send application/json or application/xml.',
  ),
  upgradeRequired: entry(
    426,
    1408,
    'This address accepts only WebSockets',
    'Use a WebSocket client, or read the stream instead.',
  ),
  headersTooLarge: entry(
    431,
    1405,
    'The headers are too large, or too many',
    'Send smaller cookies and headers, and a shorter URL.',
  ),
  unsupportedCoding: entry(
    501,
    1406,
    'The transfer coding is not supported',
    'Send the body chunked, or with a Content-Length.',
  ),

  // 409 to 422: the state forbids it
  chatEnded: entry(409, 1501, 'The chat has ended', 'Start a new chat.'),
  skillUnavailable: entry(
    409,
    1502,
    'No other agent of this skill is online',
    'Choose one of the skills that the transfer resource lists.',
  ),
  agentUnavailable: entry(
    409,
    1503,
    'The agent cannot take the chat now',
    'Choose an agent who is Online or Occupied.',
  ),
  nobodyOnline: entry(
    409,
    32,
    'Nobody is online for this chat',
    'Offer the offline survey, or try again later.',
    'no-available-agents',
  ),
  // Not 503: clients would retry that by themselves, forever.
  mailNotConfigured: entry(
    409,
    1706,
    'No mail server is configured',
    "Ask the administrator to set the account's mail server.",
  ),
  alreadyAnswered: entry(409, 1505, 'This was already answered', 'Nothing more is needed.'),
  chatFull: entry(409, 1509, 'The chat is full', 'End it and start a new chat.'),
  chatElsewhere: entry(
    409,
    1510,
    'The chat is no longer yours',
    'Stop writing to it: the agent whom the message names has it now.',
  ),
  conflict: entry(409, 1506, 'The current state does not allow this', 'Read the resource again.'),
  staleRevision: entry(
    412,
    1507,
    'The collection changed meanwhile',
    'Read it again and send the new revision in If-Match.',
  ),
  requestInFlight: entry(
    409,
    1511,
    'The same request is still being answered',
    'Send the request again after the time in Retry-After.',
  ),
  idempotencyMismatch: entry(
    422,
    1508,
    'The idempotency key was used with another body',
    'Use a new key for a new request.',
  ),

  // 429
  tooManyRequests: entry(
    429,
    1601,
    'Too many requests',
    'Try again after the time in Retry-After.',
  ),
  loginThrottled: entry(
    429,
    1602,
    'Too many login attempts',
    'Try again after the time in Retry-After.',
  ),

  // 5xx
  internal: entry(
    500,
    1701,
    'Something went wrong in the server',
    'Try again later. If it happens again, give the operator the request id.',
  ),
  starting: entry(503, 1702, 'The service is starting', 'Try again after the time in Retry-After.'),
  stopping: entry(503, 1703, 'The service is stopping', 'Try again after the time in Retry-After.'),
  accountMoving: entry(
    503,
    1704,
    'The account is moving to another machine',
    'Try again after the time in Retry-After.',
  ),
  storeFailure: entry(
    503,
    1705,
    'The change could not be stored',
    'Nothing was changed; try again after the time in Retry-After.',
  ),
  busy: entry(
    503,
    1709,
    'Too many requests and answers are in progress',
    'Try again after the time in Retry-After.',
  ),
  identityUnavailable: entry(
    503,
    1751,
    'The identity provider cannot be reached at the moment',
    'Try again after the time in Retry-After.',
  ),
  accountFull: entry(
    503,
    1707,
    "The account's memory for chats is full",
    'Nothing was changed; try again after the time in Retry-After.',
  ),
  dataDamaged: entry(
    503,
    1708,
    'Stored data is damaged',
    'Ask the operator: the server log says what is damaged and what to do.',
  ),
} as const satisfies Record<string, ErrorEntry>;

/** Stable name of an error. */
export type ErrorCode = keyof typeof ERRORS;

/** An error to be answered as the table says. Thrown by the server's handlers. */
export class WireError extends Error {
  readonly code: ErrorCode;
  /** Headers of the answer: `Retry-After`, `Allow`, `WWW-Authenticate` … */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param message what was wrong, with which value; left out, the table's title and remedy
   */
  constructor(code: ErrorCode, message?: string, headers: Readonly<Record<string, string>> = {}) {
    super(message ?? `${ERRORS[code].title}. ${ERRORS[code].remedy}`);
    this.name = 'WireError';
    this.code = code;
    this.headers = headers;
  }

  /** Status of the answer. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}
