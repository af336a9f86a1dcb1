/**
 * Stored data damaged at random: whatever was done to it, every answer is the one that the undamaged
 * data gives, or a refusal with a reason; never another one. And `parley doctor` says the same as the
 * server that serves it.
 *
 * `PARLEY_MUTATIONS=500` tries so many, `PARLEY_MUTATIONS_FROM=2000` from that seed on;
 * `PARLEY_MUTATION=17,23` those of these seeds.
 */
import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openSqliteStore, StoreFailure } from '@parley/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../src/administration.js';
import { at, DEMO_ACCOUNT } from './harness.js';
import { mutate } from './mutate.js';
import {
  ACCOUNTS,
  everythingFound,
  everythingServed,
  everythingStored,
  loginsNamedBy,
  type Questions,
  questionsOf,
  REFUSED,
  type Served,
  storedLogins,
  text,
} from './mutated-data.js';
import { type Answer, type Expected, fixtures, unpack } from './released-data.js';

const MUTATIONS = Number(process.env['PARLEY_MUTATIONS'] ?? 12);
const FROM = Number(process.env['PARLEY_MUTATIONS_FROM'] ?? 1_000);
const ONLY = process.env['PARLEY_MUTATION'];

const seeds =
  ONLY === undefined
    ? Array.from({ length: MUTATIONS }, (_, index) => FROM + index)
    : ONLY.split(',').map(Number);

/** SQLite's pages, bytes. */
const PAGE = 4_096;

it.each(['lease', 'sqlite_autoindex_lease_1', 'account_rest', 'sqlite_autoindex_login_1'])(
  '[DUR42, CLI41] the doctor finds a page of %s that is none, though no check of rows reads it',
  async (name) => {
    const dataDir = await copyOf(`page-${name}`);
    const database = new Database(join(dataDir, 'parley.db'));
    const pages = database
      .prepare('select rootpage as page from sqlite_master where name = ?')
      .all([name]) as { page: number }[];
    database.close();
    const file = await open(join(dataDir, 'parley.db'), 'r+');
    await file.write(Buffer.alloc(PAGE), 0, PAGE, ((pages[0]?.page ?? 0) - 1) * PAGE);
    await file.close();
    const problems = (await everythingFound(dataDir)).filter(({ state }) => state === 'problem');
    expect(problems.map(({ about }) => about)).toContain('Database');
    await rm(dataDir, { recursive: true, force: true });
  },
);

/** What undamaged data answers. */
interface Reference {
  readonly stored: ReadonlyMap<string, string>;
  readonly served: ReadonlyMap<Answer, string>;
}

/** What damaged data answers. */
interface Outcomes extends Reference {
  readonly server: Served;
  readonly findings: readonly Finding[];
  /** The rows of logins that there were before a server took them up. */
  readonly logins: ReadonlyMap<string, string>;
}

let root: string;
let template: string;
let expected: Expected;
let questions: Questions;
let logins: ReadonlyMap<string, string>;
let whole: Reference;
/** Without the transaction that is in the log alone: SQLite takes a damaged end of it for none. */
let before: Reference;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-mutations-'));
  template = join(root, 'template');
  const newest = fixtures.at(-1) ?? '';
  expected = await unpack(newest, template);
  // Brought up to date once, and with something left in the log, as a kill leaves it.
  const upToDate = await openSqliteStore({ directory: template });
  await upToDate.close();
  questions = questionsOf(template);
  before = await referenceOf('before');
  const store = await openSqliteStore({ directory: template });
  await store.config.write(DEMO_ACCOUNT, { changes: [], audit: [ENTRY] });
  await cp(template, join(root, 'killed'), { recursive: true });
  await store.close();
  template = join(root, 'killed');
  logins = storedLogins(await copyOf('logins'));
  whole = await referenceOf('whole');
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const ENTRY = { at: 1, actor: 'cli', action: 'test', target: '-', from: '-', detail: '{}' };

async function copyOf(name: string): Promise<string> {
  const dataDir = join(root, name);
  await cp(template, dataDir, { recursive: true });
  return dataDir;
}

async function referenceOf(name: string): Promise<Reference> {
  const { stored, served, findings } = await everythingAnswered(await copyOf(name));
  expect(findings.map(({ state }) => state)).toEqual(['good']);
  expect([served.size > 200, stored.size > 40]).toEqual([true, true]);
  const refused = [...stored.values()].filter((answer) => answer.startsWith(REFUSED));
  expect(refused).toEqual([]);
  for (const id of ACCOUNTS) expect(stored.get(`${id} account`)).toContain(id);
  return { stored, served };
}

