import type { ConfigWrite } from './port/configuration.js';
import type { JournalEntry } from './port/entries.js';
import type { Erasure } from './port/erasing.js';
import { MAX_LEASE_MS } from './port/leases.js';
import type { LoginRecord } from './port/logins.js';

/**
 * Refuses entries that are not numbered one after another, or whose fields could not be stored:
 * one account's mistake must not fail the transaction that it shares with others.
 * @throws RangeError naming the entry and the field.
 */
export function checkEntries(accountId: string, entries: readonly JournalEntry[]): void {
  const first = entries[0]?.seq ?? 1;
  if (!isCount(first)) {
    throw refusal(accountId, 'a journal entry', 'seq', 'a whole number from 1', first);
  }
  entries.forEach((entry, index) => {
    if (entry.seq !== first + index) {
      throw refusal(accountId, 'a journal entry', 'seq', String(first + index), entry.seq);
    }
    const refuse = (field: string, wanted: string, found: unknown) =>
      refusal(accountId, `journal entry ${entry.seq}`, field, wanted, found);
    if (!isTime(entry.at)) throw refuse('at', 'epoch milliseconds', entry.at);
    if (!isCount(entry.version)) throw refuse('version', 'a whole number from 1', entry.version);
    if (typeof entry.type !== 'string') throw refuse('type', 'text', entry.type);
    if (typeof entry.data !== 'string') throw refuse('data', 'text', entry.data);
    if (entry.chatId !== null && typeof entry.chatId !== 'string') {
      throw refuse('chatId', 'text or null', entry.chatId);
    }
  });
}

/** @throws RangeError naming the entry and the field. */
export function checkErasure(accountId: string, { entries, until, begins }: Erasure): void {
  for (const { seq, data } of entries) {
    if (!isCount(seq)) throw refusal(accountId, 'an erasure', 'seq', 'a whole number from 1', seq);
    if (typeof data === 'string') continue;
    throw refusal(accountId, `the erasure of journal entry ${seq}`, 'data', 'text', data);
  }
  if (begins !== undefined && typeof begins.data !== 'string') {
    throw refusal(accountId, 'the erasure of a visitor', 'data', 'text', begins.data);
  }
  if (until === undefined || isTime(until)) return;
  throw refusal(accountId, 'an erasure', 'until', 'a whole number from 0', until);
}

/** @throws RangeError naming the field. */
export function checkSnapshot(
  accountId: string,
  { seq, at, version }: { readonly seq: number; readonly at: number; readonly version: number },
): void {
  if (!isTime(seq)) throw refusal(accountId, 'a snapshot', 'seq', 'a whole number from 0', seq);
  if (!isTime(at)) throw refusal(accountId, 'a snapshot', 'at', 'epoch milliseconds', at);
  if (!isCount(version)) {
    throw refusal(accountId, 'a snapshot', 'version', 'a whole number from 1', version);
  }
}

/** @throws RangeError naming the change and the field. */
export function checkConfigWrite(accountId: string, write: ConfigWrite): void {
  for (const change of write.changes) {
    const what = `a ${change.op} of ${change.kind}`;
    if (typeof change.kind !== 'string' || change.kind === '') {
      throw refusal(accountId, `a ${change.op}`, 'kind', 'text', change.kind);
    }
    if (change.id !== undefined && !isCount(change.id)) {
      throw refusal(accountId, what, 'id', 'a whole number from 1', change.id);
    }
    if (change.op === 'delete') continue;
    if (typeof change.data !== 'string') {
      throw refusal(accountId, what, 'data', 'text', change.data);
    }
    if (change.nameKey !== null && typeof change.nameKey !== 'string') {
      throw refusal(accountId, what, 'nameKey', 'text or null', change.nameKey);
    }
  }
}

const hashFields = ['bearerHash', 'cookieHash', 'csrfHash'] as const;
const loginTimes = ['createdAt', 'expiresAt', 'ttl'] as const;
const sha256 = /^[0-9a-f]{64}$/;

/**
 * Never repeats a value of the login: one that is not a hash might be the token itself.
 * @throws RangeError naming the field.
 */
export function checkLogin(accountId: string, login: LoginRecord): void {
  for (const field of hashFields) {
    if (sha256.test(login[field])) continue;
    throw refusal(accountId, 'a login', field, 'a SHA-256 in lower-case hex', '(not shown)');
  }
  if (!isCount(login.userId)) {
    throw refusal(accountId, 'a login', 'userId', 'a whole number from 1', login.userId);
  }
  for (const field of loginTimes) {
    if (isTime(login[field])) continue;
    throw refusal(accountId, 'a login', field, 'whole milliseconds from 0', login[field]);
  }
  const { signedOutAt } = login;
  if (signedOutAt === undefined || isTime(signedOutAt)) return;
  throw refusal(accountId, 'a login', 'signedOutAt', 'whole milliseconds from 0', signedOutAt);
}

/** @throws RangeError when it is no position in a journal, nor a time. */
export function checkPosition(accountId: string, what: string, seq: number): void {
  if (isTime(seq)) return;
  throw new RangeError(
    `Account ${accountId}: ${what} must be a whole number from 0, but is ${shown(seq)}.`,
  );
}

/** @throws RangeError naming what is wrong with the owner or the length of a lease. */
export function checkLease(owner: string, forMs: number): void {
  if (typeof owner !== 'string' || owner === '') {
    throw new RangeError('The owner of a lease must be a text that is not empty.');
  }
  if (isTime(forMs) && forMs <= MAX_LEASE_MS) return;
  throw new RangeError(
    `A lease must be for 0 to ${MAX_LEASE_MS} whole milliseconds, but is for ${shown(forMs)}.`,
  );
}

/** @throws RangeError when a page of that many could not be asked for. */
export function checkLimit(limit: number): void {
  if (isCount(limit)) return;
  throw new RangeError(`The limit of a page must be a whole number from 1, but is ${limit}.`);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Numbers as they are; of anything else the kind, since it may be what somebody said. */
function shown(was: unknown): string {
  return typeof was === 'number' || was === '(not shown)' ? String(was) : `a ${typeof was}`;
}

function refusal(accountId: string, what: string, field: string, must: string, was: unknown) {
  return new RangeError(
    `Account ${accountId}: ${what} was refused: its ${field} must be ${must}, but is ${shown(was)}.`,
  );
}
