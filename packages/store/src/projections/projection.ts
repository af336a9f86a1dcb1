/** What a projection is: rows of an account that are made of its journal, and of nothing else. */
import type { AccountEvent, AccountEventType } from '@parley/engine';
import type { Tallied, TallyChange } from '../operations/tally.js';
import type { Statements, Steps } from '../operations/steps.js';

/** Where a projection's rows are written, within the open transaction. */
export interface ProjectionPlace {
  readonly connection: Statements;
  readonly accountId: string;
  /** Called with every row that comes and goes. */
  readonly change: TallyChange;
}

/**
 * Declared once, and then applied in the transaction of every append, and to the whole journal when
 * the rows are made anew.
 */
export interface Projection {
  /** What its state is recorded under: never another one's. */
  readonly name: string;
  /** Raised when it makes other rows of the same events: they are made anew then. */
  readonly version: number;
  /** The events that it is made of. */
  readonly types: readonly AccountEventType[];
  /** Where its rows are tallied. */
  readonly tallied: Tallied;
  /**
   * Takes in an event. Rows that are damaged it leaves as they are.
   * @param at epoch ms
   */
  readonly apply: (place: ProjectionPlace, event: AccountEvent, at: number) => Steps<void>;
  /** Removes at most `limit` of an account's rows; answers how many. */
  readonly clear: (connection: Statements, accountId: string, limit: number) => Steps<number>;
}
