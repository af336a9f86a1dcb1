import { afterEach, expect, it } from 'vitest';
import { Connection } from '../src/sqlite/connection.js';

const connection = new Connection(':memory:', 0);
afterEach(() => connection.execute('drop table t'));

it('[STORE67] reads texts that are no UTF-8 any more: with replacements, and the others as they are', () => {
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
