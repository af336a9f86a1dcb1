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
    network: `${part(STEPS[standing].network)} of what the account may have in use, and ${STEPS[standing].timesLeft === 1 ? 'no more than' : `${STEPS[standing].timesLeft} times what`} is left`,
    account: `${part(STEPS[standing].all)} of what it may have in use`,
    process: `${part(STEPS[standing].all)} of what may be in use`,
  }) as const;

const IDLE = {
  network: `no bound; what is over 1/${IDLE_SHARES} of what may be idle, and over ${bytes(MAX_VISIT_BYTES)}, goes first`,
  account: 'what may be idle',
  process: 'what may be idle',
} as const;

const { waitingChats, linesPerSecond, bytesPerSecond } = DEFAULT_VISITOR_LIMITS;
const { requestsPerSecond } = DEFAULT_CREDENTIAL_LIMITS;
const { perAddress, inAll } = DEFAULT_CONNECTION_LIMITS;

/** Every kind, the ones that weigh most first. */
export const LIMITS: readonly LimitRow[] = [
  {
    kind: 'a visit that nobody chats in',
    one: `${bytes(BYTES_PER_VISIT)} and what it says, ${bytes(MAX_VISIT_BYTES)} at most; ${MAX_VISITS_OF_VISITOR} of one visitor`,
    ...IDLE,
    beyond: 'the longest silent goes, of the network that holds most before the others',
  },
  {
    kind: 'its pages',
    one: `${MAX_PAGES}, and ${bytes(MAX_PAGES_BYTES)}`,
    network: '',
    account: '',
    process: '',
    beyond: 'the oldest go',
  },
  {
    kind: 'its engagement attributes, customer facts among them',
    one: `${MAX_ATTRIBUTES}, and ${bytes(MAX_ATTRIBUTES_BYTES)}`,
    network: '',
    account: '',
    process: '',
    beyond: 'the oldest go',
  },
  {
    kind: 'its sections',
    one: bytes(MAX_SECTIONS_BYTES),
    network: '',
    account: '',
    process: '',
    beyond: 'the last are left out',
  },
  {
    kind: 'a chat that no agent has accepted, with its visit',
    one: `${bytes(BYTES_PER_CHAT)} and what it says`,
    ...inUse('stranger'),
    beyond: '429 when it is the network’s doing, else 503',
  },
  {
    kind: 'how many of them wait',
    one: '',
    network: `${number(waitingChats)} (\`--max-waiting-chats\`); with ended ones ${number(waitingChats * KEPT_PER_WAITING)}, and no more than are left`,
    account: number(waitingChats * ACCOUNT_PER_WAITING),
    process: '',
    beyond: '429',
  },
  {
    kind: 'its lines, pre-chat lines among them',
    one: `${MAX_BEFORE_ACCEPTED.entries} events, ${bytes(MAX_BEFORE_ACCEPTED.bytes)}`,
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: '409 for the one chat, else as the chat',
  },
  {
    kind: 'a chat that an agent serves, with its visit',
    one: `${number(MAX_IN_FEED.entries)} events, ${bytes(MAX_IN_FEED.bytes)}`,
    ...inUse('served'),
    beyond:
      '409 for the one chat, 429 or 503 for its visitor; agents may have all that is in use, then 503',
  },
  {
    kind: 'chats that ring at one agent',
    one: String(MAX_RINGING),
    network: '',
    account: '',
    process: '',
    beyond: 'they wait',
  },
  {
    kind: 'custom variables of a chat',
    one: `${MAX_VARIABLES}, and ${bytes(MAX_VARIABLES_BYTES)}`,
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: 'the oldest go',
  },
  {
    kind: 'suggestions in a chat',
    one: `${MAX_OPEN_SUGGESTIONS} open of one author, ${bytes(MAX_SUGGESTION_BYTES)} of all that are open, ${number(MAX_SUGGESTIONS)} ever; ${MAX_CLOSED_SUGGESTIONS} that are not open any more, and as many bytes`,
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: '409; of those that are not open any more the oldest go',
  },
  {
    kind: 'programs in an agent’s session',
    one: `${MAX_DELEGATIONS} in a session, and ${MAX_APPROVALS} of their writes that wait for approval`,
    network: 'no bound',
    account: 'no bound',
    process: 'no bound',
    beyond: '409; a write that would wait, 429',
  },
  {
    kind: 'pre-chat, exit and agent survey, visitor’s name',
    one: `one of each; a body (${bytes(DEFAULT_BODY_LIMIT)})`,
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: 'as the chat',
  },
  {
    kind: 'a chat that is over and can still be read',
    one: 'as while it lived',
    ...IDLE,
    beyond:
      'the one that ended first goes, of the network that holds most before the others; it stays in the journal',
  },
  {
    kind: 'a transcript that waits to be mailed',
    one: `${bytes(BYTES_PER_MAIL)}, address and subject; ${MAX_TRANSCRIPTS} of one chat; the mail has the last ${bytes(MAX_IN_MAIL.bytes)} of the chat`,
    network: `${DEFAULT_TRANSCRIPT_LIMITS.perAddress} in an hour, ${DEFAULT_TRANSCRIPT_LIMITS.perRecipient} to one address; in bytes as the chat`,
    account: 'as the chat',
    process: 'as the chat',
    beyond: '409 for the one chat, else 429 or 503',
  },
  {
    kind: 'offline surveys',
    one: `a body (${bytes(DEFAULT_BODY_LIMIT)}); kept in the journal only`,
    network: 'as text',
    account: 'as text',
    process: '',
    beyond: '429',
  },
  {
    kind: 'requests with an `Idempotency-Key` that are known again',
    one: `${bytes(BYTES_PER_RETRY)} and what is kept of it, for ${RETRY_LIFE_MS / HOUR_MS} hours: ${number(MAX_RETRIES_OF_CHAT)} of one chat’s visitor, ${number(MAX_RETRIES_OF_USER)} of one user; with a line, or a chat’s end, ${bytes(BYTES_PER_KEYED_ENTRY)} and its prints`,
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: `the caller’s oldest go that are ${MIN_RETRY_LIFE_MS / HOUR_MS} hour old, else 429; when it is the bytes, 429 or 503`,
  },
  {
    kind: 'new records of the configuration whose request is known again',
    one: `their answer, for ${RETRY_LIFE_MS / HOUR_MS} hours, on disk alone; ${number(MAX_STORED)} of one user`,
    network: '',
    account: '',
    process: '',
    beyond: `the user’s oldest go that are ${MIN_RETRY_LIFE_MS / HOUR_MS} hour old, else 429`,
  },
  {
    kind: 'who is typing, heartbeats, deadlines, indexes',
    one: 'one of each chat, visit or session: part of its weight',
    network: 'as the chat',
    account: 'as the chat',
    process: 'as the chat',
    beyond: 'gone with it',
  },
  {
    kind: 'text that comes in, whatever it is for',
    one: '',
    network: `${bytes(bytesPerSecond)} per second (\`--max-text-per-second\`), half an hour’s worth at once`,
    account: `${ACCOUNT_PER_ADDRESS} times that`,
    process: '',
    beyond: '429; when it is the account, for who sent more than their part',
  },
  {
    kind: 'lines of a visitor',
    one: `${number(linesPerSecond)} per second (\`--max-lines-per-second\`), ten seconds’ worth at once`,
    network: '',
    account: '',
    process: '',
    beyond: '429',
  },
  {
    kind: 'requests of agents, bots, programs and administrators',
    one: `of one credential ${number(requestsPerSecond)} per second (\`--max-requests-per-second\`), ten seconds’ worth at once`,
    network: '',
    account: '',
    process: '',
    beyond: '429',
  },
  {
    kind: 'requests under way that change something',
    one: `${bytes(BYTES_PER_REQUEST)} and ${TIMES_BODY} times its body`,
    network: `${part(held.PART_OF_NETWORK)} of all`,
    account: '',
    process: `${mebibytes(held.MAX_IN_ALL)}, and ${part(held.PART_OF_HEAP)} of the heap at most`,
    beyond: '429 when it is the network’s doing, else 503',
  },
  {
    kind: 'bodies that are not finished or not decompressed, answers that are not read',
    one: `a body ${bytes(DEFAULT_BODY_LIMIT)}; an answer of feeds ${bytes(MAX_IN_PAGE.bytes)}`,
    network: `${part(held.PART_OF_NETWORK)} of all`,
    account: '',
    process: `${mebibytes(held.MAX_IN_ALL)}, and ${part(held.PART_OF_HEAP)} of the heap at most`,
    beyond: '429 or 503; what is not read is cut',
  },
  {
    kind: 'headers of requests that are not over',
    one: `${number(MAX_HEADER_FIELDS)}, and ${bytes(MAX_HEADER_SIZE)}; from ${bytes(SMALL_HEAD)} on they count as`,
    network: 'bodies that are not finished',
    account: '',
    process: 'they do',
    beyond: '429 or 503; what stalls is cut',
  },
  {
    kind: 'connections',
    one: '',
    network: `${number(perAddress)} (\`--max-connections\`), in a small heap ${part(held.CONNECTIONS_OF_NETWORK)} of all`,
    account: '',
    process: `${number(inAll)}, in a small heap one for each ${bytes(held.HEAP_PER_CONNECTION)} of it`,
    beyond: 'cut: the new one, or the oldest of the network that has most for one of another',
  },
  {
    kind: 'requests that wait for news (`wait`)',
    one: `${MAX_AT_ONE_PLACE} for the same thing of the same reader`,
    network: 'as connections',
    account: '',
    process: 'as connections',
    beyond: '429',
  },
  {
    kind: 'streams',
    one: `${MAX_STREAMS_OF_READER} of one reader; ${mebibytes(MAX_BUFFERED)} waiting for a client that does not read, which count as unread answers`,
    network: 'as connections',
    account: `${number(MAX_RECENT)} entries of chats are remembered for clients that resume`,
    process: 'as connections',
    beyond: '429; a client that does not read is dropped',
  },
  {
    kind: 'nonces of signed requests',
    one: '256 characters; long ones are kept as their hash',
    network: '',
    account: '',
    process: `${number(MAX_REMEMBERED)}, less in a small heap`,
    beyond: 'the app key that used most loses its oldest, and signs no more for that time',
  },
  {
    kind: 'wrong credentials',
    one: '',
    network: `${number(WRONG_PER_MINUTE)} in a minute`,
    account: '',
    process: `${number(MAX_ADDRESSES)} networks counted`,
    beyond: 'who was counted longest ago starts anew',
  },
  {
    kind: 'failed logins and secrets',
    one: '',
    network: 'see [choices](choices.md)',
    account: '',
    process: `${number(MAX_KEYS)} counted of each kind`,
    beyond: 'who was counted longest ago starts anew',
  },
  {
    kind: 'other rates: text, lines, transcripts',
    one: '',
    network: '',
    account: '',
    process: `${number(MAX_COUNTED_CALLS)} and ${number(MAX_COUNTED)} counted`,
    beyond: 'who was counted longest ago starts anew',
  },
  {
    kind: 'passwords that wait to be checked',
    one: '',
    network: 'those that sent most wait the longest',
    account: '',
    process: number(MAX_PASSWORDS_WAITING),
    beyond: '429',
  },
  {
    kind: 'logins',
    one: '',
    network: '',
    account: `${MAX_OF_USER} of one user`,
    process: '',
    beyond: 'the oldest ends',
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

What strangers bring is bounded: in one thing, for one network, in one account, and in the process. The
rules are [spec/limits.md](../spec/limits.md) and [spec/security.md](../spec/security.md); these are the
numbers. A network is an IPv4 address, or 64 bits of IPv6; networks that share 48 bits of IPv6 share
what one address may have.

**The process** holds as much of chats, visits and mails as \`--max-memory\` says: by default ${part(PART_OF_HEAP)} of
the heap that Node was started with, which is about 690 MiB where it is 4 GiB. They are counted in bytes as
they are stored, with something for each text, list and object, and V8 needs up to twice as many for them.
**An account** has ${part(PART_OF_ACCOUNT)} of that, and ${mebibytes(MAX_ACCOUNT_BYTES)} (\`--max-account-memory\`), at most. Of both, ${live} are
for what is **in use** (live chats, their visits, mails that wait), and ${idle} for what is **idle**
(visits nobody chats in, chats that are over). What is in use never goes before its time; what is idle
makes room.

| what | one of it | one network | one account | the process | beyond it |
|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

A larger heap gives everything more room: \`NODE_OPTIONS=--max-old-space-size=8192 parley serve …\`. A
server that speaks for many visitors from one address needs a trusted app key and says their addresses
(\`visitorIp\`, \`appDetails.ipAddress\`); a proxy must be one of \`--trusted-proxies\`.
`;
}
