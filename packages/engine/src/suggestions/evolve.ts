/** What chats become by what is suggested in them, and what is counted of it. */
import type { Chat } from '../chats/chat.js';
import { bytesOf } from '../memory/bytes.js';
import { requireChat } from '../require.js';
import type { AccountState } from '../state.js';
import type { SuggestionEvent } from './events.js';
import { MAX_CLOSED_SUGGESTIONS, MAX_SUGGESTION_BYTES } from './limits.js';
import {
  type ChatSuggestions,
  NO_FIGURES,
  type Suggestion,
  type SuggestionFigures,
} from './suggestion.js';

/** What the deadlines of suggestions begin with. */
export const SUGGESTION = 'suggestion';

/** Chat ids have no space in them. */
function keyOf(chatId: string, suggestionId: number): string {
  return `${SUGGESTION}:${chatId} ${suggestionId}`;
}

/**
 * Folds an event into the state, in place. Neither `seq` nor `lastUpdate` of the chat changes: what
 * visitors are shown of a chat must be the same, to the letter, whether somebody suggests or not.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveSuggestions(state: AccountState, event: SuggestionEvent, at: number): void {
  const chat = requireChat(state, event.chatId);
  const { seq } = state;
  const before = chat.suggestions ?? { count: 0, list: [] };
  switch (event.type) {
    case 'chat.suggested': {
      const { suggestion } = event;
      const { id, byUserId, replacesId, expiresAt } = suggestion;
      const others = before.list.map((each) =>
        each.id === replacesId ? { ...each, state: 'replaced' as const, closedAt: at, seq } : each,
      );
      if (replacesId !== undefined) {
        state.deadlines.clear(keyOf(chat.id, replacesId));
        count(state, byUserId, 'replaced');
      }
      if (expiresAt !== undefined) state.deadlines.set(keyOf(chat.id, id), expiresAt);
      count(state, byUserId, 'suggested');
      const list: Suggestion[] = [...others, { ...suggestion, at, state: 'open', seq }];
      hold(state, chat, { count: id, list, seq });
      return;
    }
    case 'chat.suggestionClosed': {
      const { suggestionId, authorId, outcome, lineId } = event;
      const list = before.list.map((each) =>
        each.id === suggestionId
          ? {
              ...{ ...each, state: outcome, closedAt: at, seq },
              ...(lineId === undefined ? {} : { lineId }),
            }
          : each,
      );
      state.deadlines.clear(keyOf(chat.id, suggestionId));
      count(state, authorId, outcome);
      hold(state, chat, { count: before.count, list, seq });
      return;
    }
    default:
      event satisfies never;
  }
}

/** Of those that are not open any more the latest stay, as far as there is room. */
function hold(state: AccountState, chat: Chat, { count, list, seq }: ChatSuggestions): void {
  const latestFirst = list.filter((each) => each.state !== 'open').sort((a, b) => b.seq - a.seq);
  const kept = new Set<Suggestion>();
  let bytes = 0;
  for (const each of latestFirst.slice(0, MAX_CLOSED_SUGGESTIONS)) {
    bytes += bytesOf(each);
    if (bytes > MAX_SUGGESTION_BYTES) break;
    kept.add(each);
  }
  const left = list.filter((each) => each.state === 'open' || kept.has(each));
  chat.suggestions = { count, seq, list: left };
  state.memory.chatChanged(chat);
}

function count(state: AccountState, userId: number, what: keyof SuggestionFigures): void {
  const before = state.suggestionFigures.get(userId) ?? NO_FIGURES;
  state.suggestionFigures.set(userId, { ...before, [what]: before[what] + 1 });
}

/** The chat is over: its suggestions stay what they are. */
export function endSuggestions(state: AccountState, chat: Chat): void {
  for (const { id } of openOf(chat)) state.deadlines.clear(keyOf(chat.id, id));
}

/** Sets the deadlines of a chat that was read from a snapshot. */
export function setSuggestionDeadlines(state: AccountState, chat: Chat): void {
  if (chat.phase.name === 'ended') return;
  for (const { id, expiresAt } of openOf(chat)) {
    if (expiresAt !== undefined) state.deadlines.set(keyOf(chat.id, id), expiresAt);
  }
}

/** Moves the times along when the clock was set, by so many ms; their deadlines have moved already. */
export function moveSuggestions(chat: Chat, by: number): void {
  if (chat.suggestions === undefined) return;
  const list = chat.suggestions.list.map((each) =>
    each.expiresAt === undefined ? each : { ...each, expiresAt: each.expiresAt + by },
  );
  chat.suggestions = { ...chat.suggestions, list };
}

function openOf({ suggestions }: Chat): readonly Suggestion[] {
  return suggestions?.list.filter(({ state }) => state === 'open') ?? [];
}
