import Database from 'libsql';

/** What SQLite takes as a parameter here. */
export type SqlValue = string | number | Buffer | null;

/**
 * One connection to a SQLite file, with its statements prepared once and kept.
 *
 * Results are always read to their end: a statement left half-read would hold the file's read lock
 * and keep the write-ahead log from being emptied.
 */
export class Connection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  /** @param busyMs how long to wait for another process's transaction, in ms. */
  constructor(path: string, busyMs: number) {
    this.#database = new Database(path, { timeout: busyMs });
  }

  /** Runs SQL that takes no parameters and answers nothing; may hold several statements. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs one write and returns the number of rows it changed. */
  run(sql: string, parameters: readonly SqlValue[]): number {
    return this.#prepared(sql).run(parameters).changes;
  }

  /** Runs one query. `Row` states the shape that its columns give. */
  all<Row>(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    return this.#prepared(sql).all(parameters) as Row[];
  }

  /** Like `all`, for a query of at most one row. */
  first<Row>(sql: string, parameters: readonly SqlValue[] = []): Row | null {
    return this.all<Row>(sql, parameters)[0] ?? null;
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The code that SQLite gave an error (`SQLITE_FULL` …), or null for any other error. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}
