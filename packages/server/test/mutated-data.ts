/** Everything that a data directory answers: to whoever opens it, to a server's clients, and to the doctor. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteStore, type Store, StoreDamage, StoreFailure } from '@parley/store';
import Database from 'libsql';
import { expect } from 'vitest';
import { examineDatabase, type Finding } from '../src/administration.js';
import { at, call, DEMO_ACCOUNT, FakeClock, startTestServer } from './harness.js';
import { type Answer, askAgain, type Expected, answeredNow } from './released-data.js';

export const ACCOUNTS = [DEMO_ACCOUNT, 'shop_2'] as const;

/** What whoever opens a store gets, by question. Refusals begin with this. */
export const REFUSED = 'refused: ';

/** As text, so that two can be compared. */
export function text(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** What there is to ask for. */
export interface Questions {
  readonly chats: readonly { readonly account: string; readonly chat: string }[];
  readonly visitors: readonly { readonly account: string; readonly visitor: string }[];
}

/** The chats and visitors of undamaged data, past ones too. */
export function questionsOf(dataDir: string): Questions {
  return withDatabase(dataDir, (database) => ({
    chats: database
      .prepare(
        'select distinct account_id as account, chat_id as chat from journal where chat_id is not null',
      )
      .all([]) as Questions['chats'],
    visitors: database
      .prepare('select distinct account_id as account, visitor_id as visitor from chat_index')
      .all([]) as Questions['visitors'],
  }));
}

export async function everythingStored(
  dataDir: string,
  { chats, visitors }: Questions,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const store = await openSqliteStore({ directory: dataDir });
  const ask = async (question: string, read: () => Promise<unknown>) => {
    try {
      answers.set(question, text(await read()));
    } catch (error) {
      answers.set(question, REFUSED + reasonOf(error));
    }
  };
  try {
    await ask('accounts', () => store.accounts.list());
    for (const id of ACCOUNTS) {
      await ask(`${id} account`, () => store.accounts.get(id));
      await ask(`${id} config`, () => store.config.load(id));
      await ask(`${id} changes`, () => store.config.changedSince(id, {}));
      await ask(`${id} users`, () => store.config.list(id, 'user', { includeDeleted: true }));
      await ask(`${id} unknown request`, () => store.config.answered(id, 'unknown'));
      await ask(`${id} erasures`, async () => {
        const { erasures, damage } = await store.journal.erasuresUnderWay(id);
        return damage === null ? erasures : Promise.reject(new StoreFailure(damage));
      });
      const audit = await store.config
        .audit(id, { limit: 1_000 })
        .catch((error) => [{ id: 'all', action: REFUSED + reasonOf(error) }]);
      // An entry that says that it is damaged is a refusal of that one.
      for (const entry of audit) {
        const isDamaged = entry.action === 'audit.damaged' || entry.action.startsWith(REFUSED);
        answers.set(`${id} audit ${entry.id}`, isDamaged ? REFUSED + entry.action : text(entry));
      }
      await askLogins(store, id, answers);
    }
    for (const { account, chat } of chats) {
      await ask(`${account} chat ${chat}`, () => store.journal.readChat(account, chat));
    }
    for (const { account, visitor } of visitors) {
      await ask(`${account} chats of ${visitor}`, async () => {
        const damage = await store.projections.damage(account, 'chats-by-visitor');
        // A server makes it anew.
        if (damage !== null) throw damage;
        return store.projections.chatsOfVisitor(account, visitor, 50);
      });
    }
  } finally {
    await store.close();
  }
  return answers;
}

/** Each login, and whether the store says that some are void: no other login may be missing. */
async function askLogins(store: Store, id: string, answers: Map<string, string>): Promise<void> {
  const said: StoreDamage[] = [];
  const loaded = store.logins.load(id, 0, (damage) => said.push(damage));
  const logins = await loaded.catch((error) => {
    said.push(error);
    return [];
  });
  answers.set(
    `${id} logins`,
    said.length === 0 ? 'whole' : REFUSED + said.map(reasonOf).join('; '),
  );
  for (const login of logins) answers.set(`${id} login ${login.bearerHash}`, text(login));
}

/** @throws the error, when it is none that says why. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreDamage || error instanceof StoreFailure) return error.message;
  throw error;
}

/** What a server answers. */
export interface Served {
  /** `refused` for a 503. */
  readonly answers: ReadonlyMap<Answer, string>;
  readonly statuses: ReadonlyMap<Answer, number>;
  /** What `/readyz` says of accounts that cannot be served. */
  readonly unavailable: ReadonlySet<string>;
  readonly log: string;
}

/** Requests that are under way at once. */
const AT_ONCE = 8;

export async function everythingServed(dataDir: string, expected: Expected): Promise<Served> {
  const answers = new Map<Answer, string>();
  const statuses = new Map<Answer, number>();
  const clock = new FakeClock(expected.now);
  const server = await startTestServer({ dataDir, demo: false, clock });
  const ask = async (answer: Answer) => {
    const reply = await askAgain(server.http, expected, answer);
    const { status } = reply;
    statuses.set(answer, status);
    if (status === 503) {
      expect(String(at(reply.body, 'error.message') ?? reply.text)).toMatch(/\w{3,} \w+/u);
      answers.set(answer, 'refused');
    } else answers.set(answer, text(answeredNow(answer, reply)));
  };
  try {
    const { answers: all } = expected;
    for (let first = 0; first < all.length; first += AT_ONCE) {
      await Promise.all(all.slice(first, first + AT_ONCE).map(ask));
    }
    const ready = await call('GET', `${server.http}/readyz`);
    const refused = [...statuses.values()].filter((status) => status === 503).length;
    if (refused > 20) expect(ready.text).toMatch(/because|accounts-failing|store-failing/);
    const named = [at(ready.body, 'unavailable') ?? []].flat();
    const unavailable = new Set(named.map((each) => String(at(each, 'account'))));
    return { answers, statuses, unavailable, log: server.log };
  } finally {
    await server.running.close();
  }
}

/** What `parley doctor` finds of the data. */
export async function everythingFound(dataDir: string): Promise<readonly Finding[]> {
  const findings = await examineDatabase(dataDir);
  for (const { state, found, remedy = '' } of findings) {
    // In words, with what to do: no stack of a defect.
    if (state !== 'good') expect(`${found} ${remedy}`).toMatch(/^.*\w{3,} \w+.* \w+.*\.$/su);
    expect(found).not.toMatch(/\n\s+at /u);
  }
  return findings;
}

/** The logins that are stored, as bytes: bearer and cookie by which they are known, and all that they hold. */
export function storedLogins(dataDir: string): ReadonlyMap<string, string> {
  const columns = ['account_id', 'bearer_hash', 'cookie_hash', 'csrf_hash', 'user_id'];
  const all = [...columns, 'created_at', 'expires_at', 'ttl', 'signed_out_at', 'digest'];
  // As hex digits, for a text that is no UTF-8 would end the process.
  const hex = all
    .map((column) => `coalesce(hex(cast(${column} as blob)), '-')`)
    .join(` || ' ' || `);
  try {
    return withDatabase(dataDir, (database) => {
      const rows = database.prepare(`select ${hex} as "row" from login`).all([]);
      return new Map((rows as { row: string }[]).map(({ row }) => [row, row]));
    });
  } catch {
    // What cannot be read is damaged, all of it.
    return new Map();
  }
}

/** The rows of logins that a reader's headers name, as `storedLogins` writes them. */
export function loginsNamedBy(
  headers: Readonly<Record<string, string>>,
  stored: ReadonlyMap<string, string>,
): string[] {
  const bearer = /^Bearer (\S+)$/u.exec(headers['authorization'] ?? '')?.[1];
  const cookies = [...(headers['cookie'] ?? '').matchAll(/=([^;]+)/gu)].map(([, value]) => value);
  const hashes = [bearer, ...cookies].flatMap((token) =>
    token === undefined ? [] : [createHash('sha256').update(token).digest('hex')],
  );
  const written = hashes.map((hash) => Buffer.from(hash).toString('hex').toUpperCase());
  return [...stored.keys()].filter((row) => written.some((hash) => row.includes(hash)));
}

function withDatabase<T>(dataDir: string, work: (database: Database.Database) => T): T {
  const database = new Database(join(dataDir, 'parley.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}
