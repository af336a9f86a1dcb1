/** What happens when a program does not answer, or cannot. */
import type { FeedEntry } from '../chats/entries.js';

export type EscalationReason =
  /** A line of the visitor's waited for an answer for as long as the skill allows. */
  | 'unanswered'
  /** Its agent gave it up: it was to, or it failed. */
  | 'handed-over'
  | 'error';

export type EscalationEvent =
  /** The chat waits at the head of its skill's queue, for people. */
  | {
      readonly type: 'chat.escalated';
      readonly chatId: string;
      readonly fromUserId: number;
      /** The skill that it waits for now. */
      readonly skillId: number | null;
      readonly reason: EscalationReason;
      readonly feed: readonly FeedEntry[];
    }
  /** Programs have until then, epoch ms, to answer in these chats: they could not for a while. */
  | {
      readonly type: 'answers.extended';
      readonly chatIds: readonly string[];
      readonly until: number;
    };
