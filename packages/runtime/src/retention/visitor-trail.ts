/**
 * What an account's journal has of one visitor: their chats, and what is known of them by the ids that
 * these name. Nothing but the journal knows it all, so it is looked through from its begin.
 */
import {
  type AccountEvent,
  type AccountEventType,
  isOfVisitor,
  isVisitOf,
  PERSONAL_EVENTS,
  tracesOf,
  type VisitorTraces,
} from '@parley/engine';
import type { Journal, JournalEntry } from '@parley/store';
import { readEntry } from '../accounts/read-entry.js';
import { Pauses } from '../pauses.js';

/** More texts than these are not looked for one by one: everything is read instead. */
const MAX_TEXTS = 50;

export interface VisitorTrail {
  readonly visitorId: string;
  /** The visitor's chats, each with the entry that began it. */
  readonly chats: ReadonlyMap<string, { readonly entry: JournalEntry; readonly event: Requested }>;
  readonly traces: VisitorTraces;
  /** How far the journal was looked through. */
  readonly reached: number;
}

type Requested = Extract<AccountEvent, { type: 'chat.requested' }>;

/** An entry and its event. */
export interface ReadEntry {
  readonly entry: JournalEntry;
  readonly event: AccountEvent;
}

export interface Looking {
  readonly journal: Journal;
  readonly accountId: string;
  /** Only up to this position; to the end when absent. */
  readonly until?: number;
}

/** What was found in a piece of the journal. */
export interface Piece {
  readonly read: readonly ReadEntry[];
  /** Positions of entries whose loss was accepted and that still hold something. */
  readonly lost: readonly number[];
  readonly reached: number;
}

/**
 * @param before what was found of the visitor before: it is only looked on from there
 * @throws StoreDamage where the journal is not as it was written
 */
export async function findTrail(
  looking: Looking,
  visitorId: string,
  before?: VisitorTrail,
): Promise<VisitorTrail> {
  const chats = new Map(before?.chats);
  let { reached } = before ?? { reached: 0 };
  const search = { types: ['chat.requested'], texts: [visitorId], after: reached } as const;
  for await (const piece of look(looking, search)) {
    for (const { entry, event } of piece.read) {
      if (event.type !== 'chat.requested' || !isOfVisitor(event.visitor, visitorId)) continue;
      chats.set(event.chatId, { entry, event });
    }
    reached = piece.reached;
  }
  const traces = tracesOf(
    [...chats.values()].map(({ event: { visitor, conversationId = null } }) => ({
      visitor,
      conversationId,
    })),
  );
  return { visitorId, chats, traces, reached };
}

/**
 * All entries that say something about the visitor, in their order, a piece of the journal at a time.
 * @param after only those behind this position
 * @param types only those of these types
 * @throws StoreDamage where the journal is not as it was written
 */
export async function* entriesOf(
  looking: Looking,
  trail: VisitorTrail,
  after = 0,
  types = PERSONAL_EVENTS,
): AsyncGenerator<Piece> {
  const { visitorId, chats, traces } = trail;
  const texts = [
    visitorId,
    ...chats.keys(),
    ...traces.sharkVisitorIds,
    ...traces.sessionIds,
    ...traces.conversationIds,
  ];
  for await (const piece of look(looking, { types, texts, after })) {
    yield { ...piece, read: piece.read.filter(({ event }) => isAbout(trail, event)) };
  }
}

/** The entries that say that some visits are over. */
export async function* endsOfVisits(
  looking: Looking,
  sessionIds: ReadonlySet<string>,
): AsyncGenerator<readonly ReadEntry[]> {
  const search = { types: ['visits.forgotten'], texts: [...sessionIds], after: 0 } as const;
  for await (const { read } of look(looking, search)) yield read;
}

/** Whether an event is one of a kind that says something about visitors, and says it about this one. */
function isAbout({ visitorId, chats, traces }: VisitorTrail, event: AccountEvent): boolean {
  if ('chatId' in event) return chats.has(event.chatId);
  switch (event.type) {
    case 'visit.seen':
      return isVisitOf(event, visitorId, traces);
    case 'offline.surveyLeft':
      return (
        isOfVisitor(event.visitor, visitorId) ||
        traces.sessionIds.has(event.visitor.sharkSessionId ?? '')
      );
    case 'participant.identified':
      return event.visitorId === visitorId || traces.conversationIds.has(event.conversationId);
    default:
      return false;
  }
}

interface Search {
  readonly types: readonly AccountEventType[];
  /** What one of them holds as the whole of a text. */
  readonly texts: readonly string[];
  readonly after: number;
}

async function* look(
  { journal, accountId, until = Number.POSITIVE_INFINITY }: Looking,
  { types, texts, after: from }: Search,
): AsyncGenerator<Piece> {
  const pauses = new Pauses();
  const holding = texts.map((text) => JSON.stringify(text));
  const narrowed = texts.length > MAX_TEXTS ? {} : { holding };
  for (let after = from, ended = after >= until; !ended; ) {
    const found = await journal.find(accountId, { after, types, ...narrowed });
    const read: ReadEntry[] = [];
    for (const entry of found.entries) {
      if (entry.seq <= until) read.push({ entry, event: readEntry(accountId, entry) });
      await pauses.take();
    }
    after = Math.min(found.reached, until);
    yield { read, lost: found.lost.filter((seq) => seq <= until), reached: after };
    ended = found.ended || after === until;
  }
}
