/**
 * What visitors may bring in, so that no one of them fills the memory and the disk, or the queue of
 * those who wait. Nothing here is in the way of people, nor of a server that speaks for thousands of
 * them with a trusted key; all of it can be set.
 */
import type { AskedRequest } from '../http/asked.js';
import type { TrustedProxies } from '../http/origin.js';
import type { WireError } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { networkOf } from '../http/network.js';
import { type LimitState, noteLimit } from '../http/limit-headers.js';
import { refusal, stateOf, tooMuch } from '../http/rate-limit.js';
import { Rate } from '../http/rates.js';

/** A request, as far as it is counted. */
interface CountedCall {
  readonly account: LiveAccount;
  readonly request: AskedRequest;
  readonly server: { readonly proxies: TrustedProxies };
}

export interface VisitorLimits {
  /** Chats that one address may have waiting for an agent. */
  readonly waitingChats: number;
  /** Lines per second of the visitor in one chat; ten seconds' worth may come at once. */
  readonly linesPerSecond: number;
  /** Bytes of text per second that one address sends; half an hour's worth may come at once. */
  readonly bytesPerSecond: number;
  /** Visitors per second whom one address has authenticated; a minute's worth may come at once. */
  readonly identitiesPerSecond: number;
}

export const DEFAULT_VISITOR_LIMITS: VisitorLimits = {
  waitingChats: 1_000,
  linesPerSecond: 1_000,
  bytesPerSecond: 64_000,
  identitiesPerSecond: 5,
};

const LINES_BURST_MS = 10_000;
const IDENTITIES_BURST_MS = 60_000;
const BYTES_BURST_MS = 30 * 60_000;

/** How many times as much text as one address all of an account may send. */
export const ACCOUNT_PER_ADDRESS = 16;

/**
 * For each chat that may wait: how many chats without an agent, ended ones included, one address may
 * have in memory, and a whole account.
 */
export const KEPT_PER_WAITING = 10;
export const ACCOUNT_PER_WAITING = 50;

/** What a report of a visit takes in the journal beside what it says, bytes. */
const REPORT_BYTES = 200;

/** What a report of a visit brings beside its body. */
export interface Reported {
  /** Where the visitor is. */
  readonly ip: string;
  /** Bytes that are kept of headers and addresses. */
  readonly kept: number;
}

/** How long to wait for a place among those who wait, seconds: they go as agents come. */
const WAIT_FOR_A_PLACE = 30;

export class VisitorThrottle {
  readonly #waiting: number;
  readonly #lines: Rate;
  readonly #text: Rate;
  readonly #textOfAccount: Rate;
  readonly #identities: Rate;

  constructor(limits: VisitorLimits) {
    const { waitingChats, linesPerSecond, bytesPerSecond, identitiesPerSecond } = limits;
    this.#waiting = waitingChats;
    this.#lines = new Rate(linesPerSecond, LINES_BURST_MS);
    this.#text = new Rate(bytesPerSecond, BYTES_BURST_MS);
    this.#textOfAccount = new Rate(ACCOUNT_PER_ADDRESS * bytesPerSecond, BYTES_BURST_MS);
    this.#identities = new Rate(identitiesPerSecond, IDENTITIES_BURST_MS);
  }

  /**
   * Counts what the request brings against the visitor's address.
   * @param known the address that came with the chat; without it, the connection's
   * @throws WireError 429 when the address sent too much lately.
   */
  throttleText(call: CountedCall, known?: string | null): void {
    const { request, server } = call;
    const { body } = request;
    if (typeof body !== 'string' || body === '') return;
    const address = known ?? server.proxies.clientAddress(request.raw);
    this.#takeText(call, address, Buffer.byteLength(body));
  }

  /**
   * Counts what a report of a visit makes the server keep, whatever its body says.
   * @throws WireError 429 when the address sent too much lately.
   */
  authorizeReport(call: CountedCall, { ip, kept }: Reported): void {
    this.#takeText(call, ip, kept + REPORT_BYTES);
  }

