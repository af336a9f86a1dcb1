/** What happens to agent sessions. */
import type { Availability } from './availability.js';

export type SessionEndReason = 'deleted' | 'logout' | 'lost' | 'takeover' | 'user-disabled';

export type SessionEvent =
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
      /** Nothing rings there; absent for a workplace of an agent. */
      readonly supervises?: true;
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
      readonly reason: 'asked' | 'ring-unanswered' | 'ring-declined' | 'reason-gone';
      /** The status reason that the agent gave; absent for none. */
      readonly reasonId?: number;
      /** Who supervises the agent, and set it for them; absent where they did themselves. */
      readonly byUserId?: number;
    }
  | {
      readonly type: 'session.ended';
      readonly sessionId: string;
      readonly userId: number;
      readonly reason: SessionEndReason;
    };
