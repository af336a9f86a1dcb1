/**
 * One account's live state. `evolve` is the only code that changes it; everything else reads.
 */
import { Alarms } from './alarms.js';
import type { FormerAgent } from './former-agents.js';
import { LateChats } from './late.js';
import type {
  AccountEvent,
  Availability,
  FeedEntry,
  RoutingReason,
  Source,
  VisitorFacts,
} from './events.js';
import { Memory } from './memory/memory.js';
import type { TranscriptMail } from './outbox.js';
import type { ReadPositions } from './reading.js';
import type { Participant } from './participants.js';
import { Retries } from './retries.js';
import type { ChatSurveys } from './surveys.js';
import type { KeptVariable } from './variables.js';
import type { Visit } from './visits.js';

export interface AgentSession {
  readonly id: string;
  readonly userId: number;
  readonly openedAt: number;
  cookieHash: string | null;
  /** The user's last sign-out when it was opened, if that was kept: another one ends it. */
  readonly signedOutAt?: number;
  availability: Availability;
  /** Since when it has this availability for this reason, epoch ms. */
  availabilitySince: number;
  /** The status reason that the agent gave, if one. */
  reasonId: number | null;
  /** When a chat last came to or left this agent: the longest idle is served first. */
  idleSince: number;
  /** Chats this agent is in, oldest first. */
  chatting: string[];
  /** Chats ringing here, longest first. */
  ringing: string[];
  /** Chats that came along from the session this one took over. */
  readonly takenOver: readonly string[];
  /** Journal position of the last event that changed it. */
  seq: number;
}

/** Where a waiting chat stands and who may take it. */
export interface Waiting {
  /** Since when it waits this time. */
  readonly since: number;
  /** Waits for this one agent. */
  readonly forUserId: number | null;
  /** Set when an agent gave it away: Occupied agents may take it, this one only when alone. */
  readonly givenAwayBy: number | null;
}

/** Where a chat is in its life. Who is in it, and who is asked to come, stands beside it. */
export type Phase =
  | { readonly name: 'waiting'; readonly waiting: Waiting }
  /** An agent is in it. */
  | { readonly name: 'active' }
  | {
      readonly name: 'ended';
      readonly at: number;
      readonly by: Source;
      /** Until when it can be read here, epoch ms. */
      readonly readableUntil: number;
    };

/** What somebody is in a chat: at most one is its agent. */
export type Role = 'agent' | 'assistant' | 'listener' | 'supervisor';

/** Somebody of the account who is in a chat; of one that is over, who was. */
export interface ChatParticipant {
  readonly userId: number;
  readonly role: Role;
  /** Epoch ms. */
  readonly since: number;
}

/** Somebody is asked to come into a chat: it rings at them. It is of one chat and one user. */
export interface Offer {
  /** Journal position of the ring: the same offer is never made twice. */
  readonly id: number;
  readonly userId: number;
  readonly role: Role;
  readonly since: number;
  /** When it is over, epoch ms. */
  readonly until: number;
  readonly why: RoutingReason;
}

export interface Chat {
  readonly id: string;
  readonly requestedAt: number;
  /** Journal position of its request: tells the older of two chats of the same millisecond. */
  readonly requestedSeq: number;
  readonly timeout: number;
  readonly maxWait: number;
  readonly visitor: VisitorFacts;
  visitorName: string | null;
  skillId: number | null;
  phase: Phase;
  /** Those who are in it; of a chat that is over, those who were. */
  participants: readonly ChatParticipant[];
  /** Open offers, longest-ringing first. */
  offers: readonly Offer[];
  /** True once the visitor was told that everybody is busy: it is said once. */
  busyTold: boolean;
  /** When an agent first accepted it, null before. */
  acceptedAt: number | null;
  /** Set while it waits for the account to open: until then, epoch ms, nobody is rung. */
  heldUntil?: number | undefined;
  /** Null until there is one. */
  variables: readonly KeptVariable[] | null;
  /** Null until one is answered. */
  surveys: ChatSurveys | null;
  /** How many transcripts were asked for. */
  transcripts: number;
  /** Null until somebody said what they have read. */
  read: ReadPositions | null;
  /** Agents who had it before, in the order in which it left them. */
  formerAgents: readonly FormerAgent[];
  /** Who the visitor is, where an identity provider said so. */
  readonly participant: Participant | null;
  /** Entry with id n stands at index n. */
  readonly feed: FeedEntry[];
  lastUpdate: number;
  /** Journal position of the last event that changed it. */
  seq: number;
}

/** A time-to-accept, for the waiting-time estimate. */
export interface WaitSample {
  readonly at: number;
  readonly waitedMs: number;
  /** From the ring to the acceptance; absent from snapshots of before it was noted. */
  readonly pickupMs?: number;
}

/** How long an agent was in a chat that came to its end there, for the same. */
export interface HandlingSample {
  readonly at: number;
  readonly tookMs: number;
}

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
  givenAwayWaiting: number;
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
  /** When something is due; `takeDue` of it goes into a `tick`. */
  readonly alarms: Alarms;
  /** Waiting chats whose time was over while somebody was there for them. */
  readonly late: LateChats;
  /** Looks that were not finished, since there was too much to do at once; see `execute`. */
  readonly unfinished: Map<Review, Unfinished>;
  /** What all of this weighs, by network: derived, as `evolve` goes along. */
  readonly memory: Memory;
  /** While the state is being written down: told of each event before it is folded in. */
  freeze: { before(event: AccountEvent): void } | null;
}

/**
 * A look at all sessions or chats of a kind: sessions whose user is disabled, waiting chats under a new
 * configuration, chats that are late and have nobody any more.
 */
export type Review = 'disabled' | 'waiting' | 'late';

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
    givenAwayWaiting: 0,
    waits: new Map(),
    handling: new Map(),
    groupShares: new Map(),
    visits: new Map(),
    lastVisitOf: new Map(),
    participants: new Map(),
    usedTokens: new Map(),
    outbox: new Map(),
    retries: new Retries(),
    alarms: new Alarms(),
    late: new LateChats(),
    unfinished: new Map(),
    memory: new Memory(),
    freeze: null,
  };
}

/** Begins the names of queues of chats that wait for the account to open: nothing of them is given out. */
export const HELD = 'held ';

/** Name of the queue a waiting chat stands in: a named agent's, its skill's, or everybody's. */
export function queueKey({ skillId, heldUntil }: Chat, { forUserId }: Waiting): string {
  const held = heldUntil === undefined ? '' : HELD;
  if (forUserId !== null) return `${held}agent:${forUserId}`;
  return skillId === null ? `${held}any` : `${held}skill:${skillId}`;
}

/** Chats that count against the agent's cap. */
export function loadOf(session: AgentSession): number {
  return session.chatting.length + session.ringing.length;
}
