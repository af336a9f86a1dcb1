/**
 * How a command comes: with who gives it, when, and the random id of what it makes. The engine knows
 * no clock, no randomness and no credentials, so all of that comes in with the command; who the actor
 * is was found out by authentication, never read from what somebody sent.
 */
import type { Actor } from './actor.js';
import type { AccountCommand, CommandType } from './commands.js';
import type { Idempotency } from './retries/request.js';

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
