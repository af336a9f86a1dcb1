/** Makes a state again from the pieces of a snapshot, one piece at a time. */
import type { FeedEntry } from '../chats/entries.js';
import { rebuildDeadlines } from '../evolve.js';
import { type AccountState, initialState } from '../state.js';
import type { SnapshotItem } from './items.js';
import {
  type StateSnapshot,
  WHOLE_VERSION,
  addChat,
  addMail,
  addRetry,
  addSession,
  addVisit,
  fromSnapshot,
} from './whole.js';

/** Version of the pieces that are written. `earlier-chats.ts` says how chats of earlier ones differ. */
export const SNAPSHOT_VERSION = 4;

/** The first version that comes in pieces. */
const FIRST_IN_PIECES = 2;

/** The snapshot cannot be read; the message says why, and repeats nothing that it holds. */
export class UnreadableSnapshot extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableSnapshot';
  }
}

/** Takes the pieces of one snapshot, in order. */
export interface SnapshotReader {
  /** @throws UnreadableSnapshot */
  add(piece: string): void;
  /**
   * The state, once all pieces were added.
   * @param seq journal position that the snapshot is of
   * @throws UnreadableSnapshot
   */
  finish(seq: number): AccountState;
}

/**
 * Begins to read a snapshot.
 * @param version of its pieces
 * @throws UnreadableSnapshot when this build does not read that version
 */
export function readSnapshot(version: number): SnapshotReader {
  if (version >= FIRST_IN_PIECES && version <= SNAPSHOT_VERSION) return new Assembler();
  if (version === WHOLE_VERSION) return new WholeReader();
  throw new UnreadableSnapshot(
    `it is of version ${version}, and this version of Parley reads ${WHOLE_VERSION} to ${SNAPSHOT_VERSION}`,
  );
}

/** Snapshots of before there were pieces: one text. */
class WholeReader implements SnapshotReader {
  #snapshot: StateSnapshot | null = null;

  add(piece: string): void {
    this.#snapshot = parsed(piece) as StateSnapshot;
  }

  finish(): AccountState {
    return readable(() => {
      if (this.#snapshot === null) throw new Error('there is nothing in it');
      return fromSnapshot(this.#snapshot);
    });
  }
}

class Assembler implements SnapshotReader {
  readonly #state = initialState();

  add(piece: string): void {
    const items = parsed(piece);
    readable(() => {
      if (!Array.isArray(items)) throw new Error('a piece is no list');
      for (const item of items) this.#take(item);
    });
  }

  finish(seq: number): AccountState {
    const state = this.#state;
    state.seq = seq;
    state.rosterSeq = seq;
    readable(() => rebuildDeadlines(state));
    return state;
  }

  #take(item: SnapshotItem): void {
    const state = this.#state;
    switch (item[0]) {
      case 'session':
        addSession(state, item[1]);
        return;
      case 'offline':
        state.offlineSince.set(item[1], item[2]);
        return;
      case 'queue':
        addTo(state.queues, item[1], item[2]);
        return;
      case 'waits':
        addTo(state.waits, item[1], item[2]);
        return;
      case 'handling':
        addTo(state.handling, item[1], item[2]);
        return;
      case 'share':
        state.groupShares.set(item[1], new Map(item[2]));
        return;
      case 'mail':
        addMail(state, item[1]);
        return;
      case 'chat':
        addChat(state, item[1]);
        return;
      case 'feed':
        this.#addFeed(item[1], item[2]);
        return;
      case 'visit':
        addVisit(state, item[1]);
        return;
      case 'participant':
        state.participants.set(item[1].conversationId, item[1]);
        return;
      case 'token':
        state.usedTokens.set(item[1], item[2]);
        return;
      case 'answered':
        addRetry(state, item[1]);
        return;
      case 'suggested':
        state.suggestionFigures.set(item[1], item[2]);
        return;
      default:
        item satisfies never;
        // Written by another version: to leave it out would be a guess.
        throw new Error('a piece has an item of an unknown kind');
    }
  }

  #addFeed(chatId: string, entries: readonly FeedEntry[]): void {
    const feed = this.#state.chats.get(chatId)?.feed;
    if (feed === undefined) throw new Error('a feed has no chat');
    for (const entry of entries) {
      if (entry.id !== feed.length) throw new Error('a feed has a gap');
      feed.push(entry);
    }
    this.#state.memory.feedGrew(chatId, entries);
    this.#state.retries.addEntries(chatId, entries);
  }
}

/** Adds to the list of a key, which may come in several parts. */
function addTo<T>(lists: Map<string, T[]>, key: string, part: T[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, part);
  else list.push(...part);
}

function parsed(piece: string): unknown {
  try {
    return JSON.parse(piece);
  } catch {
    // The parser's own words repeat a part of the text.
    throw new UnreadableSnapshot('a piece of it is not JSON');
  }
}

/** Whatever goes wrong while it is read makes it unreadable. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    // An error of the engine itself may repeat what it fell over.
    const known = error instanceof Error && error.constructor === Error;
    throw new UnreadableSnapshot(known ? error.message : 'it is not a state');
  }
}
