/** Why a store refuses a write or cannot do its work. */

export type ConflictReason =
  | 'fenced'
  | 'leased'
  | 'gap'
  | 'revision'
  | 'name'
  | 'missing'
  | 'full'
  | 'rebuilding';

/** The write was refused because of what is stored already; nothing changed. */
export class StoreConflict extends Error {
  readonly reason: ConflictReason;
  constructor(reason: ConflictReason, message: string) {
    super(message);
    this.name = 'StoreConflict';
    this.reason = reason;
  }
}

/** The store could not do its work (disk full, closed, damaged); nothing was acknowledged. */
export class StoreFailure extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreFailure';
  }
}
