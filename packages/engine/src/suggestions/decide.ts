/** Decisions about suggestions. They are no entries of the feed: nothing of them is ever a visitor's. */
import type { Chat } from '../chats/chat.js';
import { authorOfLine } from '../chats/entries.js';
import { chatForWriting } from '../chats/former-agents.js';
import { isOver } from '../chats/service.js';
import type { AccountCommand } from '../commands.js';
import type { DecisionContext } from '../context.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { bytesOf } from '../memory/bytes.js';
import { MAX_OPEN_SUGGESTIONS, MAX_SUGGESTION_BYTES, MAX_SUGGESTIONS } from './limits.js';
import type { Suggestion } from './suggestion.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

/** Suggests something to the agent, whoever that is and will be. */
export function suggest(
  context: DecisionContext,
  command: Command<'chat.suggest'>,
): Decision<{ suggestionId: number }> {
  const { chatId, sessionId, text, textType, source, confidence, replacesId, expiresIn } = command;
  const { delegationId } = command;
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, role, session, suggests } = found;
  const delegation = session.delegations?.find(({ id }) => id === delegationId);
  // What an agent may do themselves, a program may do as far as it was let.
  const may = delegationId === undefined ? suggests : delegation?.rights.includes('suggest');
  if (may !== true) return { rejected: 'role-refused', chatId, role, to: 'suggest' };
  const program = delegation?.name;
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  const { userId } = session;
  const { count, list } = chat.suggestions ?? { count: 0, list: [] };
  if (replacesId !== undefined) {
    const replaced = list.find(({ id, byUserId }) => id === replacesId && byUserId === userId);
    if (replaced === undefined) return { rejected: 'unknown-suggestion', suggestionId: replacesId };
    if (replaced.state !== 'open') return closed(replaced);
  }
  const id = count + 1;
  const suggestion = {
    ...{ id, byUserId: userId, text, textType },
    ...(program === undefined ? {} : { program }),
    ...(source === undefined ? {} : { source }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(replacesId === undefined ? {} : { replacesId }),
    ...(expiresIn === undefined ? {} : { expiresAt: context.now + expiresIn * 1000 }),
  };
  if (count >= MAX_SUGGESTIONS) return { rejected: 'too-many-suggestions', of: 'chat' };
  const open = list.filter((each) => each.state === 'open' && each.id !== replacesId);
  if (open.filter(({ byUserId }) => byUserId === userId).length >= MAX_OPEN_SUGGESTIONS) {
    return { rejected: 'too-many-suggestions', of: 'open' };
  }
  if (bytesOf(open) + bytesOf(suggestion) > MAX_SUGGESTION_BYTES) {
    return { rejected: 'too-many-suggestions', of: 'bytes' };
  }
  return { events: [{ type: 'chat.suggested', chatId, suggestion }], reply: { suggestionId: id } };
}

/** The agent takes a suggestion, or does not. The same decision again changes nothing. */
export function decideSuggestion(
  context: DecisionContext,
  command: Command<'chat.decideSuggestion'>,
): Decision<Record<never, never>> {
  const { chatId, sessionId, suggestionId, outcome, lineId } = command;
  const found = chatForWriting(context, sessionId, chatId);
  if ('rejected' in found) return found;
  const { chat, role, session } = found;
  if (role !== 'agent') return { rejected: 'role-refused', chatId, role, to: 'decide' };
  const suggestion = chat.suggestions?.list.find(({ id }) => id === suggestionId);
  if (suggestion === undefined) return { rejected: 'unknown-suggestion', suggestionId };
  if (suggestion.state === outcome && suggestion.lineId === lineId)
    return { events: [], reply: {} };
  if (isOver(chat)) return { rejected: 'chat-ended', chatId };
  if (suggestion.state !== 'open') return closed(suggestion);
  const { userId } = session;
  if (lineId !== undefined && !isLineOf(chat, lineId, userId)) {
    return { rejected: 'not-own-line', eventId: lineId };
  }
  const event: AccountEvent = {
    ...{ type: 'chat.suggestionClosed', chatId, suggestionId, outcome },
    ...{ authorId: suggestion.byUserId, byUserId: userId },
    ...(lineId === undefined ? {} : { lineId }),
  };
  return { events: [event], reply: {} };
}

function closed({ id, state }: Suggestion) {
  return { rejected: 'suggestion-closed', suggestionId: id, state } as const;
}

/** Whether the event is a line that the user said to the visitor. */
function isLineOf(chat: Chat, eventId: number, userId: number): boolean {
  const entry = chat.feed[eventId];
  return entry?.type === 'line' && entry.subType === 'REGULAR' && authorOfLine(entry) === userId;
}

/** A deadline of a suggestion came due. */
export function suggestionOver(
  { now }: DecisionContext,
  chat: Chat,
  suggestionId: number,
): AccountEvent[] {
  const found = chat.suggestions?.list.find(({ id }) => id === suggestionId);
  if (found?.expiresAt === undefined || found.state !== 'open' || isOver(chat)) return [];
  if (now < found.expiresAt) return [];
  const of = { chatId: chat.id, suggestionId, authorId: found.byUserId };
  return [{ type: 'chat.suggestionClosed', ...of, outcome: 'expired', byUserId: null }];
}
