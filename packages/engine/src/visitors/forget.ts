/**
 * Forgetting a visitor at once, whose data is to be erased: from here on the live state holds nothing
 * of them. What the journal still holds is erased there (journal/erase.ts).
 */
import type { Chat } from '../chats/chat.js';
import type { Replies } from '../commands.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';
import { type VisitorTraces, isOfVisitor, isVisitOf } from './traces.js';

/** Mails that wait are not sent any more. A visitor who is in a chat is not forgotten. */
export function forgetVisitor(
  { state }: DecisionContext,
  visitorId: string,
  traces: VisitorTraces,
): Decision<Replies['visitor.forget']> {
  const chats = [...state.chats.values()].filter(({ visitor }) => isOfVisitor(visitor, visitorId));
  const live = chats.find(({ phase }) => phase.name !== 'ended');
  if (live !== undefined) return { rejected: 'visitor-in-chat', chatId: live.id };
  const visits = [...state.visits.values()]
    .filter((visit) => isVisitOf(visit, visitorId, traces))
    .map(({ sessionId }) => sessionId);
  // One that somebody else's chat goes on in is theirs as well.
  const isIdle = (sessionId: string) => state.memory.useOfVisit(sessionId) === 'idle';
  const sessionIds = visits.filter(isIdle);
  const conversationIds = [...state.participants.values()]
    .filter((each) => each.visitorId === visitorId)
    .map(({ conversationId }) => conversationId);
  const chatIds = chats.map(({ id }) => id);
  const events: readonly AccountEvent[] = [
    ...withheldMails(state, chats),
    ...(chatIds.length === 0 ? [] : [{ type: 'chats.forgotten', chatIds } as const]),
    ...(sessionIds.length === 0 ? [] : [{ type: 'visits.forgotten', sessionIds } as const]),
    ...(conversationIds.length === 0
      ? []
      : [{ type: 'participants.forgotten', conversationIds } as const]),
  ];
  const kept = visits.filter((sessionId) => !isIdle(sessionId));
  return { events, reply: { until: state.seq + events.length, kept } };
}

function withheldMails(state: AccountState, chats: readonly Chat[]): AccountEvent[] {
  const ids = new Set(chats.map(({ id }) => id));
  return [...state.outbox.values()]
    .filter(({ chatId }) => ids.has(chatId))
    .map(({ id, chatId }) => ({
      ...{ type: 'transcript.failed', mailId: id, chatId },
      reason: 'the visitor’s data was erased',
    }));
}
