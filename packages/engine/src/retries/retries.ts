/**
 * Requests that may come again: what a command that came with an idempotency key answered is part of
 * the state, so that the same request gets the same answer, and nothing happens twice, also after a
 * crash.
 *
 * 1. A line, and a chat's end by one of its parties, keep the prints of their request in the entry of
 *    the feed: with their chat, as long as it can be read. Of anything else a record is kept for a day.
 * 2. Records and what they are about come in one append.
 * 3. A caller has a bounded number of records. Beyond it the oldest go, but none before its hour is
 *    over: until then requests with new keys are refused.
 * 4. A refused command keeps nothing: the same request is decided anew.
 */
import type { FeedEntry } from '../chats/entries.js';
import type { CommandType, Replies } from '../commands.js';
import { bytesOf } from '../memory/bytes.js';
import { pathOf } from '../memory/network.js';
import type { Idempotency, RetryCaller } from './request.js';

/** How long a record is kept, ms. */
export const RETRY_LIFE_MS = 24 * 3_600_000;

/** How long each record is kept at least, however many a caller has, ms. */
export const MIN_RETRY_LIFE_MS = 3_600_000;

/** Records that a user may have, and the visitor of a chat. */
export const MAX_RETRIES_OF_USER = 10_000;

export const MAX_RETRIES_OF_CHAT = 1_000;

/** What a record costs beside what it says, and an entry that can be found by its key; bytes. */
export const BYTES_PER_RETRY = 400;

export const BYTES_PER_KEYED_ENTRY = 150;

/** What was answered to a request. */
export interface RetryRecord extends Idempotency {
  /**
   * Of visitors, which share of the memory it counts to: networks are spread over some thousand shares, so
   * that nothing is kept of an address. Absent for users.
   */
  readonly share?: number;
  /** Epoch ms. */
  readonly at: number;
  readonly reply: Replies[CommandType];
}

/** The request came before. */
export interface Repeated {
  readonly reply: Replies[CommandType];
}

/** Shares that the records of visitors are counted in. */
const SHARES = 4_096;

/** The share that a visitor's network, or its site, counts to: a hash (FNV-1a), the same for ever. */
export function shareOf(ip: string | null): number {
  let hash = 0x811c9dc5;
  for (const char of pathOf(ip)[0] ?? '') {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % SHARES;
}

/** What stands for a network where a record is counted. */
export function sharerOf({ share }: Pick<RetryRecord, 'share'>): string {
  return share === undefined ? 'requests of users' : `requests of share ${share}`;
}

/** What a record weighs, bytes. */
export function bytesOfRetry(record: RetryRecord): number {
  return BYTES_PER_RETRY + bytesOf(record);
}

/** What the key and body of an entry's request are printed as, in one text. */
export function printOf({ key, body }: Idempotency): string {
  return key + body;
}

const PRINT_LENGTH = 22;

/** All requests that are known again. */
export class Retries {
  /** By key, oldest first. */
  readonly records = new Map<string, RetryRecord>();
  /** Keys of each caller, oldest first. */
  readonly #ofCaller = new Map<number | string, Set<string>>();
  /** Of each chat, the id of the entry that a key brought. */
  readonly #entries = new Map<string, Map<string, number>>();
  /** When the oldest record has had its day, epoch ms. */
  #expiresAt = Number.POSITIVE_INFINITY;

  /** Adds a record that is newer than all others. @returns those that go for it */
  add(record: RetryRecord): readonly RetryRecord[] {
    const { key, caller, at } = record;
    this.records.set(key, record);
    this.#expiresAt = Math.min(this.#expiresAt, at + RETRY_LIFE_MS);
    if (caller === null) return [];
    const own = this.#ofCaller.get(caller) ?? new Set<string>();
    this.#ofCaller.set(caller, own.add(key));
    const [oldest = ''] = own;
    const over = own.size > maxOf(caller) ? this.records.get(oldest) : undefined;
    return over === undefined ? [] : this.#forget([over]);
  }

  /** Takes out what has had its day. @returns the records that go */
  expire(now: number): readonly RetryRecord[] {
    if (now < this.#expiresAt) return NONE;
    const old: RetryRecord[] = [];
    this.#expiresAt = Number.POSITIVE_INFINITY;
    for (const record of this.records.values()) {
      const until = record.at + RETRY_LIFE_MS;
      if (until > now) {
        this.#expiresAt = until;
        break;
      }
      old.push(record);
    }
    return this.#forget(old);
  }

  /** The chat is gone, and what its visitor asked with it. @returns the records that go */
  forgetChat(chatId: string): readonly RetryRecord[] {
    this.#entries.delete(chatId);
    const keys = this.#ofCaller.get(chatId);
    if (keys === undefined) return NONE;
    return this.#forget([...keys].flatMap((key) => this.records.get(key) ?? []));
  }

  /** Entries were added to the feed of a chat. */
  addEntries(chatId: string, entries: readonly FeedEntry[]): void {
    for (const { id, retry } of entries) {
      if (retry === undefined) continue;
      const own = this.#entries.get(chatId) ?? new Map<string, number>();
      this.#entries.set(chatId, own.set(retry.slice(0, PRINT_LENGTH), id));
    }
  }

  /** The id of the entry that a key brought into the chat. */
  entry(chatId: string, key: string): number | undefined {
    return this.#entries.get(chatId)?.get(key);
  }

  /** When the caller may have one more record, epoch ms; null for now. */
  roomAt(caller: RetryCaller, now: number): number | null {
    const own = caller === null ? undefined : this.#ofCaller.get(caller);
    if (caller === null || own === undefined || own.size < maxOf(caller)) return null;
    const [oldest = ''] = own;
    const at = (this.records.get(oldest)?.at ?? 0) + MIN_RETRY_LIFE_MS;
    return at <= now ? null : at;
  }

  /** Moves the times along when the clock was set, by so many ms. */
  move(by: number): void {
    for (const [key, record] of this.records) {
      this.records.set(key, { ...record, at: record.at + by });
    }
    this.#expiresAt += by;
  }

  #forget(records: readonly RetryRecord[]): readonly RetryRecord[] {
    for (const { key, caller } of records) {
      this.records.delete(key);
      if (caller === null) continue;
      const own = this.#ofCaller.get(caller);
      own?.delete(key);
      if (own?.size === 0) this.#ofCaller.delete(caller);
    }
    return records;
  }
}

const NONE: readonly RetryRecord[] = [];

function maxOf(caller: number | string): number {
  return typeof caller === 'number' ? MAX_RETRIES_OF_USER : MAX_RETRIES_OF_CHAT;
}
