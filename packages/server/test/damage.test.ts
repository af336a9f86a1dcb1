/**
 * Stored data that is damaged: snapshots fall back, an account whose journal is damaged is refused
 * alone and by name, and what was lost can be given up.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventVersion, SNAPSHOT_VERSION } from '@parley/engine';
import { type JournalEntry, openSqliteStore } from '@parley/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Administration, examineDatabase, planRecovery } from '../src/administration.js';
import { change, lastOf, requireNotRepeat, withStore } from './damaged-data.js';
import {
  at,
  call,
  DEMO_ACCOUNT,
  FakeClock,
  startTestServer,
  type TestServer,
  textAt,
} from './harness.js';
import {
  askAgain,
  type Expected,
  fixtures,
  requiredAnswer,
  answeredNow,
  unpack,
} from './released-data.js';

let root: string;
let template: string;
let expected: Expected;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-damage-'));
  template = join(root, 'template');
  const newest = fixtures.at(-1) ?? '';
  expected = await unpack(newest, template);
  // Brought up to date once, for all tests.
  await (await openSqliteStore({ directory: template })).close();
});
afterAll(() => rm(root, { recursive: true, force: true }));

let server: TestServer | null = null;
afterEach(async () => {
  await server?.running.close();
  server = null;
});

let copies = 0;

/** A copy of the data. */
async function copy(): Promise<string> {
  copies += 1;
  const dataDir = join(root, `copy-${copies}`);
  await cp(template, dataDir, { recursive: true });
  return dataDir;
}

/** Serves the data at the time at which the old server did. */
async function serve(dataDir: string): Promise<TestServer> {
  server = await startTestServer({ dataDir, clock: new FakeClock(expected.now) });
  return server;
}

const answersOf = (account: string) =>
  expected.answers.filter(({ path }) => path.includes(`/account/${account}`));

/** Every answer about an account is as it was. */
async function requireAllAnswered({ http }: TestServer, account: string): Promise<void> {
  const answers = answersOf(account);
  expect(answers.length).toBeGreaterThan(20);
  for (const answer of answers) {
    const reply = await askAgain(http, expected, answer);
    expect(answeredNow(answer, reply)).toMatchObject(requiredAnswer(answer));
  }
}

/** Nothing about an account is answered, to anybody who reads it. */
async function requireNothingAnswered({ http }: TestServer, account: string): Promise<void> {
  const inAccount = answersOf(account).filter(({ path }) => !path.includes('/service/'));
  const oneOfEach = new Map(inAccount.map((answer) => [answer.as, answer]));
  expect(oneOfEach.size).toBeGreaterThan(5);
  for (const answer of oneOfEach.values()) {
    const reply = await askAgain(http, expected, answer);
    expect([answer.path, reply.status, reply.headers['retry-after']]).toEqual([
      answer.path,
      503,
      expect.any(String),
    ]);
  }
}

/** When the chat at a visitor's URI was updated last, epoch ms. */
function lastUpdateOf(uri: string): number {
  const info = expected.answers.find(({ path }) => path === `${uri}/info`);
  return Date.parse(textAt(info?.body, 'info.lastUpdate'));
}

/** Puts a snapshot behind the last one. */
async function addSnapshot(dataDir: string, version: number, piece: string): Promise<void> {
  const seq = await lastOf(dataDir);
  await withStore(dataDir, async ({ journal }) => {
    const writer = await journal.beginSnapshot(DEMO_ACCOUNT, { seq, at: 1, version });
    await writer.write([piece]);
    await writer.finish();
  });
}

async function addEntry(dataDir: string, entry: Partial<JournalEntry>): Promise<void> {
  const seq = (await lastOf(dataDir)) + 1;
  const whole = { at: expected.now, type: 'chat.line', version: 1, chatId: null, data: '{}' };
  await withStore(dataDir, ({ journal }) =>
    journal.append(DEMO_ACCOUNT, [{ seq, ...whole, ...entry }]),
  );
}

