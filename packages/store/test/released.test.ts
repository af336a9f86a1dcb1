/** The journals of earlier builds' data, after this build has brought their databases up to date. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { type CheckStep, openSqliteStore } from '../src/index.js';

const released = fileURLToPath(new URL('../../server/test/released/', import.meta.url));

type Row = [string, ...(string | number | null)[]];

describe.each(await readdir(released))('the journals of %s', (fixture) => {
  it('[DUR28] are as they were written, entry by entry', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-released-'));
    for (const file of await readdir(join(released, fixture))) {
      const content = gunzipSync(await readFile(join(released, fixture, file)));
      await writeFile(join(directory, file.replace(/\.gz$/, '')), content);
    }
    const { journals } = JSON.parse(await readFile(join(directory, 'expected.json'), 'utf8'));
    const store = await openSqliteStore({ directory, exclusive: true });
    for (const accountId of Object.keys(journals)) {
      const steps: CheckStep[] = [];
      for await (const step of store.journal.check(accountId)) steps.push(step);
      expect(steps.filter(({ step }) => step === 'damage')).toEqual([]);
      expect(steps.some(({ step }) => step === 'snapshot')).toBe(true);
    }
    await store.close();
    const database = new Database(join(directory, 'parley.db'));
    const rows = database
      .prepare(
        'select account_id, seq, at, type, version, chat_id, data from journal order by account_id, seq',
      )
      .raw()
      .all() as Row[];
    database.close();
    const found: Record<string, unknown> = {};
    for (const accountId of Object.keys(journals)) {
      const entries = rows.filter(([account]) => account === accountId);
      const hash = createHash('sha256');
      for (const [, ...entry] of entries) hash.update(`${JSON.stringify(entry)}\n`);
      found[accountId] = { entries: entries.length, sha256: hash.digest('hex') };
    }
    expect(found).toMatchObject(
      Object.fromEntries(
        Object.entries(journals as Record<string, { entries: number; sha256: string }>).map(
          ([accountId, { entries, sha256 }]) => [accountId, { entries, sha256 }],
        ),
      ),
    );
    await rm(directory, { recursive: true });
  });
});
