/**
 * What can be asked of an account, what is answered, and why it may be refused. Who asks, time and
 * random ids come with the command, in its envelope.
 */
import type { ChatCommand, ChatReplies } from './chats/commands.js';
import type { FeedAmount } from './chats/feed-amount.js';
import type { NotYours } from './chats/whereabouts.js';
import type { TranscriptCommand, TranscriptReplies } from './mail/commands.js';
import type { NoRoom } from './memory/no-room.js';
import type { ParticipantCommand, ParticipantReplies } from './participants/commands.js';
import type { RetryRefused } from './retries/request.js';
import type { Availability } from './sessions/availability.js';
import type { SessionCommand, SessionReplies } from './sessions/commands.js';
import type { ReasonRefused } from './sessions/status-reason.js';
import type { OfflineSurveyCommand, OfflineSurveyReplies } from './surveys/commands.js';
import type { VisitorCommand, VisitorReplies } from './visitors/commands.js';
import type { VisitCommand, VisitReplies } from './visits/commands.js';

export type AccountCommand =
  | SessionCommand
  | ChatCommand
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
  | { readonly rejected: 'unknown-skill'; readonly skillId: number }
  | { readonly rejected: 'nothing-ringing' }
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
      /** `absent`: Offline or Away. */
      readonly because: 'unknown' | 'giver' | 'absent' | 'full';
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
