/** What there is of a visitor, and how it is known to be theirs. */
import type { VisitorFacts } from '../chats/visitor.js';
import type { OfflineVisitor } from '../surveys/surveys.js';

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
