/** What others chose as a name moves no cursor, colours no screen and makes no row of a table. */
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { expect, it } from 'vitest';
import { newFolder, parley } from './parley.js';

const HIDDEN = 'a\nZ99  Fake\u001b[2J\u009b2J\u0085\u2028\u202eb\u0007';
/** Everything that a terminal, or whoever reads lines, could take for more than text. */
const DANGEROUS = /(?!\n)\p{Cc}|[\u2028\u2029\u202e]/u;

it('[NAME3] lists, messages and errors write out what is hidden', { timeout: 60_000 }, async () => {
  const folder = await newFolder();
  const dataDir = ['--data-dir', join(folder, 'data')];
  const create = ['account', 'create', 'one', '--admin', 'boss', ...dataDir];
  expect((await parley(create, { PARLEY_PASSWORD: 'a good password' })).code).toBe(0);
  // As an earlier build may have kept it.
  const store = await openSqliteStore({ directory: join(folder, 'data') });
  const skill = { name: HIDDEN, description: '', maxWaitTime: 120 };
  const data = JSON.stringify(skill);
  await store.config.write('one', {
    changes: [{ op: 'create', kind: 'skill', nameKey: 'hidden', data }],
    audit: [
      {
        ...{ at: 0, actor: HIDDEN, action: 'skill.create', target: 'skill:1' },
        ...{ from: HIDDEN, detail: data },
      },
    ],
  });
  await store.close();

  const table = await parley(['skill', 'list', 'one', ...dataDir]);
  expect(table.out.trimEnd().split('\n')).toHaveLength(2);
  expect(table.out).toContain('a\\u000aZ99  Fake\\u001b[2J\\u009b2J\\u0085\\u2028\\u202eb\\u0007');
  const json = await parley(['skill', 'list', 'one', '--json', ...dataDir]);
  expect(JSON.parse(json.out)).toMatchObject([{ name: HIDDEN }]);
  const audit = await parley(['account', 'audit', 'one', ...dataDir]);
  const unknown = await parley(['skill', 'delete', 'one', HIDDEN.slice(2), ...dataDir]);
  const mistyped = await parley(['skill', `--${HIDDEN}`]);
  for (const { out, err } of [table, json, audit, unknown, mistyped]) {
    expect(out + err).not.toMatch(DANGEROUS);
  }
});
