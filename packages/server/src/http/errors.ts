/**
 * Every failure becomes a document: what was wrong, with which value, what to do next.
 *
 * One file, though it is long: the table that gives each refusal of the engine its sentence must be whole.
 */
import {
  type Availability,
  type FeedAmount,
  MAX_DELEGATIONS,
  MAX_IN_CHAT,
  MAX_IN_FEED,
  MAX_TRANSCRIPTS,
  type NoRoom,
  type Rejection,
  type Whereabouts,
} from '@parley/engine';
import { errorDocument, WireError, errorFormOf, isVisitorsChat } from '@parley/protocol';
import { StoreConflict, StoreDamage, StoreFailure } from '@parley/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountElsewhere } from '@parley/runtime/accounts/account-elsewhere';
import { AccountUnavailable } from '@parley/runtime/accounts/account-unavailable';
import { CommandRejected } from '@parley/runtime/accounts/submission';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { QueueFull } from '@parley/configuration/secrets/fair-queue';
import type { HttpContext } from './context.js';
import type { AskedRequest } from './asked.js';
import { representationOf } from './representation.js';
import { idsOf } from './correlation.js';
import { allowOrigin } from './cors.js';
import { suggestionRefused } from './suggestion-refused.js';

/** Headers of every answer: nothing is to be kept by caches, nor guessed to be of another type. */
export const ALWAYS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;

/** A visitor's chat that is not there, or not any more. */
export const CHAT_GONE = 'There is no such chat, or it ended too long ago: ask for another.';

/** Seconds after which a client may ask again while an account starts, stops or moves. */
const RETRY_SOON = '1';
/** Logins are asked to wait longer. */
const RETRY_LOGIN = '5';

/** Damage waits for an operator. */
const RETRY_DAMAGED = '60';

/** The damage that keeps a whole account, or what was asked for. */
function damageOf(error: unknown): StoreDamage | null {
  const cause = error instanceof AccountUnavailable ? error.cause : error;
  return cause instanceof StoreDamage ? cause : null;
}

/** The error as the wire knows it; what nobody foresaw is an internal one. */
function toWireError(error: unknown, url: string | undefined): WireError {
  if (error instanceof WireError) return error;
  if (error instanceof CommandRejected) {
    return rejectionToWire(error.rejection, isVisitorsChat(url) ? 'visitor' : 'agent');
  }
  if (damageOf(error) !== null) {
    const message = 'What is stored of this is damaged; the operator finds it in the log.';
    return new WireError('dataDamaged', message, { 'retry-after': RETRY_DAMAGED });
  }
  if (error instanceof AccountElsewhere) {
    const message =
      'Another server serves this account, so this one has stepped down from it. Ask again; if it stays so, the log of this server says what to do.';
    return new WireError('accountMoving', message, { 'retry-after': RETRY_DAMAGED });
  }
  if (error instanceof AccountUnavailable) {
    return new WireError(
      'accountMoving',
      'The account is starting, stopping or moving; ask again.',
      {
        'retry-after': RETRY_SOON,
      },
    );
  }
  if (error instanceof StoreFailure) {
    return new WireError(
      'storeFailure',
      'It could not be stored, so it did not happen; try again.',
      {
        'retry-after': RETRY_SOON,
      },
    );
  }
  if (error instanceof StoreConflict && error.reason === 'full') return tooManyKeys(null);
  if (error instanceof StoreConflict && error.reason === 'rebuilding') {
    const message = 'What is found by this is being made anew from the journal; ask again.';
    return new WireError('accountMoving', message, { 'retry-after': RETRY_SOON });
  }
  if (error instanceof StoreConflict) {
    const code = error.reason === 'revision' ? 'staleRevision' : 'conflict';
    return new WireError(code, error.message);
  }
  if (error instanceof QueueFull) {
    return new WireError(
      'loginThrottled',
      'Too many logins at once; wait a few seconds and try again.',
      {
        'retry-after': RETRY_LOGIN,
      },
    );
  }
  return (
    fromHttpLibrary(error) ??
    new WireError('internal', 'Something went wrong in the server; it was logged.')
  );
}

