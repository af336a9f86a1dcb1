/**
 * Failed logins and refused credentials, counted, and in the log, at `info`, so that tools such as fail2ban can act
 * on the addresses. The fields are documented in docs/logs.md. No line holds what was sent: a name
 * that is typed wrong may be a password.
 */
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { idsOf } from '../http/correlation.js';
import type { IncomingMessage } from 'node:http';
import { networkOf } from '../http/network.js';
import type { TrustedProxies } from '../http/origin.js';
import type { Log } from '../log.js';

/** Counts what became of credentials. */
export interface CredentialCounts {
  loggedIn(): void;
  loginFailed(reason: RefusedReason): void;
  credentialRefused(reason: RefusedReason): void;
}

/** A call that was refused. */
export interface RefusedCall {
  readonly account: { readonly id: string };
  readonly request: { readonly raw: IncomingMessage };
  readonly server: { readonly proxies: TrustedProxies; readonly metrics: CredentialCounts };
}

/** What was tried. */
export type RefusedEvent = 'login.failed' | 'credential.refused';

/** Why it was refused; the log is for the operator, so unlike the answer it says. */
export type RefusedReason =
  | 'unknown-user'
  | 'wrong-password'
  | 'user-disabled'
  | 'wrong-key'
  | 'throttled'
  | 'unknown-bearer'
  | 'unknown-cookie'
  | 'wrong-csrf'
  | 'wrong-signature'
  | 'stale-signature'
  | 'repeated-signature'
  | 'unknown-app-key'
  | 'malformed';

/** Lines within a window of a minute: from one network, and in all. */
const MAX_OF_NETWORK = 60;
const MAX_IN_ALL = 3_000;
const WINDOW_MS = 60_000;

export class RefusalLog {
  readonly #log: Log;
  readonly #clock: SteadyClock;
  readonly #ofNetwork = new Map<string, number>();
  #windowEnds = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #left = 0;

  constructor(log: Log, clock: SteadyClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param userId the user whom it is about, where there is one */
  note(call: RefusedCall, event: RefusedEvent, reason: RefusedReason, userId?: number): void {
    if (event === 'login.failed') call.server.metrics.loginFailed(reason);
    else call.server.metrics.credentialRefused(reason);
    const address = call.server.proxies.clientAddress(call.request.raw);
    if (!this.#hasRoom(networkOf(address))) {
      this.#left += 1;
      return;
    }
    const known = userId === undefined ? {} : { userId };
    this.#log.info(
      { event, reason, address, account: call.account.id, ...known, ...idsOf(call.request.raw) },
      event === 'login.failed' ? 'login failed' : 'credential refused',
    );
  }

  /** A flood of refusals must not fill the disk: what is left out is counted. */
  #hasRoom(network: string): boolean {
    const now = this.#clock.elapsed();
    if (now >= this.#windowEnds) this.#begin(now);
    const count = this.#ofNetwork.get(network) ?? 0;
    if (count >= MAX_OF_NETWORK || this.#lines >= MAX_IN_ALL) return false;
    this.#ofNetwork.set(network, count + 1);
    this.#lines += 1;
    return true;
  }

  #begin(now: number): void {
    if (this.#left > 0) {
      this.#log.info(
        { event: 'refusals.left-out', count: this.#left },
        'more refusals of the minute before are left out of the log',
      );
    }
    this.#ofNetwork.clear();
    this.#windowEnds = now + WINDOW_MS;
    this.#lines = 0;
    this.#left = 0;
  }
}
