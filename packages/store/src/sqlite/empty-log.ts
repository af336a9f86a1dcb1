import type { Connection } from './connection.js';

/**
 * Empties the write-ahead log into the database, and its file too: until then it still holds what was
 * erased. It does not wait for whoever is reading.
 * @returns whether that could be done
 */
export function emptyLog(connection: Connection): boolean {
  const wait = connection.first<{ timeout: number }>('pragma busy_timeout')?.timeout ?? 0;
  connection.execute('pragma busy_timeout = 0');
  try {
    const done = connection.first<{ busy: number }>('pragma wal_checkpoint(truncate)');
    return done?.busy === 0;
  } finally {
    connection.execute(`pragma busy_timeout = ${wait}`);
  }
}
