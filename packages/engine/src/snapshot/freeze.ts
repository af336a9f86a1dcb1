/**
 * Writes a state down in small pieces while it goes on changing: what is written is the state as it
 * was when the freeze began.
 *
 * Nothing is copied at the begin but lists of what there is, and what is small. A chat or a visit is
 * written as it stands when its turn comes; one that an event is about to change before its turn is
 * copied first, without its feed, which only ever grows at its end. `evolve` announces each event
 * before it folds it in.
 */
import type { Chat } from '../chats/chat.js';
import type { VisitorFacts } from '../chats/visitor.js';
import type { AccountEvent } from '../events.js';
import type { TranscriptMail } from '../mail/mail.js';
import type { Participant } from '../participants/participant.js';
import type { RetryRecord } from '../retries/retries.js';
import type { HandlingSample, WaitSample } from '../routing/sample.js';
import type { AgentSession } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import type { SuggestionFigures } from '../suggestions/suggestion.js';
import type { Visit } from '../visits/visit.js';
import { itemText, partText } from './items.js';

/** Characters of a piece: one is as large as that and one item more. */
const PIECE_CHARS = 64 * 1024;

/** What becomes of each part of the state: written down, or made from the others when it is read. */
export const PARTS: { readonly [K in keyof AccountState]: 'written' | 'derived' } = {
  seq: 'written',
  rosterSeq: 'derived',
  sessions: 'written',
  sessionOfUser: 'derived',
  offlineSince: 'written',
  chats: 'written',
  queues: 'written',
  transferredWaiting: 'derived',
  waits: 'written',
  handling: 'written',
  groupShares: 'written',
  visits: 'written',
  lastVisitOf: 'derived',
  participants: 'written',
  usedTokens: 'written',
  retries: 'written',
  outbox: 'written',
  suggestionFigures: 'written',
  deadlines: 'derived',
  late: 'derived',
  unattached: 'derived',
  unfinished: 'derived',
  memory: 'derived',
  freeze: 'derived',
};

/** A chat as it was: its fields, and how much of its feed there was. */
interface FrozenChat {
  readonly chat: Chat;
  readonly entries: number;
}

export class StateFreeze {
  /** Journal position of the state that is written. */
  readonly seq: number;
  readonly #state: AccountState;
  readonly #sessions: readonly AgentSession[];
  readonly #queues: readonly (readonly [string, readonly string[]])[];
  readonly #waits: readonly (readonly [string, readonly WaitSample[]])[];
  readonly #handling: readonly (readonly [string, readonly HandlingSample[]])[];
  readonly #offlineSince: readonly (readonly [number, number])[];
  readonly #groupShares: readonly (readonly [number, readonly (readonly [number, number])[]])[];
  readonly #outbox: readonly TranscriptMail[];
  readonly #participants: readonly Participant[];
  /** Two lists: there may be very many, and pairs would have to be made at once. */
  readonly #tokens: readonly string[];
  readonly #tokensUntil: readonly number[];
  readonly #answered: readonly RetryRecord[];
  readonly #suggested: readonly (readonly [number, SuggestionFigures])[];
  /** Chats and visits that are still to be written, in the order they had. */
  readonly #chats: Set<Chat>;
  readonly #visits: Set<Visit>;
  /** Those of them that were changed since, as they were. */
  readonly #chatsBefore = new Map<Chat, FrozenChat>();
  readonly #visitsBefore = new Map<Visit, Visit>();

