/** Projections: rows that are made of an account's journal, in the transaction of each append. */
import type { StoreDamage } from '../damage.js';

/** A chat that a visitor had. */
export interface IndexedChat {
  readonly chatId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; null while it lives. */
  readonly endedAt: number | null;
}

export interface Projections {
  /** The names of all, in the order in which they are made. */
  readonly names: readonly string[];
  /**
   * The last `limit` chats of a visitor, newest first.
   * @throws RangeError when `limit` is not a whole number from 1.
   * @throws StoreConflict 'rebuilding' while they are being made anew.
   * @throws StoreDamage when one of them is not as it was written.
   */
  chatsOfVisitor(
    accountId: string,
    visitorId: string,
    limit: number,
  ): Promise<readonly IndexedChat[]>;
  /** What is wrong with the rows of a projection; null when they are those that the journal makes. */
  damage(accountId: string, name: string): Promise<StoreDamage | null>;
  /**
   * Makes a projection of an account anew from its journal, a portion at a time, so that appends go on
   * meanwhile; what they bring is in it when it is done.
   * @param onProgress called after each portion with how many entries were taken in, and how many there are
   * @throws StoreConflict 'rebuilding' when somebody else began to do so meanwhile.
   * @throws StoreDamage when the journal is not as it was written; the projection stays unusable then.
   */
  rebuild(
    accountId: string,
    name: string,
    onProgress?: (done: number, of: number) => void,
  ): Promise<void>;
}
