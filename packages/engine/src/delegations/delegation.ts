/** What an agent lets a program do in their session, as themselves. */

/** What a program may be let do. */
export const DELEGATED_RIGHTS = [
  /** Reads everything in the session, and follows it. */
  'read',
  /** Accepts and declines what rings. */
  'accept',
  /** Speaks to the visitor, shows typing, says what was read, and decides about suggestions. */
  'speak',
  'whisper',
  /** Suggests to the agent, in their own chats too. */
  'suggest',
  'transfer',
  'invite',
  'end',
  'survey',
  'availability',
] as const;

export type DelegatedRight = (typeof DELEGATED_RIGHTS)[number];

export interface Delegation {
  readonly id: string;
  /** What the agent calls the program. */
  readonly name: string;
  /** SHA-256 of the bearer that the program has. */
  readonly tokenHash: string;
  readonly rights: readonly DelegatedRight[];
  /** Those of the rights of which each use has to be approved by the agent. */
  readonly approval: readonly DelegatedRight[];
  /** Epoch ms. */
  readonly since: number;
  /** When it ends by itself, epoch ms; absent where it ends with the session alone. */
  readonly until?: number;
}

/** What the deadlines of delegations begin with. */
export const DELEGATION = 'delegation';

/** The key of the deadline at which a delegation ends. */
export function delegationKey(sessionId: string, id: string): string {
  return `${DELEGATION}:${sessionId} ${id}`;
}

/** Programs that may work in a session at once. */
export const MAX_DELEGATIONS = 10;
