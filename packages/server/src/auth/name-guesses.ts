/**
 * Login names by which visitors' requests name agents. An unknown one is refused and named, as the
 * contract has it, so such requests reveal which agents there are, though not quickly: after too
 * many unknown names from a network, every request from there that names an agent waits, known or
 * not, so that the wait reveals nothing either.
 */
import { WireError } from '@parley/protocol';
import type { IncomingMessage } from 'node:http';
import type { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { TrustedProxies } from '../http/origin.js';
import { WrongCredentials } from './wrong-credentials.js';

/** A call that names an agent. */
export interface NamingCall {
  readonly request: { readonly raw: IncomingMessage };
  readonly server: { readonly proxies: TrustedProxies; readonly clock: SteadyClock };
}

/** Unknown names per minute and network. */
const MAX_PER_MINUTE = 60;

export class NameGuesses {
  readonly #unknown = new WrongCredentials(MAX_PER_MINUTE);

  /** @throws WireError 429 when too many unknown names came from the caller's network. */
  check(call: NamingCall): void {
    const { server } = call;
    const wait = this.#unknown.wait(addressOf(call), server.clock.elapsed());
    if (wait === 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new WireError(
      'tooManyRequests',
      `Too many unknown agents were asked for from this address; wait ${seconds} seconds, or name no agent.`,
      { 'retry-after': String(seconds) },
    );
  }

  /** Counts an unknown name. */
  count(call: NamingCall): void {
    this.#unknown.count(addressOf(call), call.server.clock.elapsed());
  }
}

function addressOf({ server, request }: NamingCall): string {
  return server.proxies.clientAddress(request.raw);
}
