/**
 * Stored data damaged at random: whatever was done to it, every answer is the one that the undamaged
 * data gives, or a refusal with a reason; never another one.
 *
 * `PARLEY_MUTATIONS=500` tries so many; `PARLEY_MUTATION=17` the one of that seed.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, StoreDamage, StoreFailure } from '@parley/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '@parley/runtime/integrity/examine';
import { at, DEMO_ACCOUNT, FakeClock, call, startTestServer, type TestServer } from './harness.js';
import { mutate } from './mutate.js';
import {
  askAgain,
  type Answer,
  type Expected,
  fixtures,
  toldNow,
  unpack,
} from './released-data.js';

const MUTATIONS = Number(process.env['PARLEY_MUTATIONS'] ?? 60);
const ONLY = process.env['PARLEY_MUTATION'];
/** Seeds that found something once. */
const KEPT: readonly number[] = [];

const seeds =
  ONLY === undefined
    ? [...KEPT, ...Array.from({ length: MUTATIONS }, (_, index) => 1_000 + index)]
    : [Number(ONLY)];

/** What undamaged data tells. */
interface Reference {
  readonly stored: ReadonlyMap<string, string>;
  readonly served: ReadonlyMap<Answer, string>;
}

let root: string;
let template: string;
let expected: Expected;
let whole: Reference;
/** Without the transaction that is in the log alone: SQLite takes a damaged end of it for none. */
let before: Reference;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-mutations-'));
  template = join(root, 'template');
  const [newest = ''] = [...fixtures].reverse();
  expected = await unpack(newest, template);
  // Brought up to date once, and with something left in the log, as a kill leaves it.
  await (await openSqliteStore({ directory: template })).close();
  before = await referenceOf('before');
  const store = await openSqliteStore({ directory: template });
  await store.config.write(DEMO_ACCOUNT, { changes: [], audit: [ENTRY] });
  await cp(template, join(root, 'killed'), { recursive: true });
  await store.close();
  template = join(root, 'killed');
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
  const dataDir = await copyOf(name);
  const stored = await everythingStored(dataDir);
  const served = await everythingServed(dataDir);
  expect([served.size > 100, stored.size > 10]).toEqual([true, true]);
  return { stored, served };
}

