/** What becomes of a command whose request may come again, or came before: see retries.ts. */
import type { AccountCommand, CommandType, Rejection, Replies } from '../commands.js';
import type { AccountEvent } from '../events.js';
import { type Newcomer, refusalFor, standingOf } from '../memory/room.js';
import type { DecisionContext } from '../context.js';
import { answeredBefore, isKeptInFeed } from './answered.js';
import { type Repeated, bytesOfRetry, shareOf, sharerOf } from './retries.js';

/** What the command's request was answered before; null when it comes for the first time. */
export function repeated(
  { state, idempotency, now }: DecisionContext,
  command: AccountCommand,
): Repeated | Rejection | null {
  if (idempotency === undefined) return null;
  return answeredBefore(state, idempotency, 'chatId' in command ? command.chatId : null, now);
}

/**
 * What a request brings that came before: nothing, but for a session that is opened. The cookie of the
 * first answer may never have arrived, and only its hash is kept, so a new one takes its place.
 */
export function decideAgain(
  { state }: DecisionContext,
  command: AccountCommand,
  { reply }: Repeated,
): readonly AccountEvent[] {
  if (command.type !== 'session.open' || command.cookieHash === null) return [];
  const session = 'sessionId' in reply ? state.sessions.get(reply.sessionId) : undefined;
  if (session === undefined || session.cookieHash === null) return [];
  const { cookieHash } = command;
  return [{ type: 'session.cookieRenewed', sessionId: session.id, cookieHash }];
}

/** The event that keeps what a request is answered; none when its entry in the feed does. */
export function keepAnswer(
  { state, room, idempotency, now }: DecisionContext,
  command: AccountCommand,
  reply: Replies[CommandType],
): readonly AccountEvent[] | Rejection {
  if (idempotency === undefined || isKeptInFeed(command)) return [];
  const { caller } = idempotency;
  const retryAt = state.retries.roomAt(caller, now);
  if (retryAt !== null) return { rejected: 'too-many-keys', retryAt };
  const { ip, standing } = whoseMemory(state, command, caller);
  const share = standing === 'user' ? {} : { share: shareOf(ip) };
  const answered = { ...idempotency, ...share, reply };
  const bytes = bytesOfRetry({ ...answered, at: now });
  const refusal = refusalFor(state, room, { ip: sharerOf(share), standing, bytes });
  return refusal ?? [{ type: 'request.answered', ...answered }];
}

/** By whose word it is kept, and in which network. */
function whoseMemory(
  { chats }: DecisionContext['state'],
  command: AccountCommand,
  caller: number | string | null,
): Omit<Newcomer, 'bytes'> {
  if (typeof caller === 'number') return { ip: null, standing: 'user' };
  const chat = caller === null ? undefined : chats.get(caller);
  if (chat !== undefined) return { ip: chat.visitor.ip, standing: standingOf(chat) };
  const ip = 'visitor' in command ? command.visitor.ip : null;
  return { ip, standing: 'stranger' };
}
