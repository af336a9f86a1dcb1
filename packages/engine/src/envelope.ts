/**
 * How a command comes: with who gives it, when, and the random id of what it makes. The engine knows
 * no clock, no randomness and no credentials, so all of that comes in with the command; who the actor
 * is was found out by authentication, never read from what somebody sent.
 */
import type { AccountCommand, CommandType } from './commands.js';
import type { Author } from './events.js';
import type { Idempotency } from './retries.js';

/** Who gives a command. */
export type Actor =
  | { readonly by: 'user'; readonly userId: number }
  /** Who has the chat's address, or whose visit it is. */
  | { readonly by: 'visitor' }
  /** Somebody without a chat yet, for whom a page or a server speaks. */
  | { readonly by: 'appKey'; readonly keyId: number }
  /** Time, the configuration, or the server itself. */
  | { readonly by: 'system' };

export const SYSTEM: Actor = { by: 'system' };

/** A command as it is given to an account. */
export interface Envelope<T extends CommandType = CommandType> {
  readonly command: Extract<AccountCommand, { type: T }>;
  readonly actor: Actor;
  /** Epoch ms; must not run backwards. */
  readonly now: number;
  /**
   * For commands that make something: its id, random and unguessable, in the form of such ids.
   * `session.open`, `chat.request`, `transcript.request` and `participant.identify` need one.
   */
  readonly newId?: string;
  /** The request may come again, and is then known by this. */
  readonly idempotency?: Idempotency;
}

/** The id for what the command makes. @throws Error when it came without one. */
export function requireNewId({ newId }: { readonly newId?: string | undefined }): string {
  if (newId === undefined) throw new Error('this command needs the id of what it makes');
  return newId;
}

/** Whose words an actor's are. */
export function authorOf(actor: Actor): Author {
  switch (actor.by) {
    case 'user':
      return actor.userId;
    case 'visitor':
    case 'appKey':
      return 'visitor';
    case 'system':
      return 'system';
    default:
      return actor satisfies never;
  }
}
