/**
 * What an account holds of what strangers brought: visits, chats and mails that wait, each with its
 * weight in bytes, by network. It is derived: `evolve` keeps it up to date as things change, and it
 * is made anew from what a snapshot holds.
 *
 * 1. What belongs to a live chat is in use, and so is a mail that waits: nothing of it ever goes.
 *    Of visits those belong to it that it names by session or by visitor.
 * 2. Everything else is idle: visits nobody chats in, chats that are over. It goes when it grew old,
 *    or when there is no room (room.ts).
 */
import type { Chat } from '../chats/chat.js';
import type { FeedEntry } from '../chats/entries.js';
import { Heap } from '../heap.js';
import type { TranscriptMail } from '../mail/mail.js';
import {
  BYTES_PER_KEYED_ENTRY,
  type RetryRecord,
  bytesOfRetry,
  sharerOf,
} from '../retries/retries.js';
import type { Visit } from '../visits/visit.js';
import { bytesOf } from './bytes.js';
import {
  type EndedChat,
  type Sharer,
  Sharers,
  type Use,
  endedBefore,
  endedChatOf,
} from './sharers.js';

/** What a chat, a visit and a mail cost beside what they say: tables, indexes, timers; bytes. */
export const BYTES_PER_CHAT = 2_000;

export const BYTES_PER_VISIT = 1_000;

export const BYTES_PER_MAIL = 1_000;

interface Held {
  network: Sharer;
  use: Use;
  bytes: number;
}

interface HeldChat extends Held {
  /** Bytes of its feed. */
  feed: number;
  ended: EndedChat | null;
}

/** What a visit says, by part, bytes. */
export interface VisitBytes {
  readonly facts: number;
  readonly pages: number;
  readonly attributes: number;
}

interface HeldVisit extends Held {
  readonly visitorId: string;
  readonly parts: VisitBytes;
}

/** What is to go first, for others to have room. */
export type Victim =
  | { readonly kind: 'visit'; readonly sessionId: string }
  | { readonly kind: 'chat'; readonly chatId: string };

export class Memory {
  readonly sharers = new Sharers();
  readonly #chats = new Map<string, HeldChat>();
  readonly #visits = new Map<string, HeldVisit>();
  readonly #mails = new Map<string, Held>();
  /** How many live chats name a session (`s:`) or a visitor (`v:`). */
  readonly #named = new Map<string, number>();
  /** Visits of each visitor, longest silent first. */
  readonly #visitsOf = new Map<string, Set<string>>();
  /** Idle visits of all networks, longest silent first, and chats that are over, in the order they ended. */
  readonly #idleVisits = new Set<string>();
  readonly #ended = new Heap<EndedChat>(endedBefore);

  /** Bytes held, by use. */
  get bytes(): Readonly<Record<Use, number>> {
    return this.sharers.bytes;
  }

  /** Bytes of the chat's feed. */
  feedBytes(chatId: string): number {
    return this.#chats.get(chatId)?.feed ?? 0;
  }

  /** What the visit says, by part, bytes; nothing of one that is not known. */
  visitBytes(sessionId: string): VisitBytes {
    return this.#visits.get(sessionId)?.parts ?? { facts: 0, pages: 0, attributes: 0 };
  }

  /** Bytes that become of live use when a chat names this session and these visitors. */
  bytesToUse(sessionId: string | null, visitorIds: readonly (string | null)[]): number {
    let bytes = 0;
    for (const id of this.#namedBy(sessionId, visitorIds)) {
      const held = this.#visits.get(id);
      if (held?.use === 'idle') bytes += held.bytes;
    }
    return bytes;
  }

  useOfVisit(sessionId: string): Use {
    return this.#visits.get(sessionId)?.use ?? 'idle';
  }

  /** Idle visits, longest silent first. */
  idleVisits(): Iterable<string> {
    return this.#idleVisits;
  }

  /** The sessions of a visitor's visits, longest silent first. */
  visitsOf(visitorId: string): ReadonlySet<string> {
    return this.#visitsOf.get(visitorId) ?? NONE;
  }

  /** Whether a live chat names the session itself. */
  isNamed(sessionId: string): boolean {
    return this.#named.has(`s:${sessionId}`);
  }

  addChat(chat: Chat): void {
    const network = this.sharers.of(chat.visitor.ip);
    const ended = endedChatOf(chat);
    const feed = chat.feed.reduce((bytes, entry) => bytes + bytesOfEntry(entry), 0);
    const held: HeldChat = {
      network,
      use: ended === null ? 'live' : 'idle',
      bytes: feed + wordsOf(chat),
      feed,
      ended,
    };
    this.#chats.set(chat.id, held);
    this.#count(held, 1);
    if (ended === null) this.#name(chat, 1);
    else this.#addEnded(network, ended);
  }

