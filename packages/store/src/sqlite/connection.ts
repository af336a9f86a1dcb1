import { isUtf8 } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import type { SqlValue, Statement, Steps } from '../operations/steps.js';

/**
 * One connection to a SQLite file, with its statements prepared once and kept.
 *
 * Results are always read to their end: a statement left half-read would hold the file's read lock
 * and keep the write-ahead log from being emptied.
 */
export class Connection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();
  /** For each query, the one that gives all of its texts as bytes. */
  readonly #checks = new Map<string, string>();

  /**
   * @param busyMs how long to wait for another process's transaction, in ms.
   * @throws Database.SqliteError when the file cannot be opened
   */
  constructor(path: string, busyMs: number) {
    try {
      this.#database = new Database(addressOf(path), { timeout: busyMs });
    } catch (error) {
      throw openingError(path, error);
    }
  }

  /** Runs SQL that takes no parameters and answers nothing; may hold several statements. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Runs the statements of an operation, one after the other, and returns what comes of them. */
  do<T>(steps: Steps<T>): T {
    let next = steps.next();
    while (!next.done) next = this.#step(steps, next.value);
    return next.value;
  }

  #step<T>(steps: Steps<T>, { brings, sql, parameters }: Statement): IteratorResult<Statement, T> {
    let brought: unknown;
    try {
      if (brings === 'rows') brought = this.all(sql, parameters);
      else if (brings === 'changes') brought = this.run(sql, parameters);
      else this.execute(sql);
    } catch (error) {
      return steps.throw(error);
    }
    return steps.next(brought);
  }

  /** Runs one write and returns the number of rows it changed. */
  run(sql: string, parameters: readonly SqlValue[]): number {
    return this.#prepared(sql).run(parameters).changes;
  }

  /** Runs one query. `Row` states the shape that its columns give. */
  all<Row>(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    if (!sql.trimStart().startsWith('select') || this.#isText(sql, parameters)) {
      return this.#prepared(sql).all(parameters) as Row[];
    }
    const rows = this.#prepared(this.#asBytes(sql)).all(parameters) as Record<string, unknown>[];
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) row[column] = decoded(value);
      }
    }
    return rows as Row[];
  }

  /**
   * Whether every text that a query gives is valid UTF-8. One that is not, such as after a damaged byte,
   * ends the whole process inside libsql, so it is looked at before, all of them as one.
   */
  #isText(sql: string, parameters: readonly SqlValue[]): boolean {
    const known = this.#checks.get(sql);
    const check = known ?? checkOf(sql, this.#columnsOf(sql));
    if (known === undefined) this.#checks.set(sql, check);
    const [row] = this.#prepared(check).all(parameters) as { bytes: Uint8Array | null }[];
    return row === undefined || row.bytes === null || isUtf8(row.bytes);
  }

  /** The query with its texts as bytes: slower, for what is damaged alone. */
  #asBytes(sql: string): string {
    const columns = this.#columnsOf(sql).map(
      (column) =>
        `case typeof("${column}") when 'text' then cast("${column}" as blob) else "${column}" end as "${column}"`,
    );
    return `select ${columns.join(', ')} from (${sql})`;
  }

  #columnsOf(sql: string): string[] {
    return this.#prepared(sql)
      .columns()
      .map(({ name }) => name);
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

/**
 * The file by SQLite's own way to the disk. Unless told otherwise libsql takes another one, made for encryption,
 * which takes a read that the disk refused for one that was done: what happened to be in memory then is
 * believed, and written over good pages when the log is emptied (STORE88).
 */
function addressOf(path: string): string {
  return `${pathToFileURL(path).href}?vfs=${process.platform === 'win32' ? 'win32' : 'unix'}`;
}

/** Why a file may fail to open, by SQLite's numbers: libsql gives the number alone, at the end of its text. */
const OPENING_CODES: Readonly<Record<string, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

function openingError(path: string, error: unknown): unknown {
  const number = /: (\d+)"\)$/u.exec(error instanceof Error ? error.message : '')?.[1];
  const code = number === undefined ? undefined : OPENING_CODES[number];
  return code === undefined ? error : new Database.SqliteError(`${path} cannot be opened`, code);
}

function checkOf(sql: string, columns: readonly string[]): string {
  // Commas between them, so that no two halves of a character make a whole one.
  const texts = columns.map((column) => `coalesce("${column}", '')`).join(` || ',' || `);
  return `select cast(group_concat(${texts}) as blob) as "bytes" from (${sql})`;
}

/** What is no UTF-8 is replaced: the text then does not match its checksum. */
function decoded(bytes: ArrayBuffer | ArrayBufferView): string {
  const view = ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
  return view.toString('utf8');
}

/** The code that SQLite gave an error (`SQLITE_FULL` …), or null for any other error. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}

/** Whether SQLite found its file damaged. */
export function isDamage(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_CORRUPT') === true;
}