describe('a snapshot', () => {
  const ofAccount = `account_id = '${DEMO_ACCOUNT}'`;
  const newest = `snapshot_id = (select max(id) from snapshot where ${ofAccount})`;

  it.each<[string, (dataDir: string) => void | Promise<void>, string[]]>([
    [
      'that is cut short',
      (dataDir) =>
        change(
          dataDir,
          `update snapshot_piece set data = substr(data, 1, length(data) / 2) where ${ofAccount} and ${newest}`,
        ),
      ['does not match its checksum'],
    ],
    [
      'that is gone in part',
      (dataDir) => change(dataDir, `delete from snapshot_piece where ${ofAccount} and ${newest}`),
      ['is missing'],
    ],
    [
      'that is no JSON, and matches its checksum',
      (dataDir) => addSnapshot(dataDir, SNAPSHOT_VERSION, '[["chat", {"id":'),
      ['not JSON'],
    ],
    [
      'of a later version',
      (dataDir) => addSnapshot(dataDir, SNAPSHOT_VERSION + 1, '[]'),
      [`of version ${SNAPSHOT_VERSION + 1}`],
    ],
    [
      'that does not go with the entries after it',
      async (dataDir) => {
        await addSnapshot(dataDir, SNAPSHOT_VERSION, '[]');
        // As the server itself would write it after that: of a chat that the snapshot lacks.
        const { uri } = expected.clients.vera;
        const chatId = uri.slice(uri.lastIndexOf('/') + 1);
        const type = 'chat.visitorNamed';
        const data = JSON.stringify({ type, chatId, name: 'Vera V.' });
        const entry = { type, version: eventVersion(type), chatId, data };
        await addEntry(dataDir, { ...entry, at: lastUpdateOf(uri) });
      },
      ['does not fit the entries before it: a chat.visitorNamed'],
    ],
    [
      'and the one before it, both altered',
      (dataDir) => change(dataDir, `update snapshot_piece set data = '{}' where ${ofAccount}`),
      ['does not match its checksum'],
    ],
  ])(
    '[DUR29] %s is passed over: everything is answered all the same, and the log says so',
    async (_, harm, words) => {
      const dataDir = await copy();
      await harm(dataDir);
      const running = await serve(dataDir);
      await requireAllAnswered(running, DEMO_ACCOUNT);
      await requireAllAnswered(running, 'shop_2');
      expect(running.log).toContain(`account ${DEMO_ACCOUNT} is loaded without a snapshot`);
      for (const word of words) expect(running.log).toContain(word);
      requireNotRepeat(running);
      expect((await call('GET', `${running.http}/readyz`)).text).toBe('{"status":"ready"}');
      // The next one takes its place.
      const again = await running.restart();
      server = again;
      expect(again.log.split('is loaded without a snapshot').length).toBe(
        running.log.split('is loaded without a snapshot').length,
      );
    },
  );
});