  /** Entries were added to its feed. */
  feedGrew(chatId: string, entries: readonly FeedEntry[]): void {
    const held = this.#chats.get(chatId);
    if (held === undefined) return;
    const more = entries.reduce((bytes, entry) => bytes + bytesOfEntry(entry), 0);
    held.feed += more;
    this.#weigh(held, held.bytes + more);
  }

  /** Its name, variables or surveys changed. */
  chatChanged(chat: Chat): void {
    const held = this.#chats.get(chat.id);
    if (held !== undefined) this.#weigh(held, held.feed + wordsOf(chat));
  }

  /**
   * The chat is over.
   * @returns the sessions of the visits that are of no live chat any more, longest silent first
   */
  endChat(chat: Chat): readonly string[] {
    const held = this.#chats.get(chat.id);
    const ended = endedChatOf(chat);
    if (held === undefined || ended === null || held.ended !== null) return [];
    this.#use(held, 'idle');
    held.ended = ended;
    this.#addEnded(held.network, ended);
    return this.#name(chat, -1);
  }

  forgetChat(chatId: string): void {
    const held = this.#chats.get(chatId);
    if (held === undefined) return;
    this.#chats.delete(chatId);
    if (held.ended !== null) {
      this.#ended.delete(held.ended);
      held.network.ended.delete(held.ended);
    }
    this.#count(held, -1);
  }

  /** A visit is new, or was reported of: it is the one of its visitor that was seen last. */
  seeVisit({ sessionId, visitorId, facts }: Visit, parts: VisitBytes): void {
    const bytes = BYTES_PER_VISIT + parts.facts + parts.pages + parts.attributes;
    const before = this.#visits.get(sessionId);
    if (before !== undefined) this.#leave(sessionId, before);
    const use = this.#claimed(sessionId, visitorId) ? 'live' : 'idle';
    const held: HeldVisit = { network: this.sharers.of(facts.ip), use, bytes, visitorId, parts };
    this.#visits.set(sessionId, held);
    this.#count(held, 1);
    if (use === 'idle') this.#addIdle(sessionId, held.network);
    const own = this.#visitsOf.get(visitorId) ?? new Set();
    own.delete(sessionId);
    this.#visitsOf.set(visitorId, own.add(sessionId));
  }

  /** @returns the session of the visitor's visit that was seen last among those that are left */
  forgetVisit({ sessionId, visitorId }: Visit): string | null {
    const held = this.#visits.get(sessionId);
    if (held !== undefined) this.#leave(sessionId, held);
    this.#visits.delete(sessionId);
    const own = this.#visitsOf.get(visitorId);
    own?.delete(sessionId);
    if (own?.size === 0) this.#visitsOf.delete(visitorId);
    let last: string | null = null;
    for (const left of own ?? []) last = left;
    return last;
  }

  addMail(mail: TranscriptMail): void {
    const network = this.sharers.of(mail.ip ?? null);
    const held: Held = { network, use: 'live', bytes: bytesOfMail(mail) };
    this.#mails.set(mail.id, held);
    this.#count(held, 1);
  }

  forgetMail(mailId: string): void {
    const held = this.#mails.get(mailId);
    if (held === undefined) return;
    this.#mails.delete(mailId);
    this.#count(held, -1);
  }

  /** It is in use as long as it is kept: whoever asks again relies on it. */
  addRetry(record: RetryRecord): void {
    this.sharers.count(this.sharers.of(sharerOf(record)), 'live', bytesOfRetry(record));
  }

  forgetRetries(records: readonly RetryRecord[]): void {
    for (const record of records) {
      this.sharers.count(this.sharers.of(sharerOf(record)), 'live', -bytesOfRetry(record));
    }
  }

