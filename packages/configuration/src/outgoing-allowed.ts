/** What an operator lets the server connect to, as it is given to commands. */
import { OutgoingAddresses } from './outgoing-addresses.js';
import { AdministrationError } from './administration-error.js';

/** @throws AdministrationError naming what is no address or range. */
export function outgoingOf(allowed: readonly string[]): OutgoingAddresses {
  try {
    return new OutgoingAddresses(allowed);
  } catch (error) {
    throw new AdministrationError(`${error instanceof Error ? error.message : String(error)}.`);
  }
}
