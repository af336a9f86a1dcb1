/** What the APIs of visitors work with. */
import type { AuthContext } from '../auth/context.js';
import type { AccountCall } from '../http/call.js';
import type { VisitorThrottle } from './limits.js';

export interface VisitorContext extends AuthContext {
  /** Of what visitors bring in. */
  readonly visitors: VisitorThrottle;
}

/** A call of which nothing is known yet but its account. */
export type UnprovenCall = AccountCall<VisitorContext>;