/** The doctor looks first, for a server makes good what it can. */
async function everythingAnswered(dataDir: string): Promise<Outcomes> {
  const rows = storedLogins(dataDir);
  const findings = await everythingFound(dataDir);
  const stored = await everythingStored(dataDir, questions);
  const server = await everythingServed(dataDir, expected);
  return { stored, served: server.answers, server, findings, logins: rows };
}

it(
  '[DUR40, DUR42] data that is damaged at random is repaired, refused with a reason, or harmless, and the doctor says so',
  async () => {
    const outcomes = { harmless: 0, refused: 0, 'not opened': 0 };
    // All of them are tried: a long run names each seed that fails, not the first alone.
    const failures: Error[] = [];
    for (const seed of seeds) {
      const dataDir = await copyOf(`seed-${seed}`);
      const done = mutate(dataDir, seed);
      try {
        outcomes[await judge(dataDir, done)] += 1;
      } catch (error) {
        failures.push(new Error(`seed ${seed}: ${done}`, { cause: error }));
        console.error(`Seed ${seed} (${done}):`, error);
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    }
    const failed = failures.length;
    console.info(
      `Mutations of seeds ${seeds[0]} to ${seeds.at(-1)}: ${text({ ...outcomes, failed })}`,
    );
    const again = failures.map(({ message }) => /\d+/u.exec(message)?.[0]).join(',');
    if (failed > 0) throw new AggregateError(failures, `PARLEY_MUTATION=${again} fails`);
    if (seeds.length < 25) return;
    // The damage does something, and not everything at once.
    expect(outcomes.refused).toBeGreaterThan(5);
    expect(outcomes.harmless).toBeGreaterThan(5);
  },
  120_000 + MUTATIONS * 10_000,
);

type Outcome = 'harmless' | 'refused' | 'not opened';

/** @throws Error naming a wrong answer, or an end without a reason */
async function judge(dataDir: string, done: string): Promise<Outcome> {
  let now: Outcomes;
  try {
    now = await everythingAnswered(dataDir);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    expect(error.message).toMatch(/^[A-Z]\w+ .{30,}/su);
    // A server that does not start: the doctor has said why.
    expect((await everythingFound(dataDir)).map(({ state }) => state)).toContain('problem');
    return 'not opened';
  }
  requireAgreement(now);
  try {
    return compare(now, whole);
  } catch (error) {
    if (done.includes('parley.db-wal')) return compare(now, before);
    throw error;
  }
}

/** The doctor and the server say the same of each account. */
function requireAgreement({ findings, server, stored }: Outcomes): void {
  const problems = findings.filter(({ state }) => state !== 'good');
  // What the database itself says of its damage is of all accounts.
  const isOfAll = problems.some(({ about }) => about === 'Database');
  for (const id of ACCOUNTS) {
    const own = problems.filter(({ about }) => about === `Account ${id}`);
    const isStopped = own.some(({ found }) => found.startsWith('it cannot be served'));
    const isRefused = server.unavailable.has(id);
    // Where an index hid rows, a server makes it anew, which the doctor does not.
    const isRepaired = /what rows are found by was made anew|are fit for use again/u.test(
      server.log,
    );
    if (isStopped && !isRefused && !isRepaired)
      throw new Error(`the doctor alone says that ${id} is refused`);
    if (isRefused && !isStopped && !isOfAll && !isRepairable(own)) {
      throw new Error(`the server alone says that ${id} is refused`);
    }
    const areVoid = stored.get(`${id} logins`)?.startsWith(REFUSED) === true;
    if (areVoid && !isOfAll && !own.some(({ found }) => found.includes('login'))) {
      throw new Error(`the doctor does not say that logins of ${id} are void`);
    }
    const answered = [...server.statuses].filter(([{ path }]) => path.includes(`/account/${id}/`));
    const refused = answered.filter(([, status]) => status === 503);
    if (refused.length > 0 && own.length === 0 && !isOfAll) {
      throw new Error(
        `the doctor finds nothing of ${id}, and GET ${refused[0]?.[0].path} is refused`,
      );
    }
  }
}

/** Whether there is damage that a start makes good, and may come across more by that. */
function isRepairable(problems: readonly Finding[]): boolean {
  return problems.some(({ found }) => /index of (chats|the database)/u.test(found));
}

function compare(now: Outcomes, right: Reference): Outcome {
  const refused = [...storedRefusals(now, right), ...servedRefusals(now, right)];
  return refused.length > 0 ? 'refused' : 'harmless';
}

function* storedRefusals({ stored }: Outcomes, right: Reference): Generator<string> {
  for (const [question, answered] of stored) {
    if (answered === right.stored.get(question)) continue;
    yield question;
    if (answered.startsWith(REFUSED)) continue;
    // More accounts than there were: they are named as damaged when they are asked for.
    if (question === 'accounts' && ACCOUNTS.every((id) => answered.includes(id))) continue;
    throw new Error(`${question} ${firstDifference(answered, right.stored.get(question) ?? '')}`);
  }
  // None is gone silently.
  const lostLogins = new Map<string, number>();
  for (const question of right.stored.keys()) {
    if (stored.has(question)) continue;
    yield question;
    const [account = ''] = question.split(' ');
    if (stored.has(`${account} audit all`)) continue;
    // A login is void where the store says of its account that so many are.
    if (question.startsWith(`${account} login `)) {
      const lost = (lostLogins.get(account) ?? 0) + 1;
      lostLogins.set(account, lost);
      if (lost <= maxLostLogins(stored.get(`${account} logins`) ?? '')) continue;
    }
    throw new Error(`${question} is not answered any more`);
  }
}

/**
 * How many logins may be gone by what the store says of them: those that it counts as altered or missing;
 * all, where it cannot read them, does not know how many there were, or finds some that had ended.
 */
function maxLostLogins(said: string): number {
  if (!said.startsWith(REFUSED)) return 0;
  const altered = Number(/(\d+) rows? of login do/u.exec(said)?.[1] ?? 0);
  const [, there, written] = /there are (\d+), and (\d+) were written/u.exec(said) ?? [];
  const missing = Number(written ?? 0) - Number(there ?? 0);
  if (altered === 0 && there === undefined) return Number.POSITIVE_INFINITY;
  return missing < 0 || /the record of how many/u.test(said)
    ? Number.POSITIVE_INFINITY
    : altered + missing;
}

function* servedRefusals(now: Outcomes, right: Reference): Generator<string> {
  for (const [answer, answered] of now.served) {
    const before = right.served.get(answer) ?? '';
    if (answered === before) continue;
    const { path, as } = answer;
    yield path;
    if (answered === 'refused') continue;
    if (path.includes('/audit') && isDamagedAudit(answered, before)) continue;
    if (now.server.statuses.get(answer) === 401) {
      requireVoidLogin(now, answer);
      continue;
    }
    throw new Error(`GET ${path} by ${as} ${firstDifference(answered, before)}`);
  }
}

/** Who is asked to log in again has a login whose own row is damaged, and log and doctor say so. */
function requireVoidLogin(
  { logins: found, findings, server }: Outcomes,
  { as, path }: Answer,
): void {
  const headers = expected.readers.find((reader) => reader.as === as)?.headers ?? {};
  const own = loginsNamedBy(headers, logins);
  const account = ACCOUNTS.find((id) => path.includes(`/account/${id}/`)) ?? '';
  const said = findings.filter(({ state }) => state === 'problem').map((each) => text(each));
  const isFound = said.some(
    (each) => each.includes(`Account ${account}`) && each.includes('login'),
  );
  const isOfAll = said.some((each) => each.includes('"Database"'));
  const why = { path, as, account, isLogged: server.log.includes(`logins of account ${account}`) };
  if (own.length === 0 || own.every((row) => found.has(row))) {
    throw new Error(`401 for a login that is as it was: ${text(why)}`);
  }
  if (!why.isLogged) throw new Error(`401 without a word in the log: ${text(why)}`);
  if (!isFound && !isOfAll) throw new Error(`401 without the doctor's knowing: ${text(why)}`);
}

/** Whether some entries of an audit page say that they are damaged, and all others are right. */
function isDamagedAudit(answered: string, right: string): boolean {
  const entriesOf = (page: string) => [at(JSON.parse(page), 'body.entries') ?? []].flat();
  const [now, before] = [entriesOf(answered), entriesOf(right)];
  return (
    now.length === before.length &&
    now.every(
      (entry, index) =>
        at(entry, 'action') === 'audit.damaged' || text(entry) === text(before[index]),
    )
  );
}

/** In a few words: the answers are long. */
function firstDifference(answered: string, right: string): string {
  let from = 0;
  while (from < answered.length && answered[from] === right[from]) from += 1;
  const around = (whole: string) => whole.slice(Math.max(0, from - 60), from + 200);
  return `is …${around(answered)}…, and was …${around(right)}…`;
}