describe('a journal', () => {
  const tail = `account_id = '${DEMO_ACCOUNT}' and seq > (select max(seq) from snapshot where account_id = '${DEMO_ACCOUNT}')`;
  const lastFive = `account_id = '${DEMO_ACCOUNT}' and seq > (select seq - 5 from journal_end where account_id = '${DEMO_ACCOUNT}')`;
  const oneLine = `${tail} and data like '%In the other window%'`;

  const harms: [string, (dataDir: string) => void | Promise<void>, RegExp][] = [
    [
      'with an altered text',
      (dataDir) =>
        change(
          dataDir,
          `update journal set data = replace(data, 'other', 'third') where ${oneLine}`,
        ),
      /journal entry \d+ is not as written/,
    ],
    [
      'without its last five entries',
      (dataDir) => change(dataDir, `delete from journal where ${lastFive}`),
      /journal entries \d+ to \d+, the last, are missing/,
    ],
    [
      'with a gap',
      (dataDir) => change(dataDir, `delete from journal where ${oneLine}`),
      /journal entry \d+ is missing/,
    ],
    [
      'with an entry of a later version',
      (dataDir) => addEntry(dataDir, { version: 99, data: '{"type":"chat.line"}' }),
      /journal entry \d+ cannot be read: it is a chat.line of version 99.*newer Parley/,
    ],
    [
      'with an entry of an unknown type',
      (dataDir) =>
        addEntry(dataDir, { type: 'chat.sung', data: '{"type":"chat.sung","text":"Which size"}' }),
      /journal entry \d+ cannot be read: this version does not know its type/,
    ],
    [
      'with an entry that is no event',
      (dataDir) => addEntry(dataDir, { data: 'Which size' }),
      /journal entry \d+ cannot be read: its text is not JSON/,
    ],
    [
      'with an entry that does not fit',
      (dataDir) =>
        addEntry(dataDir, { data: '{"type":"chat.line","chatId":"Which size","feed":[]}' }),
      /journal entry \d+ does not fit the entries before it: a chat.line/,
    ],
    [
      'whose end is not recorded any more',
      (dataDir) => change(dataDir, `delete from journal_end where account_id = '${DEMO_ACCOUNT}'`),
      /there is no good record of where the journal ends/,
    ],
  ];

  it.each(harms)('[DUR30] %s stops its account alone, by name', async (_, harm, words) => {
    const dataDir = await copy();
    await harm(dataDir);
    const running = await serve(dataDir);
    await requireNothingAnswered(running, DEMO_ACCOUNT);
    await requireAllAnswered(running, 'shop_2');
    const ready = await call('GET', `${running.http}/readyz`);
    expect([ready.status, at(ready.body, 'status')]).toEqual([200, 'ready']);
    expect(ready.body).toMatchObject({
      unavailable: [{ account: DEMO_ACCOUNT, because: expect.stringMatching(/entr|journal/) }],
    });
    expect(running.log).toContain(`Account ${DEMO_ACCOUNT}: `);
    expect(running.log).toMatch(words);
    requireNotRepeat(running, ready.text);
  });

  it.each(harms)('[DUR31] %s can be given up, beside the running server', async (_, harm) => {
    const dataDir = await copy();
    await harm(dataDir);
    const running = await serve(dataDir);
    await withStore(dataDir, async (store) => {
      const actor = { name: 'cli', from: 'here' };
      const desk = new Administration(store, actor, () => Promise.reject(new Error('no secrets')));
      for (let found = await desk.examine(DEMO_ACCOUNT); ; ) {
        const plan = planRecovery(found);
        if (plan === null) break;
        await desk.acceptLoss(found, plan);
        found = await desk.examine(DEMO_ACCOUNT);
      }
      const [entry] = await store.config.audit(DEMO_ACCOUNT, { limit: 1 });
      expect(entry).toMatchObject({ action: 'journal.acceptLoss', actor: 'cli', from: 'here' });
    });
    // The server notices by itself.
    const { accounts } = running.running.server;
    await expect.poll(() => accounts.loaded(DEMO_ACCOUNT), { timeout: 5_000 }).toBeDefined();
    expect((await call('GET', `${running.http}/readyz`)).text).toBe('{"status":"ready"}');
    // What was there before the damage is there still, and life goes on.
    const { vera } = expected.clients;
    const { headers } = vera;
    const event = { '@type': 'line', text: 'still here' };
    const said = await call('POST', `${running.http}${vera.uri}/events`, {
      headers,
      body: { event },
    });
    expect(said.status).toBe(201);
    const before = (await call('GET', `${running.http}${vera.uri}/events`, { headers })).text;
    expect(before).toContain('and line 40');
    const again = await running.restart();
    server = again;
    expect((await call('GET', `${again.http}${vera.uri}/events`, { headers })).text).toBe(
      before.replaceAll(running.http, again.http),
    );
  });

  it('[DUR30] of the only account there is makes the server not ready', async () => {
    const dataDir = await copy();
    change(
      dataDir,
      `update journal set digest = null where seq > 1`,
      `delete from account where account_id = 'shop_2'`,
    );
    const running = await serve(dataDir);
    const ready = await call('GET', `${running.http}/readyz`);
    expect([ready.status, at(ready.body, 'status')]).toEqual([503, 'accounts-failing']);
    expect((await call('GET', `${running.http}/healthz`)).status).toBe(200);
  });

  it('[DUR31] that is damaged before its snapshots costs the history alone', async () => {
    const dataDir = await copy();
    change(
      dataDir,
      `update journal set data = '{}' where account_id = '${DEMO_ACCOUNT}' and seq = 9`,
    );
    const running = await serve(dataDir);
    await requireAllAnswered(running, DEMO_ACCOUNT);
    await withStore(dataDir, async (store) => {
      const desk = new Administration(store, { name: 'cli', from: 'here' }, () =>
        Promise.reject(new Error('no secrets')),
      );
      const found = await desk.examine(DEMO_ACCOUNT);
      expect(found.damage.map(({ report }) => [report.kind, report.seq])).toEqual([['altered', 9]]);
      const plan = planRecovery(found);
      expect(plan).toMatchObject({ live: null, history: [{ seq: 9, until: 9 }], newEnd: false });
      if (plan !== null) await desk.acceptLoss(found, plan);
      expect(planRecovery(await desk.examine(DEMO_ACCOUNT))).toBeNull();
    });
    const { headers, uri } = expected.clients.vera;
    expect((await call('GET', `${running.http}${uri}/events`, { headers })).status).toBe(200);
  });
});

