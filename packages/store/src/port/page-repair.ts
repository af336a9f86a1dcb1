/** Damaged pages of a file that were made fit for use, for people: no clause holds anything of the data. */
export interface PageRepair {
  /** One clause each, naming page, table or index. */
  readonly done: readonly string[];
  /** Folder in which pages of rows are kept as they stood there; null when there was none. */
  readonly kept: string | null;
}
