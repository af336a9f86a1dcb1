/** What is asked of delegations. */
import type { Delegation } from './delegation.js';

export type DelegationCommand =
  /** Lets a program work in the session; needs the id of the delegation that this makes. */
  | ({ readonly type: 'session.delegate'; readonly sessionId: string } & Pick<
      Delegation,
      'name' | 'tokenHash' | 'rights' | 'approval'
    > & {
        /** Seconds after which it ends by itself; absent: with the session. */
        readonly expiresIn?: number;
      })
  | {
      readonly type: 'session.endDelegation';
      readonly sessionId: string;
      readonly delegationId: string;
    };

/** What these commands answer, by type. */
export interface DelegationReplies {
  'session.delegate': { readonly delegationId: string };
  'session.endDelegation': Record<never, never>;
}

export type DelegationRefused =
  | { readonly rejected: 'unknown-delegation'; readonly delegationId: string }
  | { readonly rejected: 'too-many-delegations'; readonly sessionId: string };
