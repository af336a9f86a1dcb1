/** Cursors: how far somebody who follows a journal has come, so that they go on there after a stop. */

export interface Cursors {
  /**
   * The position that was reached; 0 at first, and when the record is not as it was written: whoever
   * follows begins anew then.
   * @param name of who follows, such as `retention`
   */
  read(accountId: string, name: string): Promise<number>;
  /**
   * Records that everything up to a position was seen to.
   * @throws RangeError when `seq` is not a whole number from 0.
   */
  advance(accountId: string, name: string, seq: number): Promise<void>;
}
