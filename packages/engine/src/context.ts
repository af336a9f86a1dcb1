import type { Actor } from './actor.js';
import type { AccountConfig } from './config.js';
import type { MemoryRoom } from './memory/room.js';
import type { Idempotency } from './retries/request.js';
import type { AccountState } from './state.js';

/** What a decision may look at. */
export interface DecisionContext {
  readonly state: AccountState;
  readonly config: AccountConfig;
  /** Epoch ms. */
  readonly now: number;
  /** What the account may hold of what strangers bring. */
  readonly room: MemoryRoom;
  /** Who gives the command. */
  readonly actor: Actor;
  /** The id for what the command makes, if it makes something. */
  readonly newId?: string | undefined;
  /** The request may come again, and is then known by this. */
  readonly idempotency?: Idempotency | undefined;
}
