/** What happens to delegations. They end with their session, without an event of their own. */
import type { Delegation } from './delegation.js';

export type DelegationEvent =
  | {
      readonly type: 'session.delegated';
      readonly sessionId: string;
      readonly delegation: Omit<Delegation, 'since'>;
    }
  | {
      readonly type: 'session.delegationEnded';
      readonly sessionId: string;
      readonly delegationId: string;
    };
