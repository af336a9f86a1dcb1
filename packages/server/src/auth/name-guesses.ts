/**
 * Login names by which visitors' requests name agents. An unknown one is refused and named, as the
 * contract has it, so such requests tell which agents there are. They do not tell quickly: after too
 * many unknown names from a network, every request from there that names an agent waits, known or
 * not, so that the wait tells nothing either.
 */
import { WireError } from '@parley/protocol';
import type { AccountCall } from '../http/call.js';
import { WrongCredentials } from './wrong-credentials.js';

/** Unknown names per minute and network. */
const MAX_PER_MINUTE = 60;

export class NameGuesses {
  readonly #unknown = new WrongCredentials(MAX_PER_MINUTE);

  /** @throws WireError 429 when too many unknown names came from the caller's network. */
  check(call: AccountCall): void {
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
  count(call: AccountCall): void {
    this.#unknown.count(addressOf(call), call.server.clock.elapsed());
  }
}

function addressOf({ server, request }: AccountCall): string {
  return server.proxies.clientAddress(request.raw);
}
