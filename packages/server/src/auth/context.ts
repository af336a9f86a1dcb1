/** What credentials are checked with. */
import type { AccountCall } from '../http/call.js';
import type { HttpContext } from '../http/context.js';
import type { NameGuesses } from './name-guesses.js';
import type { NonceStore } from './nonces.js';
import type { CredentialCounts, RefusalLog } from './refusal-log.js';
import type { CredentialThrottle } from './credential-limits.js';
import type { LoginThrottle } from './throttle.js';
import type { WrongCredentials } from './wrong-credentials.js';

export interface AuthContext extends HttpContext {
  readonly throttle: LoginThrottle;
  readonly credentials: CredentialThrottle;
  readonly wrongCredentials: WrongCredentials;
  readonly refusals: RefusalLog;
  readonly metrics: HttpContext['metrics'] & CredentialCounts;
  readonly nameGuesses: NameGuesses;
  /** Of signed requests. */
  readonly nonces: NonceStore;
}

/** A call of an API that asks for a credential. */
export type AuthCall = AccountCall<AuthContext>;
