/** What an agent asks who cannot go on with a chat. */

export type EscalationCommand =
  /** Puts the chat at the head of a skill's queue, for people; it is never refused for want of somebody. */
  {
    readonly type: 'chat.escalate';
    readonly chatId: string;
    readonly sessionId: string;
    /** The skill that it is to wait for; null for the one it has. */
    readonly skillId: number | null;
    readonly reason: 'handed-over' | 'error';
    /** Seen by agents only. */
    readonly text: string | null;
  };

/** What this command answers. */
export interface EscalationReplies {
  'chat.escalate': Record<never, never>;
}
