import type { Connection } from '../sqlite/connection.js';

/** Called with how far a long step is. */
export type MigrationProgress = (done: number, of: number) => void;

/** One step of the schema. Applied once, in order of `version`, never changed after a release. */
export type Migration = {
  /** 1, 2, 3 … as in the file's name. */
  readonly version: number;
  readonly name: string;
} & (
  | {
      /** What is changed at once. */
      readonly sql: string;
    }
  | {
      /**
       * What takes long: done in transactions of its own, and gone on with where it was interrupted.
       * The step counts as applied when this has returned.
       */
      readonly fill: (connection: Connection, onProgress: MigrationProgress) => void;
    }
);