it('[DUR41] an account whose configuration is damaged is refused alone, and named', async () => {
  const dataDir = await copy();
  change(
    dataDir,
    `delete from config_item where account_id = '${DEMO_ACCOUNT}' and kind = 'skill'`,
  );
  const running = await serve(dataDir);
  await requireNothingAnswered(running, DEMO_ACCOUNT);
  await requireAllAnswered(running, 'shop');
  const ready = await call('GET', `${running.http}/readyz`);
  expect(ready.status).toBe(200);
  expect(at(ready.body, 'unavailable')).toEqual([
    {
      account: DEMO_ACCOUNT,
      because: expect.stringMatching(
        /^its configuration .* config_item: there are \d+, and \d+ were/,
      ),
    },
  ]);
  expect(running.log).toContain(`account ${DEMO_ACCOUNT} cannot be loaded`);
});

it('[DUR43] a damaged page of the database stops the account that had rows on it alone, and is named', async () => {
  const dataDir = await copy();
  change(dataDir, 'pragma wal_checkpoint(truncate)');
  const path = join(dataDir, 'parley.db');
  const bytes = await readFile(path);
  const pages = Array.from({ length: bytes.length / 4_096 }, (_, page) => page * 4_096);
  // A leaf of a table, with skills of the one account and nothing of the other.
  const hit = pages.find((from) => {
    const page = bytes.subarray(from, from + 4_096).toString('latin1');
    return bytes[from] === 13 && page.includes(`${DEMO_ACCOUNT}skill`) && !page.includes('shop_2');
  });
  if (hit === undefined) throw new Error('no page has skills of that account alone');
  await writeFile(path, bytes.fill(0, hit, hit + 4_096));
  const running = await serve(dataDir);
  await requireNothingAnswered(running, DEMO_ACCOUNT);
  await requireAllAnswered(running, 'shop');
  const ready = await call('GET', `${running.http}/readyz`);
  expect(at(ready.body, 'unavailable')).toEqual([
    { account: DEMO_ACCOUNT, because: expect.stringContaining('config_item') },
  ]);
  expect(running.log).toContain(`page ${hit / 4_096 + 1} of config_item is damaged`);
  expect(running.log).toContain(`account ${DEMO_ACCOUNT} cannot be loaded`);
  const findings = await examineDatabase(dataDir);
  const problems = findings.filter(({ state }) => state === 'problem');
  expect(new Set(problems.map(({ about }) => about))).toEqual(new Set([`Account ${DEMO_ACCOUNT}`]));
});
