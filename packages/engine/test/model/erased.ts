/** The journal of a story with everything erased that is over: it still makes the same state. */
import {
  type AccountEvent,
  type AccountState,
  initialState,
  replay,
  takeSnapshot,
  withoutPersonalData,
} from '@parley/engine';
import { requireThat, requireEqual } from './must.js';

interface Entry {
  readonly event: AccountEvent;
  readonly at: number;
}

type Requested = Extract<AccountEvent, { type: 'chat.requested' }>;

/** What visitors say and are in the stories. */
const WORDS =
  /hello|line \d|for you|Vera|Wim|vera@|192\.0|2001:db8|198\.51|visit-\d|visitor-\d|person-|customer-|topic|shop\.example|Are you satisfied|refused|erased by/;

/** @param journal each entry as its JSON text */
export function checkErased(journal: readonly string[], state: AccountState): void {
  const all = journal.map((text) => JSON.parse(text) as Entry);
  const live = liveChats(
    state,
    all.flatMap(({ event }) => (event.type === 'chat.requested' ? event : [])),
  );
  const entries = all.map(({ event, at }): Entry => {
    if ('chatId' in event ? live.has(event.chatId) : !isOver(state, event)) return { event, at };
    const left = JSON.stringify(withoutPersonalData(event));
    requireThat(!WORDS.test(left), `an erased ${event.type} reveals nothing: ${left}`);
    return { event: JSON.parse(left), at };
  });
  const remade = initialState();
  replay(remade, entries);
  requireEqual(comparable(remade), comparable(state), 'an erased journal makes the same state');
}

/** Chats that are live, or that something live comes from: a mail, or when a visit was last seen. */
function liveChats(state: AccountState, requested: readonly Requested[]): ReadonlySet<string> {
  const mails = [...state.outbox.values()].map(({ chatId }) => chatId);
  const visits = [...state.visits.values()];
  const visited = requested.filter(({ visitor: { visitorId, sharkVisitorId, sharkSessionId } }) =>
    visits.some(
      (visit) =>
        visit.sessionId === sharkSessionId || [visitorId, sharkVisitorId].includes(visit.visitorId),
    ),
  );
  return new Set([...state.chats.keys(), ...mails, ...visited.map(({ chatId }) => chatId)]);
}

/** Whether nothing live comes from the event, which is of no chat. */
function isOver(state: AccountState, event: AccountEvent): boolean {
  switch (event.type) {
    case 'visit.seen':
      return !state.visits.has(event.sessionId);
    case 'visits.forgotten':
      // A session may come back.
      return event.sessionIds.every((sessionId) => !state.visits.has(sessionId));
    case 'participant.identified':
      return (
        !state.participants.has(event.conversationId) &&
        [...state.chats.values()].every(
          ({ participant }) => participant?.conversationId !== event.conversationId,
        )
      );
    default:
      return true;
  }
}

/** How many visits of a visitor were before is not known any more. */
function comparable(state: AccountState) {
  const { visits = [], ...rest } = takeSnapshot(state);
  return { ...rest, visits: visits.map((visit) => ({ ...visit, ordinal: 0 })) };
}
