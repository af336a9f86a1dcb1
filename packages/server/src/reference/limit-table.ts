/**
 * Every kind of state that outsiders feed, and its bounds: in one thing, for one network, in one account
 * and in the process, and what happens beyond. docs/limits.md is made from it.
 */
import {
  BYTES_PER_CHAT,
  BYTES_PER_KEYED_ENTRY,
  BYTES_PER_MAIL,
  BYTES_PER_RETRY,
  BYTES_PER_VISIT,
  IDLE_SHARES,
  MAX_ATTRIBUTES,
  MAX_CLOSED_SUGGESTIONS,
  MAX_DELEGATIONS,
  MAX_OPEN_SUGGESTIONS,
  MAX_SUGGESTION_BYTES,
  MAX_SUGGESTIONS,
  MAX_ATTRIBUTES_BYTES,
  MAX_PAGES,
  MAX_PAGES_BYTES,
  MAX_RETRIES_OF_CHAT,
  MAX_RETRIES_OF_USER,
  MAX_RINGING,
  MAX_SECTIONS_BYTES,
  MAX_VARIABLES_BYTES,
  MAX_VISIT_BYTES,
  MAX_VISITS_OF_VISITOR,
  MIN_RETRY_LIFE_MS,
  MAX_BEFORE_ACCEPTED,
  MAX_IN_FEED,
  MAX_IN_PAGE,
  MAX_TRANSCRIPTS,
  MAX_VARIABLES,
  RETRY_LIFE_MS,
  type Standing,
  STEPS,
} from '@parley/engine';
import { MAX_OF_USER } from '@parley/runtime/logins/login-registry';
import {
  MAX_ACCOUNT_BYTES,
  PART_IN_USE,
  PART_OF_ACCOUNT,
  PART_OF_HEAP,
} from '@parley/runtime/accounts/process-memory';
import { MAX_KEYS } from '../auth/failure-budget.js';
import { MAX_REMEMBERED } from '../auth/nonces.js';
import { MAX_WAITING as MAX_PASSWORDS_WAITING } from '@parley/configuration/secrets/password';
import { MAX_ADDRESSES, WRONG_PER_MINUTE } from '../auth/wrong-credentials.js';
import { DEFAULT_BODY_LIMIT } from '../http/body.js';
import { MAX_HEADER_SIZE } from '../http/connection.js';
import { SMALL_HEAD } from '../http/heads.js';
import * as held from '../http/held-limits.js';
import { DEFAULT_CONNECTION_LIMITS } from '../http/listeners.js';
import { MAX_COUNTED_CALLS } from '../http/rates.js';
import { BYTES_PER_REQUEST, TIMES_BODY } from '../http/under-way.js';
import { MAX_STORED } from '../http/retry.js';
import { MAX_HEADER_FIELDS } from '../http/well-formed.js';
import { MAX_AT_ONE_PLACE } from '../waits/long-polls.js';
import { MAX_RECENT } from '../push/recent.js';
import { MAX_BUFFERED, MAX_STREAMS_OF_READER } from '../push/streams.js';
import { MAX_APPROVALS } from '@parley/runtime/accounts/approvals';
import { MAX_IN_MAIL } from '@parley/runtime/mail/compose';
import { DEFAULT_TRANSCRIPT_LIMITS, MAX_COUNTED } from '../transcript/throttle.js';
import { DEFAULT_CREDENTIAL_LIMITS } from '../auth/credential-limits.js';
import {
  ACCOUNT_PER_ADDRESS,
  ACCOUNT_PER_WAITING,
  DEFAULT_VISITOR_LIMITS,
  KEPT_PER_WAITING,
} from '../visitor/limits.js';

/** A kind of state, and what bounds it. */
interface LimitRow {
  readonly kind: string;
  /** Of one chat, visit, mail … */
  readonly one: string;
  /** For one network: an IPv4 address, or 64 bits of IPv6. */
  readonly network: string;
  readonly account: string;
  readonly process: string;
  /** What happens to who brings more, or what goes. */
  readonly beyond: string;
}

const HOUR_MS = 3_600_000;

const number = (value: number) => value.toLocaleString('en');
const mebibytes = (value: number) => `${number(value / 1024 / 1024)} MiB`;
const bytes = (value: number) => `${number(value)} bytes`;

/** `3/4` for 0.75. */
function part(value: number): string {
  const below = [1, 2, 4, 6, 8, 16, 32, 64].find((each) => Number.isInteger(value * each)) ?? 1;
  return below === 1 ? 'all' : `${value * below}/${below}`;
}

