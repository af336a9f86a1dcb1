import type { Projection } from '../projections/projection.js';
import type { JournalPosition } from '../integrity/position.js';
import type { ChatEntries } from './chat-entries.js';
import type { StoreConflict } from '../port/errors.js';
import type { SqlValue, Statements } from './steps.js';

/** What the writes of one group share while their transaction is open. */
export interface WriteGroup {
  readonly connection: Statements;
  /** The position that journals have reached, as far as known; kept from group to group. */
  readonly journalEnds: Map<string, JournalPosition>;
  /** The projections that follow an account's journal, as far as known; kept from group to group. */
  readonly followers: Map<string, readonly Projection[]>;
  /** The epochs of accounts' leases, as far as known; kept from group to group. */
  readonly epochs: Map<string, number>;
  /** How many entries the chats have that are written to; kept from group to group. */
  readonly chatEntries: ChatEntries;
  /** The columns of entries that were appended and are yet to be written, one entry after the other. */
  readonly journalRows: SqlValue[];
  /** Accounts whose journals this group appends to. */
  readonly appended: Set<string>;
  /** Accounts whose append was refused in this group: their later appends build on it. */
  readonly refused: Map<string, StoreConflict>;
  /** Accounts whose configuration, logins or existence this group changes. */
  readonly changed: Set<string>;
}
