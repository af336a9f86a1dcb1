/**
 * What can be asked of an account, what is answered, and why it may be refused. Who asks, time and
 * random ids come with the command, in its envelope.
 */
import type { Availability, SubType, TextType, VisitorFacts } from './events.js';
import type { FeedAmount } from './feed-limits.js';
import type { NotYours } from './former-agents.js';
import type { VisitorTraces } from './forget-visitor.js';
import type { NoRoom } from './memory/room.js';
import type { MailOutcome, TranscriptMail } from './outbox.js';
import type { Participant, ParticipantProfile } from './participants.js';
import type { RetryRefused } from './retries.js';
import type { ReasonRefused } from './status-reasons.js';
import type { FilledSurvey, OfflineVisitor } from './surveys.js';
import type { GivenVariable } from './variables.js';
import type { VisitReport } from './visits.js';

/** Who speaks in a chat. */
export type Party =
  | { readonly party: 'visitor' }
  | { readonly party: 'agent'; readonly sessionId: string };

export type AccountCommand =
  | {
      readonly type: 'session.open';
      readonly userId: number;
      readonly cookieHash: string | null;
      /** The user's last sign-out until then. */
      readonly signedOutAt?: number;
    }
  | {
      readonly type: 'session.close';
      readonly sessionId: string;
      readonly reason: 'deleted' | 'lost';
    }
  | { readonly type: 'user.logout'; readonly userId: number }
  | {
      readonly type: 'session.setAvailability';
      readonly sessionId: string;
      readonly availability: Availability;
      /** A status reason for that state; without one there is none from now on. */
      readonly reasonId?: number;
    }
  | { readonly type: 'session.accept'; readonly sessionId: string }
  | {
      readonly type: 'chat.request';
      readonly skillId: number | null;
      readonly forUserId: number | null;
      /** Seconds; null takes the skill's. */
      readonly maxWait: number | null;
      /** Seconds; null takes the account's. */
      readonly timeout: number | null;
      readonly visitor: VisitorFacts;
      readonly preChatLines: readonly string[];
      readonly variables?: readonly GivenVariable[];
      /** Checked already against the survey. */
      readonly preChat?: FilledSurvey;
      /** The authenticated visitor that it is for, as it was identified. */
      readonly participant?: Pick<Participant, 'conversationId' | 'participantId'>;
    }
  | {
      readonly type: 'chat.addLine';
      readonly chatId: string;
      readonly from: Party;
      readonly text: string;
      readonly textType: TextType;
      readonly subType: SubType;
      readonly json?: unknown;
    }
  | { readonly type: 'chat.end'; readonly chatId: string; readonly from: Party }
  /** Up to which event this side has read. */
  | {
      readonly type: 'chat.read';
      readonly chatId: string;
      readonly from: Party;
      readonly read: number;
    }
  | { readonly type: 'chat.setVisitorName'; readonly chatId: string; readonly name: string }
  | {
      readonly type: 'chat.transfer';
      readonly chatId: string;
      readonly sessionId: string;
      readonly to: { readonly skillId: number } | { readonly userId: number };
      /** Seen by agents only. */
      readonly text: string | null;
    }
  | {
      readonly type: 'chat.setVariables';
      readonly chatId: string;
      readonly variables: readonly GivenVariable[];
    }
  /** The exit survey from the visitor, the agent survey from the agent. */
  | {
      readonly type: 'chat.answerSurvey';
      readonly chatId: string;
      readonly from: Party;
      readonly survey: FilledSurvey;
    }
  | {
      readonly type: 'offline.leaveSurvey';
      readonly skillId: number | null;
      readonly visitor: OfflineVisitor;
      readonly survey: FilledSurvey;
    }
  /** An identity provider said who a visitor is; its token was checked, but for its having been used. */
  | {
      readonly type: 'participant.identify';
      readonly participantId: string;
      readonly connectorId: number;
      readonly visitorId: string | null;
      readonly tokenHash: string;
      /** Epoch ms, at most a day or so from now. */
      readonly tokenUntil: number;
      readonly profile: ParticipantProfile;
    }
  | ({ readonly type: 'visit.see' } & VisitReport)
  /** Their data is about to be erased. */
  | {
      readonly type: 'visitor.forget';
      readonly visitorId: string;
      readonly traces: VisitorTraces;
    }
  | ({ readonly type: 'transcript.request' } & Pick<TranscriptMail, 'chatId' | 'email' | 'subject'>)
  | {
      readonly type: 'transcript.settle';
      readonly mailId: string;
      readonly outcome: MailOutcome;
    }
  /** An administrator or a manager moves a chat. */
  | {
      readonly type: 'chat.assign';
      readonly chatId: string;
      readonly byUserId: number;
      readonly to: { readonly skillId: number } | { readonly userId: number };
    }
  /** An administrator or a manager ends a chat. */
  | { readonly type: 'chat.close'; readonly chatId: string; readonly byUserId: number }
  /** The visitor gave no sign of life for the chat's timeout. */
  | { readonly type: 'chat.visitorLost'; readonly chatId: string }
  /** Alarms that came due. */
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

export type CommandType = AccountCommand['type'];

/** What a command answers, by its type. */
export interface Replies {
  'session.open': { readonly sessionId: string };
  'session.close': Record<never, never>;
  'user.logout': Record<never, never>;
  'session.setAvailability': {
    readonly availability: Availability;
    readonly reasonId: number | null;
  };
  'session.accept': { readonly chatId: string };
  'chat.request': { readonly chatId: string };
  'chat.addLine': { readonly eventId: number };
  'chat.end': { readonly eventId: number };
  'chat.setVisitorName': Record<never, never>;
  'chat.read': { readonly read: number };
  'chat.transfer': Record<never, never>;
  'chat.setVariables': Record<never, never>;
  'chat.answerSurvey': Record<never, never>;
  'offline.leaveSurvey': Record<never, never>;
  'visit.see': Record<never, never>;
  'visitor.forget': {
    /** The journal position up to which nothing live comes from the visitor's data. */
    readonly until: number;
    /** Sessions of the visitor's visits that somebody else's chat goes on in: these stay. */
    readonly kept: readonly string[];
  };
  'participant.identify': Pick<Participant, 'conversationId' | 'participantId'>;
  'transcript.request': Record<never, never>;
  'transcript.settle': Record<never, never>;
  'chat.assign': Record<never, never>;
  'chat.close': { readonly eventId: number };
  'chat.visitorLost': Record<never, never>;
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
