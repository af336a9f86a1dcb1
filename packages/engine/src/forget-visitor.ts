/**
 * Forgetting a visitor at once, whose data is to be erased: from here on the live state holds nothing
 * of them. What the journal still holds is erased there (journal/erase.ts).
 */
import type { Replies } from './commands.js';
import type { Decision, Situation } from './decide.js';
import type { AccountEvent, VisitorFacts } from './events.js';
import type { OfflineVisitor } from './surveys.js';
import type { AccountState, Chat } from './state.js';

/** What the visitor's chats name, besides the visitor: these are the visitor's too. */
export interface VisitorTraces {
  /** Visitors' ids that the browser or app gave itself. */
  readonly sharkVisitorIds: ReadonlySet<string>;
  readonly sessionIds: ReadonlySet<string>;
  readonly conversationIds: ReadonlySet<string>;
}

/** Whether a chat, or an offline survey, is of the visitor: by either of the ids that it may name. */
export function isOfVisitor(
  { visitorId, sharkVisitorId }: Pick<OfflineVisitor, 'visitorId' | 'sharkVisitorId'>,
  id: string,
): boolean {
  return visitorId === id || sharkVisitorId === id;
}

/** What the visitor's chats name. */
export function tracesOf(
  chats: Iterable<{ readonly visitor: VisitorFacts; readonly conversationId: string | null }>,
): VisitorTraces {
  const traces = {
    sharkVisitorIds: new Set<string>(),
    sessionIds: new Set<string>(),
    conversationIds: new Set<string>(),
  };
  for (const { visitor, conversationId } of chats) {
    if (visitor.sharkVisitorId !== null) traces.sharkVisitorIds.add(visitor.sharkVisitorId);
    if (visitor.sharkSessionId !== null) traces.sessionIds.add(visitor.sharkSessionId);
    if (conversationId !== null) traces.conversationIds.add(conversationId);
  }
  return traces;
}

/** Whether a visit is of the visitor, by its own id or by what the visitor's chats name. */
export function isVisitOf(
  visit: { readonly visitorId: string; readonly sessionId: string },
  id: string,
  { sharkVisitorIds, sessionIds }: VisitorTraces,
): boolean {
  const { visitorId, sessionId } = visit;
  return visitorId === id || sharkVisitorIds.has(visitorId) || sessionIds.has(sessionId);
}

/** Mails that wait are not sent any more. A visitor who is in a chat is not forgotten. */
export function forgetVisitor(
  { state }: Situation,
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
