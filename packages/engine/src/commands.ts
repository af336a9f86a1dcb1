/**
 * What can be asked of an account, what is answered, and why it may be refused. Who asks, time and
 * random ids come with the command, in its envelope.
 */
import type { ChatCommand, ChatReplies } from './chats/commands.js';
import type { FeedAmount } from './chats/feed-amount.js';
import type {
  CollaborationCommand,
  CollaborationReplies,
  RoleRefused,
} from './collaboration/commands.js';
import type { EscalationCommand, EscalationReplies } from './escalation/commands.js';
import type { NotYours } from './chats/whereabouts.js';
import type { TranscriptCommand, TranscriptReplies } from './mail/commands.js';
import type { NoRoom } from './memory/no-room.js';
import type { ParticipantCommand, ParticipantReplies } from './participants/commands.js';
import type { RetryRefused } from './retries/request.js';
import type { Availability } from './sessions/availability.js';
import type { SessionCommand, SessionReplies } from './sessions/commands.js';
import type { ReasonRefused } from './sessions/status-reason.js';
import type {
  DelegationCommand,
  DelegationRefused,
  DelegationReplies,
} from './delegations/commands.js';
import type {
  SuggestionCommand,
  SuggestionRefused,
  SuggestionReplies,
} from './suggestions/commands.js';
import type { OfflineSurveyCommand, OfflineSurveyReplies } from './surveys/commands.js';
import type { VisitorCommand, VisitorReplies } from './visitors/commands.js';
import type { VisitCommand, VisitReplies } from './visits/commands.js';

export type AccountCommand =
  | SessionCommand
  | ChatCommand
  | CollaborationCommand
  | SuggestionCommand
  | DelegationCommand
  | EscalationCommand
  | OfflineSurveyCommand
  | ParticipantCommand
  | VisitCommand
  | VisitorCommand
  | TranscriptCommand
  | TimeCommand;

export type CommandType = AccountCommand['type'];

/** What a command answers, by its type. */
export interface Replies
  extends SessionReplies,
    ChatReplies,
    CollaborationReplies,
    SuggestionReplies,
    DelegationReplies,
    EscalationReplies,
    OfflineSurveyReplies,
    VisitReplies,
    VisitorReplies,
    ParticipantReplies,
    TranscriptReplies {
  tick: Record<never, never>;
  'config.changed': Record<never, never>;
  'account.resumed': Record<never, never>;
  'clock.moved': Record<never, never>;
}

/** Why a command was refused. What does not exist and what is not the caller's look the same. */
export type Rejection =
  | { readonly rejected: 'unknown-session'; readonly sessionId: string }
  | { readonly rejected: 'unknown-user'; readonly userId: number }
  | NotYours
  | RoleRefused
  | SuggestionRefused
  | DelegationRefused
  /** As many of the account as may be are in it, or asked to come. */
  | { readonly rejected: 'too-many-in-chat'; readonly chatId: string }
  /** Nobody in the chat, and nobody who is asked, came by it. */
  | { readonly rejected: 'unknown-channel'; readonly chatId: string; readonly channel: string }
  | { readonly rejected: 'unknown-skill'; readonly skillId: number }
  | { readonly rejected: 'nothing-ringing' }
  /** A session to watch from takes no chats. */
  | { readonly rejected: 'session-watches'; readonly sessionId: string }
  | { readonly rejected: 'chat-ended'; readonly chatId: string }
  /** It holds as many entries as it may, or has no room for so long a text. */
  | { readonly rejected: 'chat-full'; readonly chatId: string; readonly most: FeedAmount }
  | { readonly rejected: 'nobody-online' }
  /** What the account may have in use is used up, by everybody or by this network. */
  | NoRoom
  | { readonly rejected: 'unknown-visit'; readonly sessionId: string }
  | { readonly rejected: 'visitor-in-chat'; readonly chatId: string }
  /** There is none of these ids, or it has its chat, or its time is over. */
  | { readonly rejected: 'unknown-participant' }
  | RetryRefused
  | { readonly rejected: 'token-replayed' }
  | { readonly rejected: 'too-many-participants' }
  | { readonly rejected: 'too-many-transcripts'; readonly chatId: string }
  | {
      readonly rejected: 'status-reason-refused';
      readonly reasonId: number;
      readonly availability: Availability;
      readonly because: ReasonRefused;
    }
  | {
      readonly rejected: 'skill-unavailable';
      readonly skillId: number;
      /** `kept`: the chat's own skill gives none of its chats away. */
      readonly because: 'unknown' | 'kept' | 'nobody';
    }
  | {
      readonly rejected: 'agent-unavailable';
      readonly userId: number;
      /** `absent`: Offline or Away; `there`: in the chat already, or asked to come. */
      readonly because: 'unknown' | 'giver' | 'absent' | 'full' | 'there';
    };

export type TimeCommand =
  /** Deadlines that came due. */
  | { readonly type: 'tick'; readonly due: readonly string[] }
  /** The configuration passed along is new. */
  | { readonly type: 'config.changed' }
  /**
   * The account was loaded again after a stop of any length, or nobody could be heard for a while; and
   * its time may have moved meanwhile, as by `clock.moved`.
   */
  | { readonly type: 'account.resumed'; readonly moved?: number }
  /** The account's time went on (or fell back) by so many ms without their having passed. */
  | { readonly type: 'clock.moved'; readonly by: number };