/** Failures that the HTTP library found by itself. */
function fromHttpLibrary(error: unknown): WireError | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  switch (error.code) {
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new WireError('notFound', 'A part of the path is longer than any name here.');
    case 'FST_ERR_BAD_URL':
      return new WireError('invalidField', 'The path is not properly encoded: check the % signs.');
    default:
      return 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
        ? new WireError('invalidField', error.message)
        : null;
  }
}

/** What the account refused, in the words of the wire and of whose call it was. */
export function rejectionToWire(
  rejection: Rejection,
  caller: 'agent' | 'visitor' = 'agent',
): WireError {
  switch (rejection.rejected) {
    case 'unknown-session':
      return new WireError('notFound', 'There is no such agent session: open one first.');
    case 'unknown-chat':
      return caller === 'visitor'
        ? new WireError('chatGone', CHAT_GONE)
        : new WireError(
            'notFound',
            'There is no such chat: follow the links of one that is there.',
          );
    case 'chat-elsewhere':
      return new WireError('chatElsewhere', elsewhere(rejection.whereabouts));
    case 'unknown-user':
      return new WireError(
        'unknownAgent',
        `There is no agent ${rejection.userId}: name one of the available agents.`,
      );
    case 'unknown-skill':
      return new WireError(
        'unknownSkill',
        `There is no skill ${rejection.skillId}: name one that the account has.`,
      );
    case 'role-refused':
      return rejection.to === 'speak'
        ? new WireError(
            'roleMayNotSpeak',
            `You are in this chat as ${rejection.role}, whom the visitor does not hear: send the line as ONLY_TO_REP.`,
          )
        : new WireError('forbidden', ROLE_REFUSED[rejection.to](rejection.role));
    case 'too-many-in-chat':
      return new WireError(
        'conflict',
        `At most ${MAX_IN_CHAT} of the account are in a chat or asked to come: somebody has to leave first.`,
      );
    case 'unknown-channel':
      return new WireError(
        'notFound',
        'There is no such collaboration channel in this chat: read collaborationChannels for those there are.',
      );
    case 'unknown-suggestion':
    case 'suggestion-closed':
    case 'too-many-suggestions':
    case 'not-own-line':
      return suggestionRefused(rejection);
    case 'unknown-delegation':
      return new WireError(
        'notFound',
        'There is no such delegation in this session: read delegations for those there are.',
      );
    case 'too-many-delegations':
      return new WireError(
        'conflict',
        `At most ${MAX_DELEGATIONS} programs may work in a session: end one of the delegations first.`,
      );
    case 'session-watches':
      return new WireError(
        'conflict',
        'This session was opened to supervise and takes no chats, so it is always Away: open one without the role supervisor to take some.',
      );
    case 'nothing-ringing':
      return new WireError(
        'nothingRinging',
        'No chat is ringing: read incomingRequests and accept when it has a link.',
      );
    case 'chat-ended':
      return new WireError('chatEnded', 'The chat has ended and takes nothing more.');
    case 'chat-full':
      return new WireError('chatFull', chatFullMessage(rejection.most));
    case 'no-room':
      return noRoom(rejection);
    case 'nobody-online':
      return new WireError('nobodyOnline', 'No agent is online for this chat; try again later.');
    case 'unknown-visit':
      return new WireError(
        'visitExpired',
        'There is no such visit, or it has been silent for 6 hours: start a new one.',
      );
    case 'visitor-in-chat':
      return new WireError(
        'conflict',
        `The visitor is in chat ${rejection.chatId}: end it first, then erase.`,
      );
    case 'too-many-transcripts':
      return new WireError(
        'conflict',
        `A chat's transcript is sent ${MAX_TRANSCRIPTS} times at most, and this one's has been.`,
      );
    case 'unknown-participant':
      return new WireError(
        'invalidField',
        'request.participantId and request.conversationId name no authenticated visitor who may ask for a chat: use both as conversation gave them, within an hour, for one chat.',
      );
    case 'key-reused':
      return new WireError(
        'idempotencyMismatch',
        'This Idempotency-Key came before, with another body: send a new key with a new request, and the same body with the same key.',
      );
    case 'too-many-keys':
      return tooManyKeys(rejection.retryAt);
    case 'token-replayed':
      return new WireError('identityRefused', 'The token was used before: get a new one.');
    case 'too-many-participants':
      return new WireError(
        'tooManyRequests',
        'More visitors were authenticated within a day than the account can remember: try again later.',
        { 'retry-after': '60' },
      );
    case 'status-reason-refused':
      return new WireError(
        rejection.because === 'disabled' ? 'conflict' : 'invalidField',
        `${REASON_REFUSED[rejection.because](rejection.reasonId, rejection.availability)}: read status-reasons for those there are, or leave chatReasonId out.`,
      );
    case 'skill-unavailable':
      return new WireError(
        'skillUnavailable',
        `${SKILL_REFUSED[rejection.because](rejection.skillId)}: read the transfer resource for the skills that can be given this chat.`,
      );
    case 'agent-unavailable':
      return new WireError(
        'agentUnavailable',
        `${AGENT_REFUSED[rejection.because](rejection.userId)}: read availableAgents for who is Online or Occupied.`,
      );
    default:
      return rejection satisfies never;
  }
}

