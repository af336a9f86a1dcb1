/** What happens beside the agent of a chat. */
import type { Invitation } from '../chats/chat.js';
import type { FeedEntry } from '../chats/entries.js';
import type { RoutingReason } from '../routing/reason.js';
import type { RoleBeside } from '../sessions/beside.js';

export type UninvitedReason = 'unanswered' | 'declined' | 'withdrawn' | 'away' | 'session-ended';

export type LeftReason =
  /** They left, or somebody sent them away. */
  | 'asked'
  | 'removed'
  | 'session-ended'
  /** The agent left, and the account has those beside them go as well. */
  | 'agent-left'
  /** They do not supervise the chat any more. */
  | 'out-of-reach';

export type CollaborationEvent =
  /** Somebody is asked to come in; of a skill, the next one. */
  | {
      readonly type: 'chat.invited';
      readonly chatId: string;
      readonly userId: number;
      readonly role: 'assistant' | 'listener';
      /** Epoch ms at which the ring is over. */
      readonly until: number;
      readonly why: RoutingReason;
      readonly invitation: Invitation;
    }
  /** They are not asked any more, and did not come. */
  | {
      readonly type: 'chat.uninvited';
      readonly chatId: string;
      readonly userId: number;
      readonly role: 'assistant' | 'listener';
      readonly invitation: Invitation;
      readonly reason: UninvitedReason;
    }
  | {
      readonly type: 'chat.joined';
      readonly chatId: string;
      readonly userId: number;
      readonly role: RoleBeside;
      readonly channel: string;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.left';
      readonly chatId: string;
      readonly userId: number;
      readonly role: RoleBeside;
      readonly channel: string;
      readonly reason: LeftReason;
      /** Who sent them away; absent otherwise. */
      readonly byUserId?: number;
      readonly feed: readonly FeedEntry[];
    }
  /** Who supervises the chat is its agent from now on. */
  | {
      readonly type: 'chat.takenOver';
      readonly chatId: string;
      readonly userId: number;
      /** Whose it was; null for a chat that waited, or rang. */
      readonly fromUserId: number | null;
      /** As where a chat is accepted. */
      readonly answerBy?: number;
      readonly feed: readonly FeedEntry[];
    };
