import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Connection } from '../src/sqlite/connection.js';

it('[STORE67] reads texts that are no UTF-8 any more: with replacements, and the others as they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-text-'));
  const connection = new Connection(join(folder, 'text.db'), 0);
  onTestFinished(() => {
    connection.close();
    rmSync(folder, { recursive: true });
  });
  connection.execute(`
    create table t (id integer, a text, b text);
    insert into t values (1, 'good', null), (2, cast(x'ff80' as text), 'ä'),
      (3, cast(x'e282' as text), cast(x'ac' as text))`);
  const read = 'select id, a, b from t where id <= $1 order by id';
  expect(connection.all(read, [1])).toEqual([{ id: 1, a: 'good', b: null }]);
  expect(connection.all(read, [3])).toEqual([
    { id: 1, a: 'good', b: null },
    { id: 2, a: '\uFFFD\uFFFD', b: 'ä' },
    { id: 3, a: '\uFFFD', b: '\uFFFD' },
  ]);
  expect(connection.all(read, [0])).toEqual([]);
});
