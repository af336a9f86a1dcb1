import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginWalk } from '../src/integrity/walk.js';
import { DatabaseThread } from '../src/sqlite/database-thread.js';
import type { ReadRequest, WriteRequest } from '../src/group-commit/messages.js';
import type { FromWorker } from '../src/sqlite/thread-messages.js';
import { type OpenedDatabase, openDatabase } from '../src/sqlite/open-database.js';
import { type SqlitePlace, sqlitePlace } from './sqlite-place.js';

const big = JSON.stringify('x'.repeat(50_000));

/** Where a walk through a journal begins whose end is not known. */
const start = (accountId: string) =>
  beginWalk(accountId, { end: null, last: 0, losses: [], isBegun: false });

const append = (accountId: string, seq: number, data = '{}'): WriteRequest => ({
  do: 'append',
  epoch: null,
  accountId,
  values: [seq, 1, 't', 1, null, data],
});

/** The thread's work, done in this thread, with a database whose size can be limited. */
describe('the database thread', () => {
  let place: SqlitePlace;
  let opened: OpenedDatabase;
  let thread: DatabaseThread;
  let posted: FromWorker[];
  let onPost: () => void;

  beforeEach(async () => {
    vi.useFakeTimers();
    place = await sqlitePlace();
    opened = openDatabase({ directory: place.directory, exclusive: true, busyMs: 50 });
    posted = [];
    onPost = () => {};
    thread = new DatabaseThread(opened, (message) => {
      posted.push(message);
      onPost();
    });
  });
  afterEach(async () => {
    thread.close();
    vi.useRealTimers();
    await place.destroy();
  });

  function write(...writes: WriteRequest[]): FromWorker | undefined {
    thread.work({ kind: 'batch', writes, reads: [] });
    return posted.at(-1);
  }

  function read(request: ReadRequest): unknown {
    thread.work({ kind: 'batch', writes: [], reads: [request] });
    const answer = posted.at(-1);
    return answer?.kind === 'answered' ? answer.outcomes[0] : answer;
  }

  function limitPages(pages: number): void {
    opened.connection.first(`pragma max_page_count = ${pages}`);
  }

  function usedPages(): number {
    return opened.connection.first<{ page_count: number }>('pragma page_count')?.page_count ?? 0;
  }

  const page = (accountId: string) =>
    ({ ask: 'walkPage', walk: start(accountId), limit: 10 }) as const;

  it('[STORE80] the log is emptied into the database a little at a time, and not before whoever wrote is answered', () => {
    const sizeOf = (file: string) => statSync(join(place.directory, file)).size;
    let whenPosted = 0;
    onPost = () => {
      whenPosted = sizeOf('parley.db');
    };
    let emptied = 0;
    for (let seq = 1; seq <= 250; seq += 1) {
      const before = sizeOf('parley.db');
      expect(write(append('a', seq, big))).toMatchObject({ kind: 'committed' });
      expect(whenPosted).toBe(before);
      if (sizeOf('parley.db') > whenPosted) emptied += 1;
    }
    // 13 MB were written.
    expect(emptied).toBeGreaterThanOrEqual(2);
    expect(sizeOf('parley.db-wal')).toBeLessThan(8_000_000);
  });

  it('[STORE28] a full disk keeps nothing of the transaction, and remembers nothing of it', () => {
    write(append('a', 1));
    limitPages(usedPages() + 2);
    const failed = write(append('a', 2), append('b', 1), append('b', 2, big));
    expect(failed).toMatchObject({ kind: 'failed', error: { code: 'SQLITE_FULL' } });
    expect(failed).toMatchObject({
      error: { message: expect.stringContaining(`free some space for ${place.directory}`) },
    });
    expect(read(page('a'))).toMatchObject({ ok: true, answer: { entries: [{ seq: 1 }] } });

    limitPages(1_000_000);
    // Positions taken by the failed transaction are free again.
    expect(write(append('a', 2), append('b', 1))).toMatchObject({
      kind: 'committed',
      outcomes: [{ ok: true }, { ok: true }],
    });
    expect(read(page('b'))).toMatchObject({
      ok: true,
      answer: { entries: [{ seq: 1, data: '{}' }] },
    });
  });

  it('[STORE28] tries a refusing disk every second until it writes again', () => {
    limitPages(usedPages() + 2);
    write(append('a', 1, big));
    expect(posted.at(-1)).toMatchObject({ kind: 'failed' });
    opened.connection.execute('pragma query_only = on');
    vi.advanceTimersByTime(5_000);
    expect(posted.at(-1)).toMatchObject({ kind: 'failed' });
    opened.connection.execute('pragma query_only = off');
    vi.advanceTimersByTime(1_000);
    expect(posted.at(-1)).toEqual({ kind: 'recovered' });
    vi.advanceTimersByTime(5_000);
    expect(posted.filter((message) => message.kind === 'recovered')).toHaveLength(1);
  });

  it('[STORE15] a refused configuration write leaves the transaction as it was before it', () => {
    const refused: WriteRequest = {
      do: 'writeConfig',
      accountId: 'a',
      write: {
        changes: [
          { op: 'create', kind: 'users', nameKey: 'ann', data: '{}' },
          { op: 'delete', kind: 'users', id: 5 },
        ],
      },
    };
    expect(write(append('a', 1), refused, append('a', 2))).toMatchObject({
      kind: 'committed',
      outcomes: [{ ok: true }, { ok: false, error: { reason: 'missing' } }, { ok: true }],
      changed: [],
    });
    expect(read({ ask: 'loadConfig', accountId: 'a' })).toMatchObject({
      answer: { items: [], revisions: {} },
    });
  });

  it('[STORE24] looks around for the changes of others, and reports each once', () => {
    const other = openDatabase({ directory: place.directory, exclusive: false, busyMs: 50 });
    const neighbour = new DatabaseThread(other, () => undefined);
    const create: WriteRequest = { do: 'createAccount', accountId: 'a', createdAt: 1 };
    neighbour.work({ kind: 'batch', writes: [create, append('b', 1)], reads: [] });
    expect(posted).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(posted).toEqual([{ kind: 'changed', changed: ['a'] }]);
    vi.advanceTimersByTime(5_000);
    expect(posted).toHaveLength(1);
    neighbour.close();
  });

  it('[STORE24] reports the changes of others together with a commit of its own', () => {
    const other = openDatabase({ directory: place.directory, exclusive: false, busyMs: 50 });
    const neighbour = new DatabaseThread(other, () => undefined);
    const create: WriteRequest = { do: 'createAccount', accountId: 'a', createdAt: 1 };
    neighbour.work({ kind: 'batch', writes: [create], reads: [] });
    expect(write(append('b', 1))).toMatchObject({ kind: 'committed', changed: ['a'] });
    vi.advanceTimersByTime(5_000);
    expect(posted).toHaveLength(1);
    neighbour.close();
  });

  it('[STORE24] does not take its own changes for those of others', () => {
    const create: WriteRequest = { do: 'createAccount', accountId: 'mine', createdAt: 1 };
    expect(write(create)).toMatchObject({ kind: 'committed', changed: [] });
    const other = openDatabase({ directory: place.directory, exclusive: false, busyMs: 50 });
    const neighbour = new DatabaseThread(other, () => undefined);
    const theirs: WriteRequest = { do: 'createAccount', accountId: 'theirs', createdAt: 1 };
    neighbour.work({ kind: 'batch', writes: [theirs], reads: [] });
    vi.advanceTimersByTime(1_000);
    expect(posted.at(-1)).toEqual({ kind: 'changed', changed: ['theirs'] });
    neighbour.close();
  });
});
