/** What rows are found by: it can be damaged alone, while every row is there and as it was written. */

/** An index that does not lead to all rows of its table. */
export interface IndexFault {
  /** Name of the index. */
  readonly index: string;
  readonly table: string;
  /** How many rows it does not lead to, as far as they were counted; 0 when only their number differs. */
  readonly rows: number;
}

/** What SQLite itself finds wrong with its file. */
export interface FileFaults {
  readonly indexes: readonly IndexFault[];
  /** Anything else, such as pages that are none, in SQLite's words: they name pages and tables, no data. */
  readonly others: readonly string[];
}

export interface Indexes {
  /** As `damaged`, and what else is wrong with the file, also in tables that nothing else reads whole. */
  check(): Promise<FileFaults>;
  /**
   * Compares every index with the rows of its table, of all accounts: a look at the whole database.
   * Empty also where the database cannot be read so far: other reads say so.
   */
  damaged(): Promise<readonly IndexFault[]>;
  /**
   * Makes anew what a table's rows are found by. It changes no row.
   * @returns false when that cannot be done, such as where two rows have the same key or pages of the file are damaged
   */
  rebuild(table: string): Promise<boolean>;
}
