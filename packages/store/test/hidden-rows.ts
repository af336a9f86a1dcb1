/** Rows hidden from an index, as a failing disk may hide them: the rows are there, and nothing else shows it. */
import { join } from 'node:path';
import Database from 'libsql';

/**
 * Makes an index anew without some rows. It is as good as any to SQLite.
 * @param rows SQL that says which are hidden
 */
export function hideRows(directory: string, index: string, rows: string): void {
  const path = join(directory, 'parley.db');
  const whole = schemaOf(path, index);
  const without = / where /iu.test(whole)
    ? `${whole} and not (${rows})`
    : `${whole} where not (${rows})`;
  setSchema(path, index, without);
  // A connection of its own: it reads the schema anew.
  withDatabase(path, (database) => database.exec(`reindex "${index}"`));
  setSchema(path, index, whole);
}

function schemaOf(path: string, index: string): string {
  let sql = '';
  withDatabase(path, (database) => {
    const [row] = database.prepare('select sql from sqlite_master where name = ?').all([index]) as {
      sql: string;
    }[];
    sql = row?.sql ?? '';
  });
  return sql;
}

function setSchema(path: string, index: string, sql: string): void {
  withDatabase(path, (database) => {
    database.exec('pragma writable_schema = on');
    database.prepare('update sqlite_master set sql = ? where name = ?').run([sql, index]);
    // So that whoever has it open reads the schema again.
    const [row] = database.prepare('pragma schema_version').all([]) as { schema_version: number }[];
    database.exec(`pragma schema_version = ${(row?.schema_version ?? 0) + 1}`);
  });
}

function withDatabase(path: string, work: (database: Database.Database) => void): void {
  const database = new Database(path);
  try {
    work(database);
  } finally {
    database.close();
  }
}
