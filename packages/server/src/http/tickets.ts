/**
 * Tickets: pages cannot send a credential along when they open a WebSocket, and none belongs into an
 * address. A ticket stands for the request that it was given to, for one WebSocket of the same session or
 * chat, within half a minute.
 */
import { hashToken, newToken } from '@parley/configuration/secrets/tokens';
import type { Clock } from '@parley/runtime/clock/clock';
import type { AskedRequest } from './asked.js';

/** Seconds that a ticket is good for. */
export const TICKET_SECONDS = 30;

/** Tickets that were not used yet; beyond, the oldest are good no more. */
const MAX_TICKETS = 10_000;

/** What a ticket is for: the account, and the session or chat in the path. */
export function ticketPlace({ params }: AskedRequest): string {
  const { account = '', session, chat = '' } = params as Readonly<Record<string, string>>;
  return `${account}/${session === undefined ? `chat/${chat}` : `session/${session}`}`;
}

interface Ticket {
  readonly place: string;
  readonly proof: AskedRequest;
  readonly until: number;
}

export class Tickets {
  readonly #clock: Clock;
  /** By the hash of the ticket, oldest first. */
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A new ticket.
   * @param place the account, and the session or chat that it is for
   * @param proof the request whose credentials it stands for
   */
  give(place: string, proof: AskedRequest): string {
    const now = this.#clock.elapsed();
    for (const [hash, { until }] of this.#tickets) {
      if (until > now && this.#tickets.size < MAX_TICKETS) break;
      this.#tickets.delete(hash);
    }
    const ticket = newToken();
    this.#tickets.set(hashToken(ticket), { place, proof, until: now + TICKET_SECONDS * 1000 });
    return ticket;
  }

  /** The request that a ticket stands for, which is used up by that; null for one that is none. */
  take(ticket: string, place: string): AskedRequest | null {
    const hash = hashToken(ticket);
    const found = this.#tickets.get(hash);
    this.#tickets.delete(hash);
    if (found === undefined || found.place !== place) return null;
    return this.#clock.elapsed() < found.until ? found.proof : null;
  }
}
