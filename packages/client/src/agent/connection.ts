/** How an agent session can end. */
import type { Connection as ConnectionOf } from '../core/connection.js';

/**
 * Why an agent session is over:
 * - `closed`: by `agent.close()`, or its signal
 * - `taken-over`: the user works somewhere else now
 * - `login-refused`: the credential is not accepted any more
 * - `failed`: the server answered what it never should; `error` says what
 */
export type SessionEnd = 'closed' | 'taken-over' | 'login-refused' | 'failed';

/** How an agent is connected now. */
export type Connection = ConnectionOf<SessionEnd>;
