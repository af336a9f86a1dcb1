/**
 * What a request means is written once, for every engine, as the statements that it takes: a generator
 * that hands out one statement after the other and is given what each of them brought. Whoever runs it
 * decides how: SQLite at once, in its own thread; a database that is asked over a network by waiting.
 */
import type { DamageReport } from '../damage.js';
import type { IndexedTable, Stretch } from './indexed-tables.js';

/** What goes into a statement as a parameter. */
export type SqlValue = string | number | Buffer | null;

export interface Statement {
  /** `rows`: a query; `changes`: a write, which brings how many rows it changed; `control`: a savepoint. */
  readonly brings: 'rows' | 'changes' | 'control';
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Statements, one after the other, and what comes of them in the end. */
export type Steps<T> = Generator<Statement, T, unknown>;

/** What operations are written with. */
export interface PlainStatements {
  /** A query. `Row` states the shape that its columns give. */
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Steps<Row[]>;
  /** Like `all`, for a query of at most one row. */
  first<Row>(sql: string, parameters?: readonly SqlValue[]): Steps<Row | null>;
  /** A write; brings the number of rows that it changed. */
  run(sql: string, parameters: readonly SqlValue[]): Steps<number>;
  /** Begins, keeps or takes back a part of the transaction. */
  control(sql: string): Steps<void>;
}

/** With what an engine alone knows. */
export interface Statements extends PlainStatements {
  /** The time that all who share the data go by, epoch ms. */
  clock(): Steps<number>;
  /**
   * Which index of a table does not lead to every row of an account, where the engine's indexes can be
   * compared with the rows; null when all do.
   * @param stretch only the rows there
   */
  indexDamage(
    accountId: string,
    table: IndexedTable,
    stretch?: Stretch,
  ): Steps<DamageReport | null>;
}

/** The same for every engine. */
export const statements: PlainStatements = {
  *all<Row>(sql: string, parameters: readonly SqlValue[] = []) {
    // The statement's own columns make its rows.
    return (yield { brings: 'rows', sql, parameters }) as Row[];
  },
  *first<Row>(sql: string, parameters: readonly SqlValue[] = []) {
    const [row] = (yield { brings: 'rows', sql, parameters }) as Row[];
    return row ?? null;
  },
  *run(sql, parameters) {
    return (yield { brings: 'changes', sql, parameters }) as number;
  },
  *control(sql) {
    yield { brings: 'control', sql, parameters: [] };
  },
};
