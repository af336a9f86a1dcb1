/** What is asked of those who are in a chat beside its agent. */

export type CollaborationCommand =
  /** Asks somebody to come in; needs the id of the channel that this makes. */
  | {
      readonly type: 'chat.invite';
      readonly chatId: string;
      readonly sessionId: string;
      readonly role: 'assistant' | 'listener';
      readonly to: { readonly userId: number } | { readonly skillId: number };
      /** What the inviter says about it; visitors never see it. */
      readonly text: string | null;
    }
  /** Comes in uninvited, to supervise; needs the id of the channel that this makes. */
  | { readonly type: 'chat.watch'; readonly chatId: string; readonly sessionId: string }
  /** Leaves, sends somebody away, or takes an invitation back. */
  | {
      readonly type: 'chat.closeChannel';
      readonly chatId: string;
      readonly sessionId: string;
      readonly channel: string;
    }
  /** Who supervises a chat becomes its agent. */
  | { readonly type: 'chat.takeOver'; readonly chatId: string; readonly sessionId: string };

/** What these commands answer, by type. */
export interface CollaborationReplies {
  'chat.invite': { readonly channel: string };
  'chat.watch': { readonly channel: string };
  'chat.closeChannel': Record<never, never>;
  'chat.takeOver': Record<never, never>;
}

/** Why the caller's role in a chat is not enough. */
export type RoleRefused = {
  readonly rejected: 'role-refused';
  readonly chatId: string;
  /** What they are in it. */
  readonly role: 'agent' | 'assistant' | 'listener' | 'supervisor';
  readonly to: 'speak' | 'end' | 'lead' | 'invite' | 'send away' | 'leave' | 'suggest' | 'decide';
};
