/** An account that another process serves or writes. */
import { StoreConflict } from '@parley/store';
import { AccountUnavailable } from './account-unavailable.js';

/**
 * Another process has the account's lease, or has written its journal without one, so this process has
 * stepped down from it: what it has in memory is out of date, and to load it again would only make the other
 * one step down in turn.
 */
export class AccountElsewhere extends AccountUnavailable {
  constructor(accountId: string, options?: { cause?: unknown }) {
    super(accountId, options);
    this.message = `account ${accountId} is served by another process`;
    this.name = 'AccountElsewhere';
  }
}

/**
 * Whether something was refused because somebody else has the account or wrote its journal. (One that ends earlier than it
 * did, as after its file was put back, is another thing: nobody else writes it, and it is read again.)
 */
export function isFenced(error: unknown): boolean {
  const cause = error instanceof AccountUnavailable ? error.cause : error;
  return cause instanceof StoreConflict && (cause.reason === 'fenced' || isLeased(cause));
}

/** Whether it was refused because another process has the account's lease: when that ends, it may be loaded here. */
export function isLeased(error: unknown): boolean {
  const cause = error instanceof AccountUnavailable ? error.cause : error;
  return cause instanceof StoreConflict && cause.reason === 'leased';
}