/** Where a chat is that was the caller's. */
function elsewhere(whereabouts: Whereabouts): string {
  const agent = (who: { readonly userId: number; readonly nickname: string }) =>
    `agent ${who.userId} (${who.nickname})`;
  switch (whereabouts.is) {
    case 'chatting':
      return `This chat is not yours any more: ${agent(whereabouts)} has it now.`;
    case 'ringing':
      return `This chat is not yours any more: it is ringing at ${agent(whereabouts)}.`;
    case 'waiting':
      return `This chat is not yours any more: it waits for ${whereabouts.for ?? 'the next free agent'}.`;
    case 'ended': {
      const last = whereabouts.with === null ? 'nobody' : agent(whereabouts.with);
      return `This chat is not yours any more: it has ended, and ${last} had it last.`;
    }
    default:
      return whereabouts satisfies never;
  }
}

/** @param retryAt epoch ms at which the oldest key may go for a new one; null where that is not known */
function tooManyKeys(retryAt: number | null): WireError {
  const until = retryAt === null ? 'for now' : `until ${new Date(retryAt).toISOString()}`;
  return new WireError(
    'tooManyRequests',
    `So many requests with an Idempotency-Key came within an hour that no more can be remembered ${until}: wait, or send this one without a key.`,
    { 'retry-after': String(KEYS_RETRY_SECONDS) },
  );
}

/** Keys grow old one after another: soon there is room for some. */
const KEYS_RETRY_SECONDS = 60;

/** Why a status reason cannot be given. */
const REASON_REFUSED = {
  unknown: (id) => `There is no status reason ${id}`,
  'other-state': (id, state) => `Status reason ${id} is none for being ${state}`,
  disabled: (id) => `Status reason ${id} is disabled`,
} as const satisfies Record<
  Refused<'status-reason-refused'>,
  (id: number, state: Availability) => string
>;

/** Why a skill is not given a chat. */
const SKILL_REFUSED = {
  unknown: (id) => `There is no skill ${id} in this account`,
  kept: (id) => `The skill of this chat gives none of its chats away, not to skill ${id} either`,
  nobody: (id) => `No other agent is Online or Occupied for skill ${id}`,
} as const satisfies Record<Refused<'skill-unavailable'>, (id: number) => string>;

/** What a role does not do, and who does. */
const ROLE_REFUSED = {
  end: (role) => `The ${role} of a chat does not end it: its agent does, or who supervises it.`,
  lead: (role) =>
    `You are in this chat as ${role}: only its agent transfers it and answers its survey, and only who supervises it takes it over.`,
  invite: (role) => `The ${role} of a chat invites nobody: its agent does, or who supervises it.`,
  'send away': (role) =>
    `The ${role} of a chat does not send this one away: its agent does whom somebody invited; the agent and who supervises go by themselves.`,
  suggest: (role) =>
    `The ${role} of a chat suggests nothing in it: say it, or whisper with ONLY_TO_REP.`,
  decide: (role) =>
    `You are in this chat as ${role}: only its agent decides what becomes of a suggestion.`,
  leave: (role) => `The ${role} of a chat leaves it by a transfer, or ends it.`,
} as const satisfies Record<
  Exclude<Extract<Rejection, { readonly rejected: 'role-refused' }>['to'], 'speak'>,
  (role: string) => string
