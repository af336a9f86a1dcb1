/**
 * What engines of the store share, on a real PostgreSQL: the schema, every statement, and every request
 * that is made of them, beside the same requests on SQLite.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerRead } from '../../packages/store/src/operations/answer-read.ts';
import { applyWrite } from '../../packages/store/src/operations/apply-write.ts';
import { ChatEntries } from '../../packages/store/src/operations/chat-entries.ts';
import { statements } from '../../packages/store/src/operations/steps.ts';
import { recordEnds } from '../../packages/store/src/operations/write-journal.ts';
import { openDatabase } from '../../packages/store/src/sqlite/open-database.ts';
import { statementsOn } from '../../packages/store/src/sqlite/statements.ts';
import { startPostgres } from '../postgres.mjs';
import { readsAfter, requests } from './requests.mjs';

const store = fileURLToPath(new URL('../../packages/store/', import.meta.url));

/**
 * Statements of an engine's own life: of steps of SQLite's schema, of its look at other processes, of what
 * is damaged.
 */
const OF_NO_REQUEST = [
  ...['accountsWithJournal', 'bumpChange', 'countJournal', 'journalSealPage', 'listChanges'],
  ...['listMigrations', 'probeWrite', 'recordMigration', 'releaseAllLeases', 'sealJournalEntry'],
  ...['forgetLease', 'sealSnapshot', 'sealSnapshotPiece'],
];

/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let postgres;
/** @type {Awaited<ReturnType<typeof postgres.connect>>} */
let client;
/** @type {string} */
let folder;
/** @type {Map<string, string>} */
const shared = new Map();
/** What was executed. */
const done = new Set();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-shared-'));
  postgres = await startPostgres();
  client = await postgres.connect();
  await client.query(await readFile(join(store, 'schema.sql'), 'utf8'));
  for (const file of await readdir(join(store, 'src/sql'))) {
    const module = await import(join(store, 'src/sql', file));
    for (const [name, sql] of Object.entries(module)) {
      // One that takes any number of rows is made of the same text for each.
      shared.set(name, typeof sql === 'function' ? sql(1) : sql);
    }
  }
});
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('[STORE83] PostgreSQL takes every shared statement', async () => {
  expect(shared.size).toBeGreaterThan(80);
  const refused = [];
  for (const [name, sql] of shared) {
    try {
      await client.query(`prepare "${name}" as ${sql}`);
    } catch (error) {
      refused.push(`${name}: ${error.message}`);
    }
  }
  expect(refused).toEqual([]);
});

it('[STORE83] each request does and answers the same on PostgreSQL as on SQLite', async () => {
  const opened = openDatabase({ directory: join(folder, 'data'), exclusive: true, busyMs: 1_000 });
  const embedded = engineOn(statementsOn(opened.connection), (steps) =>
    opened.connection.do(steps),
  );
  const other = engineOn(statementsOnPostgres(), runOnPostgres);
  try {
    for (const request of requests) {
      expect(await other(request), JSON.stringify(request)).toEqual(await embedded(request));
    }
    for (const ask of readsAfter) {
      expect(await other(ask), JSON.stringify(ask)).toEqual(await embedded(ask));
    }
  } finally {
    opened.connection.close();
    opened.lock?.release();
  }
  // Nothing that a request is made of was left out.
  const left = [...shared].filter(([name, sql]) => !done.has(sql) && !OF_NO_REQUEST.includes(name));
  expect(left.map(([name]) => name)).toEqual([]);
});

it('[STORE83] of two who take a lease at once on PostgreSQL, in transactions of their own, one gets it', async () => {
  const second = await postgres.connect();
  try {
    for (const [round, before] of ['none', 'ran out'].entries()) {
      const account = `raced-${round}`;
      const take = (owner) => ({ do: 'takeLease', accountId: account, owner, forMs: 60_000 });
      if (before === 'ran out') {
        const engine = engineOn(statementsOnPostgres(), runOnPostgres);
        await engine({ ...take('dead'), forMs: 0 });
      }
      // Both have read that it is free before either writes.
      const racers = [client, second].map((on, index) => {
        const group = groupOn(statementsOnPostgres());
        return { on, steps: applyWrite(group, take(`node-${index}`)) };
      });
      const outcomes = await Promise.all(
        racers.map(async ({ on, steps }) => {
          await on.query('begin');
          const outcome = await runOnPostgres(steps, on).then(
            () => 'taken',
            (error) => error.reason,
          );
          await on.query('commit');
          return outcome;
        }),
      );
      expect(outcomes.sort()).toEqual(['leased', 'taken']);
    }
  } finally {
    await second.end();
  }
});

/** Whoever runs a request of either kind, in a transaction, and tells what came of it. */
function engineOn(connection, run) {
  const kept = groupOn(connection);
  return async (request) => {
    try {
      if ('ask' in request) {
        return comparable(await settled(() => run(answerRead(connection, request))));
      }
      await run(control('begin'));
      const group = { ...kept, appended: new Set(), refused: new Map(), changed: new Set() };
      const outcome = await settled(() => run(applyWrite(group, request)));
      await run(recordEnds(group));
      await run(control('commit'));
      return comparable({ outcome, changed: [...group.changed] });
    } catch (error) {
      throw new Error(`${JSON.stringify(request)}: ${error.message}`, { cause: error });
    }
  };
}

function groupOn(connection) {
  return {
    connection,
    ...{ journalEnds: new Map(), followers: new Map(), epochs: new Map() },
    ...{ chatEntries: new ChatEntries(), appended: new Set(), refused: new Map() },
    journalRows: [],
    changed: new Set(),
  };
}

/** A refusal is an answer as well. */
async function settled(work) {
  try {
    return await work();
  } catch (error) {
    if (error.reason === undefined && error.report === undefined) throw error;
    return `${error.name}: ${error.message}`;
  }
}

function* control(sql) {
  yield* statements.control(sql);
}

function statementsOnPostgres() {
  return {
    ...statements,
    *clock() {
      const sql = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now';
      return (yield* statements.first(sql)).now;
    },
    // biome-ignore lint/correctness/useYield: it is one of the steps all the same
    *indexDamage() {
      return null;
    },
  };
}

/** The driver that an engine has to bring: hands over one statement after the other, and waits. */
async function runOnPostgres(steps, on = client) {
  let next = steps.next();
  while (!next.done) {
    const { brings, sql, parameters } = next.value;
    done.add(sql);
    let brought;
    try {
      const result = await on.query(sql, parameters.length === 0 ? undefined : [...parameters]);
      brought = brings === 'rows' ? result.rows : result.rowCount;
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(brought);
  }
  return next.value;
}

/** Without what is random, and without times of either database's clock. */
function comparable(value) {
  const text = JSON.stringify(value, (_, each) => (each instanceof Map ? [...each] : each));
  if (text === undefined) return undefined;
  return JSON.parse(
    text
      .replace(/[\w-]{43}/g, 'digest')
      .replace(/"(until|epoch)":\d{13}/g, '"$1":0')
      .replace(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'then')
      .replace(/\d{13}/g, '1'),
  );
}
