/** Whether an answer may be sent: who does not read what was asked for before gets no more of it. */
import type { IncomingMessage } from 'node:http';
import { WireError } from '@parley/protocol';
import type { HeldMemory, NoRoom } from './held-memory.js';
import type { TrustedProxies } from './origin.js';
import type { Flaw } from './well-formed.js';

/** Answers up to this many bytes are always sent: the system takes them from us at once. */
export const SMALL_ANSWER = 16 * 1024;

/** What it is decided by. */
export interface Room {
  readonly held: HeldMemory;
  readonly proxies: TrustedProxies;
}

/** When what is not read is looked at again, seconds. */
const RETRY_AFTER = '2';

/**
 * Why a large answer to a reading request is refused: its network has too much unread, or all have.
 * The answer to a change is sent whatever its size.
 * @param bytes of the answer, about
 * @returns null when it may be sent
 */
export function lackOfRoom(server: Room, raw: IncomingMessage, bytes: number): Flaw | null {
  if (bytes <= SMALL_ANSWER || (raw.method !== 'GET' && raw.method !== 'HEAD')) return null;
  const network = server.proxies.network(raw);
  const lacking = server.held.lacks(network, bytes);
  return lacking === null ? null : noRoom(lacking, network);
}

/** @throws WireError as `lackOfRoom` has it: 429 or 503. */
export function requireRoom(server: Room, raw: IncomingMessage, bytes: number): void {
  const lack = lackOfRoom(server, raw, bytes);
  if (lack !== null) throw new WireError(lack.code, lack.message, lack.headers);
}

/** 429 for a network that used up its share, 503 when all is used up. */
export function noRoom(lacking: NoRoom, network: string): Flaw {
  const headers = { 'retry-after': RETRY_AFTER };
  return lacking === 'network'
    ? {
        code: 'tooManyRequests',
        message: `Answers that were not read, or bodies that were not finished, take all the memory there is for ${network}: read the answers, finish the bodies, then ask again.`,
        headers,
      }
    : {
        code: 'busy',
        message:
          'Unread answers and unfinished bodies take all the memory there is for them; ask again.',
        headers,
      };
}

/** Addresses remembered at most, and their length. */
const MAX_REMEMBERED = 1_000;
const MAX_LENGTH = 512;

/** How large the last answer was where it was large, so that another is refused before it is made. */
export class LargeAnswers {
  readonly #bytes = new Map<string, number>();

  /** @param url path and query */
  noticed(url: string, bytes: number): void {
    if (url.length > MAX_LENGTH) return;
    this.#bytes.delete(url);
    if (bytes <= SMALL_ANSWER) return;
    this.#bytes.set(url, bytes);
    if (this.#bytes.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#bytes.keys()) {
      this.#bytes.delete(oldest);
      return;
    }
  }

  /** Bytes of the last answer; 0 when it was small, or is not remembered. */
  expected(url: string): number {
    return this.#bytes.size === 0 ? 0 : (this.#bytes.get(url) ?? 0);
  }
}
