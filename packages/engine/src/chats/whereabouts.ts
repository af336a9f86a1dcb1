/** What an agent is answered who writes to a chat that is not theirs any more. */

/** Where the chat is. */
export type Whereabouts =
  | { readonly is: 'chatting' | 'ringing'; readonly userId: number; readonly nickname: string }
  /** Whom it waits for: the name of a skill or the nickname of an agent, or null for anybody. */
  | { readonly is: 'waiting'; readonly for: string | null }
  /** Whose it was when it ended; null when it was nobody's. */
  | {
      readonly is: 'ended';
      readonly with: { readonly userId: number; readonly nickname: string } | null;
    };

export type NotYours =
  | { readonly rejected: 'unknown-chat'; readonly chatId: string }
  /** The caller had it, and has it no more. */
  | {
      readonly rejected: 'chat-elsewhere';
      readonly chatId: string;
      readonly whereabouts: Whereabouts;
    };
