/** Where bots keep what they know of their chats: in a database. */
import Database from 'libsql';
import { expect, it } from 'vitest';
import { type Query, sqlStorage } from '../src/index.js';

/** As a program would do it, with a real database. */
function queryOn(database: Database.Database): Query {
  return (sql, values) => {
    const statement = database.prepare(sql);
    if (sql.startsWith('select')) return statement.all([...values]) as object[];
    statement.run([...values]);
    return [];
  };
}

it('[BOT16] keeps, replaces and forgets what is known of each chat', async () => {
  const database = new Database(':memory:');
  const storage = sqlStorage(queryOn(database), { table: 'of_my_bot' });
  expect(await storage.getItem('a')).toBeNull();
  await storage.setItem('a', '{"asked":"O\'Brien; drop table of_my_bot"}');
  await storage.setItem('b', '{}');
  await storage.setItem('a', '{"asked":2}');
  expect([await storage.getItem('a'), await storage.getItem('b')]).toEqual(['{"asked":2}', '{}']);
  await storage.removeItem('a');
  // Another process, with the table there already.
  const again = sqlStorage(queryOn(database), { table: 'of_my_bot' });
  expect([await again.getItem('a'), await again.getItem('b')]).toEqual([null, '{}']);
  database.close();
});

it('[BOT16] what was kept last stays, though its write was the quicker one', async () => {
  const rows = new Map<string, string>();
  const waits = [30, 0];
  const asked: string[] = [];
  const slow: Query = async (sql, [name = '', value = '']) => {
    asked.push(sql);
    if (!sql.startsWith('insert')) return [];
    await new Promise((resolve) => setTimeout(resolve, waits.shift()));
    rows.set(name, value);
    return [];
  };
  const storage = sqlStorage(slow, { placeholders: '$' });
  await Promise.all([storage.setItem('a', 'first'), storage.setItem('a', 'second')]);
  expect(rows.get('a')).toBe('second');
  expect(asked[1]).toContain('values ($1, $2)');
});

it('[BOT16] a database that is not there at first is asked again', async () => {
  const database = new Database(':memory:');
  const real = queryOn(database);
  let isThere = false;
  const storage = sqlStorage((sql, values) => {
    if (!isThere) throw new Error('not yet');
    return real(sql, values);
  });
  await expect(storage.setItem('a', '1')).rejects.toThrow('not yet');
  isThere = true;
  await storage.setItem('a', '2');
  expect(await storage.getItem('a')).toBe('2');
  database.close();
});

it('[BOT16] a table whose name is none is refused at once', () => {
  const none: Query = () => [];
  expect(() => sqlStorage(none, { table: 'chats; drop table users' })).toThrow(
    'table must be the name of a table, got "chats; drop table users".',
  );
});