const inUse = (standing: Standing) =>
  ({
    network: `${part(STEPS[standing].network)} of the account’s memory in use, but no more than ${STEPS[standing].timesLeft === 1 ? '' : `${STEPS[standing].timesLeft} times `}what is left`,
    account: `${part(STEPS[standing].all)} of its memory in use`,
    process: `${part(STEPS[standing].all)} of its memory in use`,
  }) as const;

const IDLE = {
  network: `no limit; anything above 1/${IDLE_SHARES} of the idle memory, and above ${bytes(MAX_VISIT_BYTES)}, is removed first`,
  account: 'its idle memory',
  process: 'its idle memory',
} as const;

const { waitingChats, linesPerSecond, bytesPerSecond } = DEFAULT_VISITOR_LIMITS;
const { requestsPerSecond } = DEFAULT_CREDENTIAL_LIMITS;
const { perAddress, inAll } = DEFAULT_CONNECTION_LIMITS;

/** Every kind, the ones that weigh most first. */
export const LIMITS: readonly LimitRow[] = [
  {
    kind: 'a visit without a live chat',
    one: `${bytes(BYTES_PER_VISIT)} plus its content, at most ${bytes(MAX_VISIT_BYTES)}; ${MAX_VISITS_OF_VISITOR} per visitor`,
    ...IDLE,
    beyond:
      'the visit that has been silent longest is removed, first of the network that holds the most',
  },
  {
    kind: 'pages of a visit',
    one: `${MAX_PAGES}, and ${bytes(MAX_PAGES_BYTES)}`,
    network: '',
    account: '',
    process: '',
    beyond: 'the oldest are removed',
  },
  {
    kind: 'engagement attributes of a visit, including customer facts',
    one: `${MAX_ATTRIBUTES}, and ${bytes(MAX_ATTRIBUTES_BYTES)}`,
    network: '',
    account: '',
    process: '',
    beyond: 'the oldest are removed',
  },
  {
    kind: 'sections of a visit',
    one: bytes(MAX_SECTIONS_BYTES),
    network: '',
    account: '',
    process: '',
    beyond: 'the last are dropped',
  },
  {
    kind: 'a chat that no agent has accepted, with its visit',
    one: `${bytes(BYTES_PER_CHAT)} plus its content`,
    ...inUse('stranger'),
    beyond: '429 if the network’s limit is reached, otherwise 503',
  },
  {
    kind: 'number of such chats',
    one: '',
    network: `${number(waitingChats)} (\`--max-waiting-chats\`); ${number(waitingChats * KEPT_PER_WAITING)} including ended ones; but no more than what is left`,
    account: number(waitingChats * ACCOUNT_PER_WAITING),
    process: '',
    beyond: '429',
  },
  {
    kind: 'lines of such a chat, including pre-chat lines',
    one: `${MAX_BEFORE_ACCEPTED.entries} events, ${bytes(MAX_BEFORE_ACCEPTED.bytes)}`,
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: '409 if the chat’s own limit is reached, otherwise like the chat',
  },
  {
    kind: 'a chat that an agent serves, with its visit',
    one: `${number(MAX_IN_FEED.entries)} events, ${bytes(MAX_IN_FEED.bytes)}`,
    ...inUse('served'),
    beyond:
      '409 if the chat’s own limit is reached; otherwise 429 or 503 for its visitor. Agents may use all memory in use, and then get 503',
  },
  {
    kind: 'chats that ring for one agent',
    one: String(MAX_RINGING),
    network: '',
    account: '',
    process: '',
    beyond: 'further chats wait',
  },
  {
    kind: 'custom variables of a chat',
    one: `${MAX_VARIABLES}, and ${bytes(MAX_VARIABLES_BYTES)}`,
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: 'the oldest are removed',
  },
  {
    kind: 'suggestions in a chat',
    one: `${MAX_OPEN_SUGGESTIONS} open ones per author, ${bytes(MAX_SUGGESTION_BYTES)} for all open ones, ${number(MAX_SUGGESTIONS)} in the chat’s whole life; ${MAX_CLOSED_SUGGESTIONS} closed ones, with the same limit in bytes`,
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: '409; of the closed ones, the oldest are removed',
  },
  {
    kind: 'programs in an agent’s session',
    one: `${MAX_DELEGATIONS} per session, and ${MAX_APPROVALS} writes of theirs that wait for approval`,
    network: 'no limit',
    account: 'no limit',
    process: 'no limit',
    beyond: '409; 429 for a write that would have to wait for approval',
  },
  {
    kind: 'pre-chat, exit and agent surveys, visitor’s name',
    one: `one of each, as large as a body (${bytes(DEFAULT_BODY_LIMIT)})`,
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: 'like the chat',
  },
  {
    kind: 'a chat that is over and can still be read',
    one: 'as while it was live',
    ...IDLE,
    beyond:
      'the chat that ended first is removed, first of the network that holds the most; it stays in the journal',
  },
  {
    kind: 'a transcript that waits to be mailed',
    one: `${bytes(BYTES_PER_MAIL)} plus address and subject; ${MAX_TRANSCRIPTS} per chat; the mail contains the last ${bytes(MAX_IN_MAIL.bytes)} of the chat`,
    network: `${DEFAULT_TRANSCRIPT_LIMITS.perAddress} an hour, ${DEFAULT_TRANSCRIPT_LIMITS.perRecipient} to one address; in bytes like the chat`,
    account: 'like the chat',
    process: 'like the chat',
    beyond: '409 if the chat’s own limit is reached, otherwise 429 or 503',
  },
  {
    kind: 'offline surveys',
    one: `as large as a body (${bytes(DEFAULT_BODY_LIMIT)}); kept only in the journal`,
    network: 'like text',
    account: 'like text',
    process: '',
    beyond: '429',
  },
  {
    kind: 'remembered requests with an `Idempotency-Key`',
    one: `${bytes(BYTES_PER_RETRY)} plus the stored answer, for ${RETRY_LIFE_MS / HOUR_MS} hours: ${number(MAX_RETRIES_OF_CHAT)} per chat’s visitor, ${number(MAX_RETRIES_OF_USER)} per user; for a line or a chat’s end, ${bytes(BYTES_PER_KEYED_ENTRY)} plus the fingerprints`,
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: `the caller’s oldest that are at least ${MIN_RETRY_LIFE_MS / HOUR_MS} hour old are removed; if there are none, 429. If the limit in bytes is reached, 429 or 503`,
  },
  {
    kind: 'remembered requests that made a configuration record',
    one: `the stored answer, for ${RETRY_LIFE_MS / HOUR_MS} hours, only on disk; ${number(MAX_STORED)} per user`,
    network: '',
    account: '',
    process: '',
    beyond: `the user’s oldest that are at least ${MIN_RETRY_LIFE_MS / HOUR_MS} hour old are removed; if there are none, 429`,
  },
  {
    kind: 'typing indicators, heartbeats, deadlines, indexes',
    one: 'one per chat, visit or session, counted as part of it',
    network: 'like the chat',
    account: 'like the chat',
    process: 'like the chat',
    beyond: 'removed together with it',
  },
  {
    kind: 'incoming text of any kind',
    one: '',
    network: `${bytes(bytesPerSecond)} per second (\`--max-text-per-second\`), up to half an hour’s worth at once`,
    account: `${ACCOUNT_PER_ADDRESS} times that`,
    process: '',
    beyond:
      '429; if the account’s limit is reached, only for networks that sent more than their share',
  },
  {
    kind: 'lines of a visitor',
    one: `${number(linesPerSecond)} per second (\`--max-lines-per-second\`), up to ten seconds’ worth at once`,
    network: '',
    account: '',
    process: '',
    beyond: '429',
  },
  {
    kind: 'requests of agents, bots, programs and administrators',
    one: `${number(requestsPerSecond)} per second and credential (\`--max-requests-per-second\`), up to ten seconds’ worth at once`,
    network: '',
    account: '',
    process: '',
    beyond: '429',
  },
  {
    kind: 'writing requests in progress',
    one: `${bytes(BYTES_PER_REQUEST)} plus ${TIMES_BODY} times the body`,
    network: `${part(held.PART_OF_NETWORK)} of all`,
    account: '',
    process: `${mebibytes(held.MAX_IN_ALL)}, but at most ${part(held.PART_OF_HEAP)} of the heap`,
    beyond: '429 if the network’s limit is reached, otherwise 503',
  },
  {
    kind: 'bodies that are incomplete or not yet decompressed, answers that are not yet read',
    one: `${bytes(DEFAULT_BODY_LIMIT)} per body; ${bytes(MAX_IN_PAGE.bytes)} per answer with a feed`,
    network: `${part(held.PART_OF_NETWORK)} of all`,
    account: '',
    process: `${mebibytes(held.MAX_IN_ALL)}, but at most ${part(held.PART_OF_HEAP)} of the heap`,
    beyond: '429 or 503; connections that do not read are closed',
  },
  {
    kind: 'headers of requests in progress',
    one: `${number(MAX_HEADER_FIELDS)} fields, and ${bytes(MAX_HEADER_SIZE)}`,
    network: `from ${bytes(SMALL_HEAD)} on they count like incomplete bodies`,
    account: '',
    process: 'the same',
    beyond: '429 or 503; stalled connections are closed',
  },
  {
    kind: 'connections',
    one: '',
    network: `${number(perAddress)} (\`--max-connections\`), with a small heap ${part(held.CONNECTIONS_OF_NETWORK)} of all`,
    account: '',
    process: `${number(inAll)}, with a small heap one per ${bytes(held.HEAP_PER_CONNECTION)} of it`,
    beyond:
      'the new connection is closed; if another network has the most connections, that network’s oldest is closed instead',
  },
  {
    kind: 'waiting requests (`wait`)',
    one: `${MAX_AT_ONE_PLACE} per reader for the same resource`,
    network: 'like connections',
    account: '',
    process: 'like connections',
    beyond: '429',
  },
  {
    kind: 'streams',
    one: `${MAX_STREAMS_OF_READER} per reader; ${mebibytes(MAX_BUFFERED)} waiting for a client that does not read, which counts as unread answers`,
    network: 'like connections',
    account: `${number(MAX_RECENT)} chat entries are kept for clients that resume`,
    process: 'like connections',
    beyond: '429; a client that does not read is disconnected',
  },
  {
    kind: 'nonces of signed requests',
    one: '256 characters; long nonces are kept as hashes',
    network: '',
    account: '',
    process: `${number(MAX_REMEMBERED)}, fewer with a small heap`,
    beyond:
      'the oldest nonces of the app key with the most are removed, and its requests signed then or earlier are refused',
  },
  {
    kind: 'wrong credentials',
    one: '',
    network: `${number(WRONG_PER_MINUTE)} a minute`,
    account: '',
    process: `counts for ${number(MAX_ADDRESSES)} networks`,
    beyond: 'the oldest count is dropped',
  },
  {
    kind: 'failed logins and secrets',
    one: '',
    network: 'see [choices](choices.md)',
    account: '',
    process: `${number(MAX_KEYS)} counts of each kind`,
    beyond: 'the oldest count is dropped',
  },
  {
    kind: 'other rates: text, lines, transcripts',
    one: '',
    network: '',
    account: '',
    process: `${number(MAX_COUNTED_CALLS)} and ${number(MAX_COUNTED)} counts`,
    beyond: 'the oldest count is dropped',
  },
  {
    kind: 'passwords waiting to be checked',
    one: '',
    network: 'networks that sent the most wait the longest',
    account: '',
    process: number(MAX_PASSWORDS_WAITING),
    beyond: '429',
  },
  {
    kind: 'logins',
    one: '',
    network: '',
    account: `${MAX_OF_USER} per user`,
    process: '',
    beyond: 'the oldest login ends',
  },
];

