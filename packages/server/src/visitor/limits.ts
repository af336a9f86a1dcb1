/**
 * What visitors may bring in, so that no one of them fills the memory and the disk, or the queue of
 * those who wait. Nothing here is in the way of people, nor of a server that speaks for thousands of
 * them with a trusted key; all of it can be set.
 */
import { MOST_VISITS } from '@parley/engine';
import { WireError } from '@parley/protocol';
import type { AccountHost } from '../account/account-host.js';
import type { LiveAccount } from '../account/accounts.js';
import { networkOf } from '../http/network.js';
import type { AccountCall } from '../http/call.js';
import { Rate } from '../http/rates.js';
import type { VisitorChatCall } from './admit.js';

export interface VisitorLimits {
  /** Chats that one address may have waiting for an agent. */
  readonly waitingChats: number;
  /** Lines per second of the visitor in one chat; ten seconds' worth may come at once. */
  readonly linesPerSecond: number;
  /** Characters per second that one address sends; half an hour's worth may come at once. */
  readonly charactersPerSecond: number;
}

export const DEFAULT_VISITOR_LIMITS: VisitorLimits = {
  waitingChats: 1_000,
  linesPerSecond: 1_000,
  charactersPerSecond: 64_000,
};

const LINES_BURST_MS = 10_000;
/** As long as what came in may stay in memory after its chat has ended. */
const CHARACTERS_BURST_MS = 30 * 60_000;

/**
 * For each chat that may wait: how many chats without an agent, ended ones included, one address may
 * have in memory, and a whole account.
 */
const KEPT_PER_WAITING = 10;
const ACCOUNT_PER_WAITING = 50;

/** What a report of a visit takes in the journal beside what it says, characters. */
const REPORT_CHARACTERS = 200;

/** From so many live visits on, one address begins no more when it has so many. */
const VISITS_ARE_MANY = MOST_VISITS / 2;
const VISITS_OF_ADDRESS = MOST_VISITS / 10;

/** What a report of a visit brings beside its body. */
export interface Reported {
  /** Where the visitor is. */
  readonly ip: string;
  /** Characters that are kept of headers and addresses. */
  readonly kept: number;
  /** Whether it begins a visit. */
  readonly begins: boolean;
}

/** How long to wait for a place among those who wait, seconds: they go as agents come. */
const WAIT_FOR_A_PLACE = 30;

export class VisitorThrottle {
  readonly #waiting: number;
  readonly #lines: Rate;
  readonly #characters: Rate;

  constructor({ waitingChats, linesPerSecond, charactersPerSecond }: VisitorLimits) {
    this.#waiting = waitingChats;
    this.#lines = new Rate(linesPerSecond, LINES_BURST_MS);
    this.#characters = new Rate(charactersPerSecond, CHARACTERS_BURST_MS);
  }

  /**
   * Counts what the request brings against the visitor's address.
   * @param known the address that came with the chat; without it, the connection's
   * @throws WireError 429 when the address sent too much lately.
   */
  admitText({ account, request, server }: AccountCall, known?: string | null): void {
    const { body } = request;
    if (typeof body !== 'string' || body === '') return;
    const address = known ?? server.proxies.clientAddress(request.raw);
    this.#takeText(account, address, body.length);
  }

  /**
   * Counts what a report of a visit makes the server keep, whatever its body says.
   * @throws WireError 429 when the address sent too much lately, or would begin a visit while its
   *   visits crowd out those of others.
   */
  admitReport({ account }: AccountCall, { ip, kept, begins }: Reported): void {
    const { visits } = account.host.state;
    if (begins && visits.size >= VISITS_ARE_MANY) {
      const group = networkOf(ip);
      const own = [...visits.values()].filter(
        ({ facts }) => facts.ip !== null && networkOf(facts.ip) === group,
      ).length;
      if (own >= VISITS_OF_ADDRESS) throw tooManyVisits(own);
    }
    this.#takeText(account, ip, kept + REPORT_CHARACTERS);
  }

  #takeText({ id, host }: LiveAccount, address: string, characters: number): void {
    const key = `${id}/${networkOf(address)}`;
    const wait = this.#characters.take(key, characters, host.elapsed());
    if (wait === 0) return;
    throw tooMuch('characters', this.#characters, wait, 'Too much text came from this address');
  }

  /**
   * Counts a line, or another event, of a chat's visitor.
   * @throws WireError 429 when they come too fast.
   */
  admitEvent({ account, chat }: VisitorChatCall): void {
    const wait = this.#lines.take(`${account.id}/${chat.id}`, 1, account.host.elapsed());
    if (wait === 0) return;
    throw tooMuch('lines', this.#lines, wait, 'Too many lines came in this chat');
  }

  /** @throws WireError 429 when the address, or the account, has too many chats without an agent. */
  admitChat({ unaccepted }: AccountHost, ip: string): void {
    const { waiting, kept } = unaccepted.of(ip);
    if (waiting >= this.#waiting || kept >= this.#waiting * KEPT_PER_WAITING) {
      throw noPlace(
        this.#waiting,
        `${waiting} chats from this address wait for an agent, ${kept - waiting} ended lately without one`,
      );
    }
    if (unaccepted.kept >= this.#waiting * ACCOUNT_PER_WAITING) {
      throw noPlace(this.#waiting, 'Too many chats of this account wait for an agent');
    }
  }
}

function tooMuch(name: string, rate: Rate, wait: number, what: string): WireError {
  const seconds = Math.ceil(wait / 1000);
  return refusal(
    `${what}: at most ${rate.perSecond.toLocaleString('en')} per second, and ${rate.burst.toLocaleString('en')} at once. Wait ${seconds} seconds and send it again.`,
    `"${name}";q=${rate.burst};w=${Math.ceil(rate.burstMs / 1000)}`,
    `"${name}";r=0;t=${seconds}`,
    seconds,
  );
}

function noPlace(most: number, why: string): WireError {
  return refusal(
    `${why}: try again when some of them were accepted. A server that asks for many visitors needs a trusted app key and says their addresses in visitorIp; a proxy before Parley must be one of its trusted proxies.`,
    `"waiting-chats";q=${most}`,
    `"waiting-chats";r=0;t=${WAIT_FOR_A_PLACE}`,
    WAIT_FOR_A_PLACE,
  );
}

function tooManyVisits(own: number): WireError {
  return refusal(
    `${own.toLocaleString('en')} visits from this address are live, and an account keeps ${MOST_VISITS.toLocaleString('en')} in all: go on with one by its sid, or try again later. A server that reports for many visitors needs a trusted app key and says their addresses in appDetails.ipAddress; a proxy before Parley must be one of its trusted proxies.`,
    `"visits";q=${VISITS_OF_ADDRESS}`,
    `"visits";r=0;t=${WAIT_FOR_A_PLACE}`,
    WAIT_FOR_A_PLACE,
  );
}

/** The headers are those of the IETF draft (draft-ietf-httpapi-ratelimit-headers). */
function refusal(message: string, policy: string, state: string, seconds: number): WireError {
  return new WireError('tooManyRequests', message, {
    'retry-after': String(seconds),
    'ratelimit-policy': policy,
    ratelimit: state,
  });
}