>;

/** Why an agent is not given a chat. */
const AGENT_REFUSED = {
  unknown: (id) => `There is no agent ${id} who may work in this account`,
  giver: (id) => `Agent ${id} has this chat already`,
  absent: (id) => `Agent ${id} is not Online or Occupied`,
  full: (id) => `Agent ${id} has as many chats as maxChats allows`,
  there: (id) => `Agent ${id} is in this chat already, or is asked to come`,
} as const satisfies Record<Refused<'agent-unavailable'>, (id: number) => string>;

type Refused<R extends Rejection['rejected']> = Extract<
  Rejection,
  { readonly rejected: R; readonly because: string }
>['because'];

/** How long to wait for room, seconds: chats end, and visits grow old. */
const WAIT_FOR_ROOM = '30';

function noRoom({ full, held }: NoRoom): WireError {
  const headers = { 'retry-after': WAIT_FOR_ROOM };
  if (full === 'account') {
    return new WireError(
      'accountFull',
      `The chats of this account's visitors hold as much as they may, so nothing was kept of this; try again in ${WAIT_FOR_ROOM} seconds.`,
      headers,
    );
  }
  return new WireError(
    'tooManyRequests',
    `Live chats from this address hold ${held.toLocaleString('en')} bytes with their visits, which is all they may for now: end some of them, or try again when others have ended. A server that speaks for many visitors needs a trusted app key and says their addresses in visitorIp; a proxy before Parley must be one of its trusted proxies.`,
    headers,
  );
}

function chatFullMessage({ entries, bytes }: FeedAmount): string {
  const most = `${entries.toLocaleString('en')} events and ${bytes.toLocaleString('en')} bytes`;
  return entries < MAX_IN_FEED.entries
    ? `Until an agent accepts it, a chat takes ${most} at most: wait for an agent.`
    : `A chat takes ${most} at most: end it and start a new one.`;
}

/**
 * The account in the request's path, if it is loaded. A request that the HTTP library refused
 * before it found a route has no parameters at all.
 */
export function accountOf(server: HttpContext, request: AskedRequest): LiveAccount | undefined {
  const account = (request.params as { readonly account?: string } | null)?.account;
  return account === undefined ? undefined : server.accounts.loaded(account);
}

/** Sends an error in the representation that the caller reads; logs what is our fault. */
export function sendError(
  server: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): void {
  const { status, body, headers } = errorAnswer(server, request, error);
  allowOrigin(server, request, reply);
  reply
    .code(status)
    .headers(headers)
    // What fails before there is a route passes no hook that would set them.
    .headers(ALWAYS)
    .send(body);
}

/** The error in the representation that the caller reads; logs what is our fault. */
export function errorAnswer(
  server: HttpContext,
  request: AskedRequest,
  error: unknown,
): {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const wire = toWireError(error, request.routeOptions.url);
  // What keeps a whole account was logged when it was found, and meets everybody who asks.
  const known =
    error instanceof AccountElsewhere ||
    (error instanceof AccountUnavailable && error.cause instanceof StoreDamage);
  if (wire.status >= 500 && !known) {
    const cause = error instanceof AccountUnavailable ? error.cause : error;
    const facts = { route: request.routeOptions.url, ...idsOf(request.raw) };
    server.failures.note(wire.code, wire.message, cause, facts);
  }
  server.metrics.requests.refused(wire.code);
  const chosen = representationOf(request);
  const representation = chosen === 'none' ? 'json' : chosen;
  const timeZone = accountOf(server, request)?.setup.engine.settings.timeZone ?? 'UTC';
  const { code, message } = wire;
  const form = errorFormOf(request.url.split('?', 1)[0] ?? '');
  const time = server.clock.now();
  const { requestId } = idsOf(request.raw);
  const answer = errorDocument({ code, message, time, timeZone, form, requestId });
  const headers = { ...wire.headers, 'content-type': answer.contentType(representation) };
  return { status: answer.status, body: answer.write(representation), headers };
}