/** docs/limits.md, made from the constants that the server goes by. */
export function limitsInMarkdown(): string {
  const rows = LIMITS.map(({ kind, one, network, account, process, beyond }) =>
    [kind, one, network, account, process, beyond].map((cell) => cell || '–').join(' | '),
  );
  const live = part(PART_IN_USE);
  const idle = part(1 - PART_IN_USE);
  return `# Limits

<!-- Made by scripts/write-limits.mjs from packages/server/src/reference/limit-table.ts. -->

Everything that strangers send is limited: per object, per network, per account, and in the whole process. The
rules are in [spec/limits.md](../spec/limits.md) and [spec/security.md](../spec/security.md); this page has the
numbers. A network is an IPv4 address or an IPv6 prefix of 64 bits. Networks that share the first 48 bits of IPv6 share
the limits of one network.

**The process** uses at most \`--max-memory\` for chats, visits and mails: by default ${part(PART_OF_HEAP)} of
Node's maximum heap, which is about 690 MiB for a heap of 4 GiB. Parley counts bytes as they are stored, plus a
little for each text, list and object; V8 needs up to twice as much memory for them.
**An account** can use ${part(PART_OF_ACCOUNT)} of this, but at most ${mebibytes(MAX_ACCOUNT_BYTES)} (\`--max-account-memory\`). In both, ${live} are
for **memory in use** (live chats, their visits, mails that wait), and ${idle} for **idle memory**
(visits without a live chat, chats that are over). Objects in use are never removed early; idle objects
make room for new ones.

| what | limit for one | per network | per account | in the process | beyond the limit |
|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

A larger heap raises most limits: \`NODE_OPTIONS=--max-old-space-size=8192 parley serve …\`. A
server that sends requests for many visitors from one address needs a trusted app key and must send the visitors' addresses
(\`visitorIp\`, \`appDetails.ipAddress\`). A proxy must be one of \`--trusted-proxies\`.
`;
}