  /** Begins to write a state down; until `end`, no other freeze of it may begin. */
  constructor(state: AccountState) {
    if (state.freeze !== null) throw new Error('this state is being written down already');
    this.#state = state;
    this.seq = state.seq;
    this.#sessions = [...state.sessions.values()].map((session) => ({
      ...session,
      chatting: [...session.chatting],
      ringing: [...session.ringing],
    }));
    this.#queues = [...state.queues].map(([key, ids]) => [key, [...ids]]);
    this.#waits = [...state.waits].map(([key, samples]) => [key, [...samples]]);
    this.#handling = [...state.handling].map(([key, samples]) => [key, [...samples]]);
    this.#offlineSince = [...state.offlineSince];
    this.#groupShares = [...state.groupShares].map(([skillId, behind]) => [skillId, [...behind]]);
    this.#outbox = [...state.outbox.values()];
    this.#participants = [...state.participants.values()];
    this.#tokens = [...state.usedTokens.keys()];
    this.#tokensUntil = [...state.usedTokens.values()];
    this.#answered = [...state.retries.records.values()];
    this.#suggested = [...state.suggestionFigures];
    this.#chats = new Set(state.chats.values());
    this.#visits = new Set(state.visits.values());
    state.freeze = this;
  }

  /** The state may change freely again. */
  end(): void {
    if (this.#state.freeze === this) this.#state.freeze = null;
  }

  /** Copies what an event is about to change and has not been written yet. */
  before(event: AccountEvent): void {
    if ('chatId' in event) this.#keepChat(event.chatId);
    if ('chatIds' in event) for (const chatId of event.chatIds) this.#keepChat(chatId);
    switch (event.type) {
      case 'visit.seen':
        this.#keepVisit(event.sessionId);
        return;
      case 'chat.requested':
        this.#keepVisitsOf(event.visitor);
        return;
      case 'chat.ended': {
        const visitor = this.#state.chats.get(event.chatId)?.visitor;
        if (visitor !== undefined) this.#keepVisitsOf(visitor);
        return;
      }
      case 'clock.moved':
        // Nearly everything has a time.
        for (const chat of this.#chats) this.#keepChat(chat.id);
        for (const visit of this.#visits) this.#keepVisit(visit.sessionId);
        return;
      default:
    }
  }

  /**
   * The pieces, each some items as JSON. The state may change between any two of them.
   * @param chars about how large a piece is
   */
  *pieces(chars = PIECE_CHARS): Generator<string, void, void> {
    let items: string[] = [];
    let size = 0;
    for (const item of this.#items(chars)) {
      items.push(item);
      size += item.length;
      if (size < chars) continue;
      yield `[${items.join(',')}]`;
      items = [];
      size = 0;
    }
    if (items.length > 0) yield `[${items.join(',')}]`;
  }

  *#items(chars: number): Generator<string, void, void> {
    for (const session of this.#sessions) yield itemText(['session', session]);
    for (const entry of this.#offlineSince) yield itemText(['offline', ...entry]);
    for (const [key, ids] of this.#queues) {
      for (const part of parts(ids, chars)) yield partText('queue', key, part);
    }
    for (const [key, samples] of this.#waits) {
      for (const part of parts(samples, chars)) yield partText('waits', key, part);
    }
    for (const [key, samples] of this.#handling) {
      for (const part of parts(samples, chars)) yield partText('handling', key, part);
    }
    for (const [skillId, behind] of this.#groupShares) {
      yield itemText(['share', skillId, behind]);
    }
    for (const mail of this.#outbox) yield itemText(['mail', mail]);
    for (const each of this.#participants) yield itemText(['participant', each]);
    for (const [index, hash] of this.#tokens.entries()) {
      yield itemText(['token', hash, this.#tokensUntil[index] ?? 0]);
    }
    for (const record of this.#answered) yield itemText(['answered', record]);
    for (const entry of this.#suggested) yield itemText(['suggested', ...entry]);
    for (const chat of this.#chats) yield* this.#chat(chat, chars);
    for (const visit of this.#visits) {
      this.#visits.delete(visit);
      yield itemText(['visit', this.#visitsBefore.get(visit) ?? visit]);
      this.#visitsBefore.delete(visit);
    }
  }

  *#chat(chat: Chat, chars: number): Generator<string, void, void> {
    const before = this.#chatsBefore.get(chat);
    const { entries } = before ?? { entries: chat.feed.length };
    const text = itemText(['chat', { ...(before?.chat ?? chat), feed: [] }]);
    // From here on nothing of it is looked at but the entries that there were.
    this.#chats.delete(chat);
    this.#chatsBefore.delete(chat);
    yield text;
    for (const part of parts(chat.feed, chars, entries)) yield partText('feed', chat.id, part);
  }

  #keepChat(chatId: string): void {
    const chat = this.#state.chats.get(chatId);
    if (chat === undefined || !this.#chats.has(chat) || this.#chatsBefore.has(chat)) return;
    this.#chatsBefore.set(chat, { chat: { ...chat }, entries: chat.feed.length });
  }

  /** The visits that a chat of this visitor is of. */
  #keepVisitsOf({ sharkSessionId, sharkVisitorId, visitorId }: VisitorFacts): void {
    const { memory } = this.#state;
    for (const sessionId of memory.visitsOf(visitorId)) this.#keepVisit(sessionId);
    for (const sessionId of memory.visitsOf(sharkVisitorId ?? '')) this.#keepVisit(sessionId);
    this.#keepVisit(sharkSessionId ?? '');
  }

  #keepVisit(sessionId: string): void {
    const visit = this.#state.visits.get(sessionId);
    if (visit === undefined || !this.#visits.has(visit) || this.#visitsBefore.has(visit)) return;
    this.#visitsBefore.set(visit, { ...visit, pages: [...visit.pages] });
  }
}

/** The first `count` of a list as JSON, in lists of about so many characters. */
function* parts(
  list: readonly unknown[],
  chars: number,
  count = list.length,
): Generator<string, void, void> {
  let items: string[] = [];
  let size = 0;
  for (let index = 0; index < count; index += 1) {
    const item = JSON.stringify(list[index]);
    items.push(item);
    size += item.length;
    if (size < chars) continue;
    yield `[${items.join(',')}]`;
    items = [];
    size = 0;
  }
  if (items.length > 0) yield `[${items.join(',')}]`;
}
