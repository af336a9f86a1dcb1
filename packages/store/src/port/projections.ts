/** Projections: rows that are made of journal entries, in the transaction that appends them. */

/** What the index of chats is told along with journal entries: that a chat began, or ended. */
export type ChatMark =
  | {
      readonly mark: 'began';
      readonly chatId: string;
      readonly visitorId: string;
      /** Epoch ms. */
      readonly at: number;
    }
  | { readonly mark: 'ended'; readonly chatId: string; readonly at: number };

/** A chat in the index. */
export interface IndexedChat {
  readonly chatId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; null while it lives. */
  readonly endedAt: number | null;
}
