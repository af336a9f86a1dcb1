/** One step of the schema. Applied once, in order of `version`, never changed after a release. */
export interface Migration {
  /** 1, 2, 3 … as in the file's name. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
