/** What a method of a resource is, and what carries it out. */
import type { DescribedOperation } from '@parley/protocol';
import type { Outcome } from './answer.js';
import type { AccountCall } from './call.js';
import type { RetryRule } from './retry.js';

export type Handler<C> = (call: C) => Outcome | Promise<Outcome>;

/** One method of a resource. */
export interface Operation<C> extends DescribedOperation {
  readonly retry?: RetryRule<AccountCall>;
  /** May be asked for within a WebSocket of its session or chat. */
  readonly overWebSocket?: true;
  readonly handle: Handler<C>;
}
