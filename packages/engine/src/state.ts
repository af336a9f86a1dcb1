/**
 * One account's live state. `evolve` is the only code that changes it; everything else reads.
 */
import { Deadlines } from './deadlines.js';
import type { Chat } from './chats/chat.js';
import type { AccountEvent } from './events.js';
import type { TranscriptMail } from './mail/mail.js';
import { Memory } from './memory/memory.js';
import type { Participant } from './participants/participant.js';
import { Retries } from './retries/retries.js';
import { LateChats } from './routing/late.js';
import type { HandlingSample, WaitSample } from './routing/sample.js';
import type { AgentSession } from './sessions/session.js';
import type { SuggestionFigures } from './suggestions/suggestion.js';
import type { Visit } from './visits/visit.js';

export interface AccountState {
  /** Journal position of the last event folded in. */
  seq: number;
  /** Journal position of the last event that concerned agents, capacity or a queue. */
  rosterSeq: number;
  readonly sessions: Map<string, AgentSession>;
  /** The one live session of each user. */
  readonly sessionOfUser: Map<number, AgentSession>;
  /** When the last session of a user without one ended; users who never had one are not in it. */
  readonly offlineSince: Map<number, number>;
  readonly chats: Map<string, Chat>;
  /** Waiting chats by queue, next first. */
  readonly queues: Map<string, string[]>;
  /** How many of the waiting chats an agent gave away: only then can the queue's order be passed over. */
  transferredWaiting: number;
  /** Recent times-to-accept by skill id ('' for none), oldest first. */
  readonly waits: Map<string, WaitSample[]>;
  /** Recent handling times by skill id ('' for none), oldest first. */
  readonly handling: Map<string, HandlingSample[]>;
  /**
   * By skill id and agent group: how far the group is behind its share of the skill's chats, in
   * hundredths of a chat; below 0, ahead of it.
   */
  readonly groupShares: Map<number, Map<number, number>>;
  /** Live visits by session id, longest silent first. */
  readonly visits: Map<string, Visit>;
  /** The session seen last of each visitor with a live visit. */
  readonly lastVisitOf: Map<string, string>;
  /** Authenticated visitors who have not asked for their chat yet, by conversation id, oldest first. */
  readonly participants: Map<string, Participant>;
  /** Until when a token that was used could be used again, epoch ms, by its hash; oldest first. */
  readonly usedTokens: Map<string, number>;
  /** Transcripts to be sent, by mail id, oldest first. */
  readonly outbox: Map<string, TranscriptMail>;
  /** Requests that may come again, and what they were answered. */
  readonly retries: Retries;
  /** Of each user who ever suggested something, what became of it. */
  readonly suggestionFigures: Map<number, SuggestionFigures>;
  /** When something is due; `takeDue` of it goes into a `tick`. */
  readonly deadlines: Deadlines;
  /** Waiting chats whose time was over while somebody was there for them. */
  readonly late: LateChats;
  /** Users whom rules attach to chats, and who had no room for some. */
  readonly unattached: Set<number>;
  /** Looks that were not finished, since there was too much to do at once; see `execute`. */
  readonly unfinished: Map<Review, Unfinished>;
  /** What all of this weighs, by network: derived, as `evolve` goes along. */
  readonly memory: Memory;
  /** While the state is being written down: given each event before it is folded in. */
  freeze: { before(event: AccountEvent): void } | null;
}

/**
 * A look at all sessions or chats of a kind: sessions whose user is disabled, waiting chats under a new
 * configuration, chats that are late and have nobody any more, chats into which rules may ask somebody.
 */
export type Review = 'disabled' | 'waiting' | 'late' | 'attach';

/** How far a look has come. */
export interface Unfinished {
  /** Ids of what is looked at. */
  readonly ids: readonly string[];
  next: number;
}

export function initialState(): AccountState {
  return {
    seq: 0,
    rosterSeq: 0,
    sessions: new Map(),
    sessionOfUser: new Map(),
    offlineSince: new Map(),
    chats: new Map(),
    queues: new Map(),
    transferredWaiting: 0,
    waits: new Map(),
    handling: new Map(),
    groupShares: new Map(),
    visits: new Map(),
    lastVisitOf: new Map(),
    participants: new Map(),
    usedTokens: new Map(),
    outbox: new Map(),
    retries: new Retries(),
    suggestionFigures: new Map(),
    deadlines: new Deadlines(),
    late: new LateChats(),
    unattached: new Set(),
    unfinished: new Map(),
    memory: new Memory(),
    freeze: null,
  };
}
