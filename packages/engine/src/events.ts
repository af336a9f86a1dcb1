/**
 * The facts of an account. They are journalled as they are, so a field is only ever added, and
 * what is needed to understand a decision later is in the event, not in the configuration.
 */
import type { SystemMessageId } from './config.js';
import type { ParticipantProfile } from './participants.js';
import type { RetryRecord } from './retries.js';
import type { FilledSurvey, OfflineVisitor } from './surveys.js';
import type { GivenVariable } from './variables.js';
import type { VisitReport } from './visits.js';

export type Availability = 'Online' | 'Occupied' | 'Away';
export type TextType = 'plain' | 'html' | 'rich-content';
export type SubType = 'REGULAR' | 'ONLY_TO_REP';
export type Source = 'system' | 'agent' | 'visitor';
export type FeedState = 'waiting' | 'chatting' | 'ended';

/**
 * Who wrote a line: a user, by id, whatever they are called by now; or the visitor, or the system.
 * What a page tells for its visitor is the visitor's.
 */
export type Author = number | 'visitor' | 'system';

export interface StateEntry {
  readonly id: number;
  readonly at: number;
  readonly type: 'state';
  readonly state: FeedState;
  /** As in a line. */
  readonly retry?: string;
}

export interface LineEntry {
  readonly id: number;
  readonly at: number;
  readonly type: 'line';
  readonly text: string;
  readonly textType: TextType;
  /** The speaker's name; null for a visitor who gave none (each reader has a default for it). */
  readonly by: string | null;
  readonly source: Source;
  readonly subType: SubType;
  /** Kept where `source` does not say it already; read it by `authorOfLine`. Never shown. */
  readonly author?: Author;
  readonly systemMessageId?: SystemMessageId;
  /** Structured content of a `rich-content` line. */
  readonly json?: unknown;
  /** What the request that brought it is known by, if it came with an idempotency key: see `Retries`. */
  readonly retry?: string;
}

/** Who wrote a line; `unknown` for an agent's of before authors were kept. */
export function authorOfLine({ author, source }: LineEntry): Author | 'unknown' {
  if (author !== undefined) return author;
  return source === 'agent' ? 'unknown' : source;
}

/** An entry of a chat's numbered feed. Ids are 0, 1, 2 … per chat, without gaps. */
export type FeedEntry = StateEntry | LineEntry;

/** What is known of the visitor when the chat is requested. */
export interface VisitorFacts {
  readonly name: string | null;
  /** The same for all chats of one visitor. */
  readonly visitorId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly referrer: string | null;
  readonly language: string | null;
  /** A number in journals of before it could be any text. */
  readonly engagementId: string | number | null;
  readonly campaignId: string | number | null;
  readonly sharkVisitorId: string | null;
  readonly sharkSessionId: string | null;
  readonly sharkContextId: string | null;
}

/** Why an agent was chosen, for whoever asks later. */
export interface RoutingReason {
  /** `assigned`: an administrator or a manager chose the agent. */
  readonly rule: 'queue' | 'named-agent' | 'transfer-to-agent' | 'assigned';
  /** Agents that could have taken the chat at that moment. */
  readonly candidates: number;
  /** Chats of the chosen agent ÷ their cap, before this one. */
  readonly load: number;
  /** How long the chosen agent had had nothing new, ms. */
  readonly idleMs: number;
  /** Why agents of this group came first; absent when the skill prefers no group. */
  readonly group?: GroupReason;
}

/** Why a skill's chat went to an agent group. */
export interface GroupReason {
  /** The group that the skill names: the agent's own, or one above it. */
  readonly agentGroupId: number;
  readonly priority: number;
  /** The groups of that priority that had somebody free, when there were several. */
  readonly among?: readonly {
    readonly agentGroupId: number;
    readonly splitPercentage: number;
  }[];
}

export type SessionEndReason = 'deleted' | 'logout' | 'lost' | 'takeover' | 'user-disabled';
export type UnrangReason = 'unanswered' | 'away' | 'session-ended' | 'reconfigured' | 'reassigned';
export type ChatEndReason =
  | 'agent'
  | 'visitor'
  | 'visitor-silent'
  | 'agent-gone'
  | 'nobody-online'
  | 'supervisor';