  #takeText({ account, request }: CountedCall, address: string, bytes: number): void {
    const { id, host } = account;
    const key = `${id}/${networkOf(address)}`;
    const now = host.elapsed();
    const wait = this.#text.take(key, bytes, now);
    if (wait > 0) throw tooMuch(TEXT, this.#text, wait, 'Too much text came from this address');
    noteLimit(request, stateOf(TEXT, this.#text, this.#text.left(key, now)));
    const waitOfAccount = this.#textOfAccount.take(id, bytes, now);
    // When all together send too much, it is who sent more than their part of it that wait.
    if (waitOfAccount === 0 || this.#text.used(key, now) * ACCOUNT_PER_ADDRESS < 1) return;
    throw tooMuch(TEXT, this.#text, waitOfAccount, 'Too much text came to this account');
  }

  /**
   * Counts a line, or another event, of a chat's visitor.
   * @throws WireError 429 when they come too fast.
   */
  authorizeEvent({
    account,
    chat,
    request,
  }: CountedCall & { readonly chat: { readonly id: string } }): void {
    const key = `${account.id}/${chat.id}`;
    const now = account.host.elapsed();
    const wait = this.#lines.take(key, 1, now);
    if (wait === 0) {
      noteLimit(request, stateOf(LINES, this.#lines, this.#lines.left(key, now)));
      return;
    }
    throw tooMuch(LINES, this.#lines, wait, 'Too many lines came in this chat');
  }

  /**
   * Counts a token or code that is to be checked: for each the server may ask elsewhere.
   * @throws WireError 429 when too many come from one address.
   */
  authorizeIdentity({ account, request, server }: CountedCall): void {
    const address = server.proxies.clientAddress(request.raw);
    const key = `${account.id}/${networkOf(address)}`;
    const now = account.host.elapsed();
    const wait = this.#identities.take(key, 1, now);
    if (wait === 0) {
      noteLimit(request, stateOf(IDENTITIES, this.#identities, this.#identities.left(key, now)));
      return;
    }
    throw tooMuch(IDENTITIES, this.#identities, wait, 'Too many tokens came from this address');
  }

  /** @throws WireError 429 when the address, or the account, has too many chats without an agent. */
  authorizeChat({ account, request }: CountedCall, ip: string): void {
    const { unaccepted } = account.host;
    const { waiting, kept } = unaccepted.of(ip);
    if (waiting >= this.#waiting || kept >= this.#waiting * KEPT_PER_WAITING) {
      throw noPlace(
        this.#waiting,
        `${waiting} chats from this address wait for an agent, ${kept - waiting} ended lately without one`,
      );
    }
    // No address has more than it leaves for others, so that a few of them do not take all places.
    const left = this.#waiting * ACCOUNT_PER_WAITING - unaccepted.kept;
    if (kept + 1 > left) {
      throw noPlace(this.#waiting, 'Too many chats of this account wait for an agent');
    }
    noteLimit(request, placesOf(this.#waiting, this.#waiting - waiting - 1));
  }
}

/** The limits. */
const TEXT = { name: 'bytes', unit: 'content-bytes' } as const;
const LINES = { name: 'lines' } as const;
const IDENTITIES = { name: 'identities' } as const;

/** Where an address stands with its chats that wait for an agent. */
function placesOf(most: number, left: number): LimitState {
  return { name: 'waiting-chats', quota: most, unit: 'concurrent-requests', remaining: left };
}

function noPlace(most: number, why: string): WireError {
  return refusal(
    `${why}: try again when some of them were accepted. A server that asks for many visitors needs a trusted app key and says their addresses in visitorIp; a proxy before Parley must be one of its trusted proxies.`,
    { ...placesOf(most, 0), reset: WAIT_FOR_A_PLACE },
    WAIT_FOR_A_PLACE,
  );
}
