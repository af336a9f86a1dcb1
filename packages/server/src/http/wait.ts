/** What a handler answers while there is nothing new to answer, and how often its call was made. */
import type { Topic } from '@parley/engine';
import type { AccountHost } from '@parley/runtime/accounts/account-host';

/**
 * An answer that is still to come. When one of the topics happens the whole call is made again, with
 * credential, access and all, as if it had just come: whoever may no longer see something gets what
 * a plain call gets.
 */
export interface Wait {
  readonly kind: 'wait';
  /** From the first asking on, ms. */
  readonly forMs: number;
  readonly host: AccountHost;
  /** Whose heartbeat the waiting connection is: a key of the account's lifelines. */
  readonly alive: string;
  /** What is watched, by whom: waits for the same are counted together. */
  readonly place: string;
  /** The call is made again when one of these happens. */
  readonly topics: readonly Topic[];
  /** Comes back with the call's next turn. */
  readonly seen: string;
}

/**
 * How often a call was made: for the first time, again because something happened that it watches, or
 * for the last time, when there is an answer whatever it says. A stream `look`s whether its reader may
 * still read: that is nobody's heartbeat.
 */
export type Turn =
  | { readonly kind: 'first' | 'look' }
  | { readonly kind: 'again' | 'last'; readonly seen: string };

export const FIRST_TURN: Turn = { kind: 'first' };
export const LOOK: Turn = { kind: 'look' };