/** In one spelling, without what every start makes anew. */
function text(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** What every reader of the store gets, by question; refusals begin with `refused:`. */
async function everythingStored(dataDir: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const store = await openSqliteStore({ directory: dataDir });
  const ask = async (question: string, read: () => Promise<unknown>) => {
    try {
      answers.set(question, text(await read()));
    } catch (error) {
      answers.set(question, `refused: ${reasonOf(error)}`);
    }
  };
  try {
    await ask('accounts', () => store.accounts.list());
    for (const id of ACCOUNTS) {
      await ask(`${id} account`, () => store.accounts.get(id));
      await ask(`${id} config`, () => store.config.load(id));
      await ask(`${id} changes`, () => store.config.changedSince(id, {}));
      await ask(`${id} users`, () => store.config.list(id, 'user', { includeDeleted: true }));
      const audit = await store.config
        .audit(id, { limit: 1_000 })
        .catch((error) => [{ id: 'all', action: `refused: ${reasonOf(error)}` }]);
      // An entry that says that it is damaged is a refusal of that one.
      for (const entry of audit) {
        const isDamaged = entry.action === 'audit.damaged' || entry.action.startsWith('refused');
        answers.set(
          `${id} audit ${entry.id}`,
          isDamaged ? `refused: ${entry.action}` : text(entry),
        );
      }
      // Each login alone: who lost one logs in again.
      const logins = await store.logins.load(id, 0).catch(() => []);
      for (const login of logins) answers.set(`${id} login ${login.bearerHash}`, text(login));
      await ask(`${id} doctor`, async () => {
        const { damage, besides, passedOver, stops } = await examine(store.journal, id);
        const found = [...damage, ...besides, ...passedOver, ...(stops === null ? [] : [stops])];
        for (const each of found) mustSayWhy(each);
        return found.length === 0 ? 'nothing' : found.map((each) => each.found);
      });
    }
  } finally {
    await store.close();
  }
  return answers;
}

const ACCOUNTS = [DEMO_ACCOUNT, 'shop'];

function mustSayWhy(error: unknown): void {
  expect(reasonOf(error)).toMatch(/^[A-Z]\w+ .{30,}/su);
}

/** @throws the error, when it is none that says why. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreDamage || error instanceof StoreFailure) return error.message;
  throw error;
}

async function everythingServed(dataDir: string): Promise<Map<Answer, string>> {
  const answers = new Map<Answer, string>();
  const server: TestServer = await startTestServer({
    dataDir,
    demo: false,
    clock: new FakeClock(expected.now),
  });
  try {
    for (const answer of expected.answers) {
      const reply = await askAgain(server.http, expected, answer);
      const { status } = reply;
      if (status === 503) {
        expect(String(at(reply.body, 'error.message') ?? reply.text)).toMatch(/\w{3,} \w+/u);
        answers.set(answer, 'refused');
      } else answers.set(answer, text(toldNow(answer, reply)));
    }
    const ready = await call('GET', `${server.http}/readyz`);
    const refused = [...answers.values()].filter((each) => each === 'refused').length;
    if (refused > 20) expect(ready.text).toMatch(/because|accounts-failing|store-failing/);
  } finally {
    await server.running.close();
  }
  return answers;
}

it(
  '[DUR40] data that is damaged at random is repaired, refused with a reason, or harmless: never a wrong answer',
  async () => {
    const outcomes = { harmless: 0, refused: 0, 'not opened': 0 };
    for (const seed of seeds) {
      const dataDir = await copyOf(`seed-${seed}`);
      const done = mutate(dataDir, seed);
      try {
        outcomes[await judge(dataDir, done)] += 1;
      } catch (error) {
        throw new Error(`PARLEY_MUTATION=${seed}: ${done}`, { cause: error });
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    }
    if (seeds.length < 30) return;
    // The damage does something, and not everything at once.
    expect(outcomes.refused).toBeGreaterThan(5);
    expect(outcomes.harmless).toBeGreaterThan(5);
  },
  120_000 + MUTATIONS * 5_000,
);

type Outcome = 'harmless' | 'refused' | 'not opened';

/** @throws Error telling a wrong answer, or an end without a reason */
async function judge(dataDir: string, done: string): Promise<Outcome> {
  let now: Reference;
  try {
    now = { stored: await everythingStored(dataDir), served: await everythingServed(dataDir) };
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    mustSayWhy(error);
    return 'not opened';
  }
  try {
    return compare(now, whole);
  } catch (error) {
    if (done.includes('parley.db-wal')) return compare(now, before);
    throw error;
  }
}

function compare(now: Reference, right: Reference): Outcome {
  const refused = [...storedRefusals(now, right), ...servedRefusals(now, right)];
  return refused.length > 0 ? 'refused' : 'harmless';
}

function* storedRefusals({ stored }: Reference, right: Reference): Generator<string> {
  for (const [question, told] of stored) {
    if (told === right.stored.get(question)) continue;
    yield question;
    if (question.endsWith('doctor') || told.startsWith('refused: ')) continue;
    // More accounts than there were: they are named as damaged when they are asked for.
    if (question === 'accounts' && ACCOUNTS.every((id) => told.includes(id))) continue;
    throw new Error(`${question} ${firstDifference(told, right.stored.get(question) ?? '')}`);
  }
  // None is gone silently, but logins.
  for (const question of right.stored.keys()) {
    if (stored.has(question)) continue;
    yield question;
    const [account] = question.split(' ');
    if (question.includes(' login ') || stored.has(`${account} audit all`)) continue;
    throw new Error(`${question} is not told any more`);
  }
}

function* servedRefusals({ served }: Reference, right: Reference): Generator<string> {
  for (const [answer, told] of served) {
    const before = right.served.get(answer) ?? '';
    if (told === before) continue;
    const { path, as } = answer;
    yield path;
    // Whose login is void is asked to log in again.
    if (told === 'refused' || told.includes('"status":401')) continue;
    if (path.includes('/audit') && isDamagedAudit(told, before)) continue;
    throw new Error(`GET ${path} by ${as} ${firstDifference(told, before)}`);
  }
}

/** Whether some entries of an audit page say that they are damaged, and all others are right. */
function isDamagedAudit(told: string, right: string): boolean {
  const entriesOf = (page: string) => [at(JSON.parse(page), 'body.entries') ?? []].flat();
  const [now, before] = [entriesOf(told), entriesOf(right)];
  return (
    now.length === before.length &&
    now.every(
      (entry, index) =>
        at(entry, 'action') === 'audit.damaged' || text(entry) === text(before[index]),
    )
  );
}

/** In a few words: the answers are long. */
function firstDifference(told: string, right: string): string {
  let from = 0;
  while (from < told.length && told[from] === right[from]) from += 1;
  const around = (whole: string) => whole.slice(Math.max(0, from - 60), from + 200);
  return `is …${around(told)}…, and was …${around(right)}…`;
}
