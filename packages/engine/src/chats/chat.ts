/** A chat: where it is in its life, who is in it, who is asked to come. */
import type { Participant } from '../participants/participant.js';
import type { ChatSuggestions } from '../suggestions/suggestion.js';
import type { Routed, RoutingReason } from '../routing/reason.js';
import type { ChatSurveys } from '../surveys/surveys.js';
import type { FeedEntry, Source } from './entries.js';
import type { StoredVariable } from './variable.js';
import type { VisitorFacts } from './visitor.js';

/** An agent who had the chat, and when it left them, epoch ms. */
export interface FormerAgent {
  readonly userId: number;
  readonly at: number;
}

/** Up to which event each side has read, by event id; null while that side has read nothing. */
export interface ReadPositions {
  readonly agent: number | null;
  readonly visitor: number | null;
}

/** Where a waiting chat stands and who may take it. */
export interface Waiting {
  /** Since when it waits this time. */
  readonly since: number;
  /** Waits for this one agent. */
  readonly forUserId: number | null;
  /** Set when an agent gave it away: Occupied agents may take it, this one only when alone. */
  readonly transferredBy: number | null;
  /**
   * A program could not go on with it. `true`: it is for people, and for programs only where a skill has
   * none at all; `first`: for people while one is there, and else for programs that have not failed in it.
   */
  readonly forPeople?: true | 'first';
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
  /** The collaboration channel they came by; absent for the agent. */
  readonly channel?: string;
}

/** How somebody was asked to come in beside the agent. */
export interface Invitation {
  /** The collaboration channel: its id stays the same until whoever came by it has left. */
  readonly channel: string;
  /** Who invites; null for a rule. */
  readonly byUserId: number | null;
  /** The attachment rule that invites, and the session that it asks; absent for somebody's invitation. */
  readonly ruleId?: number;
  readonly sessionId?: string;
  /** Whoever is free of this skill is asked, one after the other; null where one user was chosen. */
  readonly skillId: number | null;
  /** What the inviter says about it. */
  readonly text: string | null;
  /** Users who were asked before and did not come. */
  readonly asked: readonly number[];
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
  /** Of an offer to come in beside the agent; absent for the offer to be the agent. */
  readonly invitation?: Invitation;
}

export interface Chat {
  readonly id: string;
  readonly requestedAt: number;
  /** Journal position of its request: decides which of two chats of the same millisecond is older. */
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
  /** True once the visitor read that everybody is busy: it is said once. */
  busyAnnounced: boolean;
  /** When an agent first accepted it, null before. */
  acceptedAt: number | null;
  /** Set while it waits for the account to open: until then, epoch ms, nobody is rung. */
  heldUntil?: number | undefined;
  /** Who was rung for it, and why: the last few, the latest at the end; absent for nobody. */
  routed?: readonly Routed[] | undefined;
  /** Sessions that rules have asked into it while it is with this agent; absent for none. */
  attached?: readonly string[] | undefined;
  /** Set while a program must answer the visitor: until then, epoch ms. */
  answerBy?: number | undefined;
  /** Programs that did not answer in it, failed, or were lost with it; absent for none. */
  failed?: readonly number[] | undefined;
  /** Null until there is one. */
  variables: readonly StoredVariable[] | null;
  /** Null until one is answered. */
  surveys: ChatSurveys | null;
  /** What was suggested to its agents; absent until something is. No visitor is shown any of it. */
  suggestions?: ChatSuggestions;
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
