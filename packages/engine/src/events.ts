/**
 * The facts of an account. They are journalled as they are, so a field is only ever added, and
 * what is needed to understand a decision later is in the event, not in the configuration.
 */
import type { ChatEvent } from './chats/events.js';
import type { CollaborationEvent } from './collaboration/events.js';
import type { EscalationEvent } from './escalation/events.js';
import type { TranscriptEvent } from './mail/events.js';
import type { ParticipantEvent } from './participants/events.js';
import type { RequestEvent } from './retries/events.js';
import type { SessionEvent } from './sessions/events.js';
import type { DelegationEvent } from './delegations/events.js';
import type { SuggestionEvent } from './suggestions/events.js';
import type { OfflineSurveyEvent } from './surveys/events.js';
import type { VisitEvent } from './visits/events.js';

export type AccountEvent =
  | SessionEvent
  | ChatEvent
  | CollaborationEvent
  | SuggestionEvent
  | DelegationEvent
  | EscalationEvent
  | OfflineSurveyEvent
  | VisitEvent
  | ParticipantEvent
  | TimeEvent
  | TranscriptEvent
  | RequestEvent;

export type AccountEventType = AccountEvent['type'];

/** The chat an event concerns, or null. */
export function chatOf(event: AccountEvent): string | null {
  return 'chatId' in event ? event.chatId : null;
}

export type TimeEvent =
  | { readonly type: 'participants.forgotten'; readonly conversationIds: readonly string[] }
  /** The account's time went on by so many ms (below 0: fell back) without their having passed. */
  | { readonly type: 'clock.moved'; readonly by: number };
