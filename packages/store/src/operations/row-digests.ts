/** The digest of a row of each table: over everything that the row holds. */
import type { AnsweredRequest } from '../port/answered.js';
import { rowDigest, type Tally } from '../integrity/rows.js';
import type { AuditEntry } from '../port/configuration.js';
import type { LoginRecord } from '../port/logins.js';

/** Columns as they are read: whoever damaged a row may have put anything there. */
export function itemDigest(
  accountId: string,
  row: {
    readonly kind: string;
    readonly id: number;
    readonly revision: number;
    readonly deleted: number;
    readonly nameKey: string | null;
    readonly data: string;
  },
): string {
  const { kind, id, revision, deleted, nameKey, data } = row;
  return rowDigest('config_item', accountId, [kind, id, revision, deleted, nameKey, data]);
}

export function kindDigest(
  accountId: string,
  row: { readonly kind: string; readonly revision: number; readonly nextId: number },
): string {
  return rowDigest('config_kind', accountId, [row.kind, row.revision, row.nextId]);
}

export function accountDigest(accountId: string, createdAt: number): string {
  return rowDigest('account', accountId, [createdAt]);
}

/** A login as it is read. */
export type LoginRow = Omit<LoginRecord, 'signedOutAt'> & {
  readonly signedOutAt?: number | null;
};

/** Of a login that knows of no sign-out, also of none, it is what it was before these were kept. */
export function loginDigest(accountId: string, login: LoginRow): string {
  const { bearerHash, cookieHash, csrfHash, userId, createdAt, expiresAt, ttl } = login;
  const signedOutAt = login.signedOutAt ?? null;
  return rowDigest('login', accountId, [
    ...[bearerHash, cookieHash, csrfHash],
    ...[userId, createdAt, expiresAt, ttl],
    ...(signedOutAt === null ? [] : [signedOutAt]),
  ]);
}

export function auditDigest(accountId: string, id: number, entry: AuditEntry): string {
  const { at, actor, action, target, from, detail } = entry;
  return rowDigest('audit', accountId, [id, at, actor, action, target, from, detail]);
}

/** A chat as the index has it. */
export interface ChatRow {
  readonly chatId: string;
  readonly visitorId: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export function chatDigest(accountId: string, row: ChatRow): string {
  const { chatId, visitorId, startedAt, endedAt } = row;
  return rowDigest('chat_index', accountId, [chatId, visitorId, startedAt, endedAt]);
}

export function erasedUntilDigest(accountId: string, seq: number): string {
  return rowDigest('journal_erased', accountId, [seq]);
}

export function chatEntriesDigest(accountId: string, chatId: string, tally: Tally): string {
  const { count, sum } = tally;
  return rowDigest('chat_entries', accountId, [chatId, count, sum]);
}

export function answeredDigest(accountId: string, row: AnsweredRequest): string {
  const { key, caller, body, at, answer } = row;
  return rowDigest('answered_request', accountId, [key, caller, body, at, answer]);
}
