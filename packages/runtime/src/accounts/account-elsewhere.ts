/** An account that another process writes. */
import { StoreConflict } from '@parley/store';
import { AccountUnavailable } from './account-unavailable.js';

/**
 * Another process has written the account's journal, so this one has stepped down from it: what it has
 * in memory is out of date, and to load it again would only make the other one step down in turn.
 */
export class AccountElsewhere extends AccountUnavailable {
  constructor(accountId: string, options?: { cause?: unknown }) {
    super(accountId, options);
    this.message = `account ${accountId} is written by another process`;
    this.name = 'AccountElsewhere';
  }
}

/**
 * Whether a write was refused because somebody else wrote the journal. (One that ends earlier than it
 * did, as after its file was put back, is another thing: nobody else writes it, and it is read again.)
 */
export function isFenced(error: unknown): boolean {
  const cause = error instanceof AccountUnavailable ? error.cause : error;
  return cause instanceof StoreConflict && cause.reason === 'fenced';
}
