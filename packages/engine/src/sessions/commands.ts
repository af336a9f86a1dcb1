/** What agents ask of their sessions. */
import type { Availability } from './availability.js';

export type SessionCommand =
  | {
      readonly type: 'session.open';
      readonly userId: number;
      readonly cookieHash: string | null;
      /** The user's last sign-out until then. */
      readonly signedOutAt?: number;
      /** A session to watch from, for who supervises: nothing rings there. */
      readonly supervises?: true;
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
  | {
      readonly type: 'session.accept';
      readonly sessionId: string;
      /** Which offer; without it the longest-ringing. */
      readonly offerId?: number;
    }
  /** Declines an offer: to be a chat's agent, or an invitation. */
  | { readonly type: 'session.decline'; readonly sessionId: string; readonly offerId: number };

/** What these commands answer, by type. */
export interface SessionReplies {
  'session.open': { readonly sessionId: string };
  'session.close': Record<never, never>;
  'user.logout': Record<never, never>;
  'session.setAvailability': {
    readonly availability: Availability;
    readonly reasonId: number | null;
  };
  'session.accept': { readonly chatId: string };
  'session.decline': Record<never, never>;
}