export type AccountEvent =
  | {
      readonly type: 'session.opened';
      readonly sessionId: string;
      readonly userId: number;
      /** The session it takes over from, if one was live. */
      readonly takesOver: string | null;
      /** Chats that come along from it. */
      readonly takenOver: readonly string[];
      /** SHA-256 of the security cookie, null when the client asked for none. */
      readonly cookieHash: string | null;
      /** The user's last sign-out until then; absent from entries of before that was kept. */
      readonly signedOutAt?: number;
    }
  /** Whoever opened it asked again, and got another cookie: that one counts from now on. */
  | {
      readonly type: 'session.cookieRenewed';
      readonly sessionId: string;
      readonly cookieHash: string;
    }
  | {
      readonly type: 'session.availability';
      readonly sessionId: string;
      readonly availability: Availability;
      /** `reason-gone`: the status reason that it had is none for this state any more. */
      readonly reason: 'asked' | 'ring-unanswered' | 'reason-gone';
      /** The status reason that the agent gave; absent for none. */
      readonly reasonId?: number;
    }
  | {
      readonly type: 'session.ended';
      readonly sessionId: string;
      readonly userId: number;
      readonly reason: SessionEndReason;
    }
  | {
      readonly type: 'chat.requested';
      readonly chatId: string;
      readonly skillId: number | null;
      /** The one agent it waits for, if named. */
      readonly forUserId: number | null;
      readonly visitor: VisitorFacts;
      /** Seconds of the visitor's silence that end the chat. */
      readonly timeout: number;
      /** Seconds of waiting after which the visitor is told that everybody is busy. */
      readonly maxWait: number;
      readonly feed: readonly FeedEntry[];
      readonly variables?: readonly GivenVariable[];
      readonly preChat?: FilledSurvey;
      /** Of the authenticated visitor that it is for. */
      readonly conversationId?: string;
    }
  | { readonly type: 'chat.busy'; readonly chatId: string; readonly feed: readonly FeedEntry[] }
  /** Not given out before the account opens at `until`, epoch ms; null: given out from now on. */
  | { readonly type: 'chat.held'; readonly chatId: string; readonly until: number | null }
  | {
      readonly type: 'chat.rang';
      readonly chatId: string;
      readonly userId: number;
      /** Epoch ms at which the ring is over. */
      readonly until: number;
      readonly why: RoutingReason;
    }
  | { readonly type: 'rings.extended'; readonly chatIds: readonly string[]; readonly until: number }
  | {
      readonly type: 'chat.unrang';
      readonly chatId: string;
      readonly userId: number;
      readonly reason: UnrangReason;
    }
  | {
      readonly type: 'chat.accepted';
      readonly chatId: string;
      readonly userId: number;
      readonly feed: readonly FeedEntry[];
    }
  | { readonly type: 'chat.line'; readonly chatId: string; readonly feed: readonly FeedEntry[] }
  | {
      readonly type: 'chat.requeued';
      readonly chatId: string;
      readonly fromUserId: number;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.transferred';
      readonly chatId: string;
      readonly fromUserId: number;
      readonly to: { readonly skillId: number } | { readonly userId: number };
      /** The administrator or manager who moved it; absent when its agent did. */
      readonly byUserId?: number;
      readonly feed: readonly FeedEntry[];
    }
  /** A waiting chat goes to another queue. */
  | {
      readonly type: 'chat.reassigned';
      readonly chatId: string;
      readonly skillId: number | null;
      readonly forUserId: number | null;
      /** `…-gone`: what it waited for does not exist any more. */
      readonly reason: 'supervisor' | 'skill-gone' | 'agent-gone';
      readonly byUserId?: number;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.ended';
      readonly chatId: string;
      readonly by: Source;
      readonly reason: ChatEndReason;
      /** The administrator or manager who ended it; absent otherwise. */
      readonly byUserId?: number;
      /** Until when its last agent and its visitor may read it here, epoch ms. */
      readonly readableUntil: number;
      readonly feed: readonly FeedEntry[];
    }
  | { readonly type: 'chat.visitorNamed'; readonly chatId: string; readonly name: string }
  /** One side has read up to this event, which it may see. */
  | {
      readonly type: 'chat.read';
      readonly chatId: string;
      readonly party: 'agent' | 'visitor';
      /** The agent; null for the visitor. */
      readonly byUserId: number | null;
      readonly read: number;
    }
  | { readonly type: 'chats.forgotten'; readonly chatIds: readonly string[] }
  | {
      readonly type: 'chat.variables';
      readonly chatId: string;
      readonly variables: readonly GivenVariable[];
    }
  | {
      readonly type: 'chat.surveyAnswered';
      readonly chatId: string;
      /** The visitor's after the chat, or the agent's own. */
      readonly kind: 'exit' | 'agent';
      /** The agent; null for the visitor. */
      readonly byUserId: number | null;
      readonly survey: FilledSurvey;
    }
  | {
      readonly type: 'offline.surveyLeft';
      readonly skillId: number | null;
      readonly visitor: OfflineVisitor;
      readonly survey: FilledSurvey;
    }
  | ({
      readonly type: 'visit.seen';
      /** Nothing is known of it any more: as if it had not been. */
      readonly erased?: true;
    } & VisitReport)
  | { readonly type: 'visits.forgotten'; readonly sessionIds: readonly string[] }
  | {
      readonly type: 'participant.identified';
      readonly conversationId: string;
      readonly participantId: string;
      readonly connectorId: number;
      readonly visitorId: string | null;
      /** Of the token that said so, which is not taken again until then, epoch ms. */
      readonly tokenHash: string;
      readonly tokenUntil: number;
      readonly profile: ParticipantProfile;
    }
  | { readonly type: 'participants.forgotten'; readonly conversationIds: readonly string[] }
  | {
      readonly type: 'transcript.requested';
      readonly mailId: string;
      readonly chatId: string;
      readonly email: string;
      readonly subject: string | null;
    }
  | { readonly type: 'transcript.sent'; readonly mailId: string; readonly chatId: string }
  | {
      readonly type: 'transcript.failed';
      readonly mailId: string;
      readonly chatId: string;
      readonly reason: string;
    }
  /** What was answered to a request that may come again. */
  | ({ readonly type: 'request.answered' } & Omit<RetryRecord, 'at'>)
  /** The account's time went on by so many ms (below 0: fell back) without their having passed. */
  | { readonly type: 'clock.moved'; readonly by: number };

export type AccountEventType = AccountEvent['type'];

/** The chat an event concerns, or null. */
export function chatOf(event: AccountEvent): string | null {
  return 'chatId' in event ? event.chatId : null;
}
