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
import { migrations } from '../src/migrations/all.js';

const released = fileURLToPath(new URL('../../server/test/released/', import.meta.url));

type Row = [string, ...(string | number | null)[]];

/** Makes the data directory of a fixture; gives what its journals held. */
async function unpack(fixture: string) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-released-'));
  let expected: { readonly journals: Readonly<Record<string, object>> } = { journals: {} };
  for (const file of await readdir(join(released, fixture))) {
    const content = gunzipSync(await readFile(join(released, fixture, file)));
    if (file === 'expected.json.gz') expected = JSON.parse(content.toString('utf8'));
    else await writeFile(join(directory, file.replace(/\.gz$/, '')), content);
  }
  return { directory, journals: expected.journals };
}

describe('fixtures', () => {
  it('[DUR28] are made anew whenever the schema changes: there is one of the last', async () => {
    const last = Math.max(...migrations.map(({ version }) => version));
    expect(
      await readdir(released),
      'node scripts/make-fixture.mjs <built checkout> schema-<last>',
    ).toContain(`schema-${last}`);
  });
});

describe.each(await readdir(released))('the journals of %s', (fixture) => {
  it('[DUR28] are as they were written, entry by entry', async () => {
    const { directory, journals } = await unpack(fixture);
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

  it('[STORE55] can be erased so that nothing of them is in the files, not even old copies', async () => {
    const { directory, journals } = await unpack(fixture);
    const store = await openSqliteStore({ directory, exclusive: true });
    const texts = new Set<string>();
    for (const accountId of Object.keys(journals)) {
      const loaded = await store.journal.load(accountId);
      for await (const { entries } of loaded.entriesAfter(null)) {
        for (const { data } of entries) texts.add(data);
        const left = entries.map(({ seq }) => ({ seq, data: '{}' }));
        await store.journal.erase(accountId, { entries: left });
      }
      await store.journal.forgetSnapshots(
        accountId,
        loaded.snapshots.map(({ id }) => id),
      );
    }
    await store.journal.wipePages();
    expect(await store.journal.emptyLog()).toBe(true);
    const files = await Promise.all(
      (await readdir(directory)).map((name) => readFile(join(directory, name))),
    );
    // A part of a long text may be overwritten; of none is the begin readable.
    const begins = new Set(
      [...texts].filter((text) => text.length > 80).map((t) => t.slice(0, 80)),
    );
    expect(begins.size).toBeGreaterThan(50);
    expect([...begins].filter((text) => files.some((file) => file.includes(text)))).toEqual([]);
    await store.close();
    await rm(directory, { recursive: true });
  });
});
