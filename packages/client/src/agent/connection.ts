/** How an agent session can end. */
import type { Connection as ConnectionOf } from '../core/connection.js';

/**
 * Why an agent session is over:
 * - `closed`: by `agent.close()`, or its signal
 * - `taken-over`: the same user opened a session somewhere else
 * - `login-refused`: the credential is no longer accepted
 * - `failed`: the server sent an unexpected response; `error` says which
 */
export type SessionEnd = 'closed' | 'taken-over' | 'login-refused' | 'failed';

/** How an agent is connected now. */
export type Connection = ConnectionOf<SessionEnd>;
