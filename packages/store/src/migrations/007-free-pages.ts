import type { Connection } from '../sqlite/connection.js';
import type { Migration } from './migration.js';

/** What is written at once: bounds the memory and the log that it takes, bytes. */
const AT_ONCE = 16 * 1024 * 1024;

/**
 * Overwrites what earlier versions removed: they left it readable in the free pages of the file. All
 * free pages are taken into use, filled with zeros, and given back. From this version on SQLite
 * overwrites whatever is removed (`secure_delete`).
 */
export const freePages: Migration = {
  version: 7,
  name: 'free pages overwritten',
  fill(connection) {
    connection.execute('create table if not exists filler (zeros blob not null)');
    const size = numberOf(connection, 'page_size');
    for (;;) {
      const free = numberOf(connection, 'freelist_count');
      if (free === 0) break;
      // So much that it takes one of them at least.
      const bytes = Math.min(free * (size - 4), AT_ONCE) + 1;
      connection.run('insert into filler (zeros) values (zeroblob($1))', [bytes]);
    }
    let left = 1;
    while (left > 0) {
      left = connection.run('delete from filler where rowid = (select max(rowid) from filler)', []);
    }
    connection.execute('drop table filler');
  },
};

function numberOf(connection: Connection, pragma: 'page_size' | 'freelist_count'): number {
  const row = connection.first<Record<string, number>>(`pragma ${pragma}`);
  return row?.[pragma] ?? 0;
}
