/** Tables with indexes beside that of their key: rows that an index lost are hidden from some reads. */

export type IndexedTable = 'answered_request' | 'chat_index' | 'config_item' | 'journal';

/** Those of which an account has so few rows that they are compared at once. */
export const SMALL: readonly IndexedTable[] = ['answered_request', 'config_item'];

/** Where rows are compared: after one of the key's first column, up to another. */
export interface Stretch {
  readonly after: string | number;
  readonly until: string | number;
}