  /**
   * The idle thing that goes first: of a network, or a site, that holds more than a share, the one of
   * the largest that has been unused the longest; when nobody does, that of the whole account.
   * @param share bytes that one sharer may hold before it goes first
   */
  victim(share: number, visits: ReadonlyMap<string, Visit>): Victim | null {
    const largest = this.sharers.largest();
    if (largest === null) return null;
    return largest.bytes > share
      ? oldestOf(largest.network.visits, largest.network.ended, visits)
      : oldestOf(this.#idleVisits, this.#ended, visits);
  }

  /** Counts a chat's claims on visits, and moves those visits between uses. */
  #name({ visitor }: Chat, by: 1 | -1): readonly string[] {
    const { sharkSessionId, sharkVisitorId, visitorId } = visitor;
    const keys = new Set([`v:${visitorId}`]);
    if (sharkSessionId !== null) keys.add(`s:${sharkSessionId}`);
    if (sharkVisitorId !== null) keys.add(`v:${sharkVisitorId}`);
    for (const key of keys) {
      const count = (this.#named.get(key) ?? 0) + by;
      if (count === 0) this.#named.delete(key);
      else this.#named.set(key, count);
    }
    const released: string[] = [];
    for (const sessionId of this.#namedBy(sharkSessionId, [sharkVisitorId, visitorId])) {
      const held = this.#visits.get(sessionId);
      if (held === undefined) continue;
      if (by === 1 && held.use === 'idle') {
        this.#use(held, 'live');
        this.#idleVisits.delete(sessionId);
        held.network.visits.delete(sessionId);
      } else if (by === -1 && !this.#claimed(sessionId, held.visitorId)) released.push(sessionId);
    }
    return released;
  }

  /** The sessions of the visits that a chat with these names has a claim on. */
  #namedBy(sessionId: string | null, visitorIds: readonly (string | null)[]): ReadonlySet<string> {
    const sessions = new Set<string>();
    for (const visitorId of visitorIds) {
      if (visitorId === null) continue;
      for (const id of this.visitsOf(visitorId)) sessions.add(id);
    }
    return sessionId === null ? sessions : sessions.add(sessionId);
  }

  #claimed(sessionId: string, visitorId: string): boolean {
    return this.isNamed(sessionId) || this.#named.has(`v:${visitorId}`);
  }

  #addIdle(sessionId: string, network: Sharer): void {
    this.#idleVisits.add(sessionId);
    network.visits.add(sessionId);
  }

  #addEnded(network: Sharer, ended: EndedChat): void {
    this.#ended.set(ended);
    network.ended.set(ended);
  }

  #leave(sessionId: string, held: HeldVisit): void {
    this.#idleVisits.delete(sessionId);
    held.network.visits.delete(sessionId);
    this.#count(held, -1);
  }

  #count({ network, use, bytes }: Held, times: 1 | -1): void {
    this.sharers.count(network, use, times * bytes);
  }

  #weigh(held: Held, bytes: number): void {
    this.sharers.count(held.network, held.use, bytes - held.bytes);
    held.bytes = bytes;
  }

  #use(held: Held, use: Use): void {
    this.#count(held, -1);
    held.use = use;
    this.#count(held, 1);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** What a chat says beside its feed, and costs beside that, bytes. */
function wordsOf(chat: Chat): number {
  const { visitor, visitorName, variables, surveys, participant, suggestions } = chat;
  const words = [visitor, visitorName, variables, surveys, participant];
  const suggested = suggestions === undefined ? 0 : bytesOf(suggestions.list);
  return words.reduce<number>((bytes, each) => bytes + bytesOf(each), BYTES_PER_CHAT + suggested);
}

/** What an entry of a feed weighs, bytes. */
export function bytesOfEntry(entry: FeedEntry): number {
  return bytesOf(entry) + (entry.retry === undefined ? 0 : BYTES_PER_KEYED_ENTRY);
}

/** What a mail that waits weighs, bytes. */
export function bytesOfMail({ email, subject }: Pick<TranscriptMail, 'email' | 'subject'>): number {
  return BYTES_PER_MAIL + bytesOf(email) + bytesOf(subject);
}

/** The one of idle visits and ended chats that has been unused the longest. */
function oldestOf(
  sessions: ReadonlySet<string>,
  chats: Heap<EndedChat>,
  visits: ReadonlyMap<string, Visit>,
): Victim | null {
  const [sessionId] = sessions;
  const chat = chats.first;
  if (sessionId === undefined) return chat === undefined ? null : { kind: 'chat', chatId: chat.id };
  const seen = visits.get(sessionId)?.lastSeen ?? 0;
  return chat !== undefined && chat.at < seen
    ? { kind: 'chat', chatId: chat.id }
    : { kind: 'visit', sessionId };
}

/** What a visit says, by part, bytes. */
export function bytesOfVisit({ facts, pages, attributes }: Visit): VisitBytes {
  return {
    facts: bytesOf(facts),
    pages: pages.reduce((bytes, page) => bytes + bytesOf(page), 0),
    attributes: attributes.reduce((bytes, attribute) => bytes + bytesOf(attribute), 0),
  };
}
