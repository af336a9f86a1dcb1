/** Changes of records as the store takes them. */
import type { ConfigChange } from '@parley/store';
import { nameKeyOf } from './record-names.js';
import type { Kind, NewRecord } from './records.js';

/** The change that adds a record; without an id the store gives it the next one. */
export function creation<K extends Kind>(kind: K, record: NewRecord<K>, id?: number): ConfigChange {
  const change = { op: 'create', kind, nameKey: nameKeyOf(kind, record) } as const;
  const data = JSON.stringify(record);
  return id === undefined ? { ...change, data } : { ...change, data, id };
}

/** The change that replaces a record. */
export function replacement<K extends Kind>(
  kind: K,
  id: number,
  record: NewRecord<K>,
): ConfigChange {
  return { op: 'update', kind, id, nameKey: nameKeyOf(kind, record), data: JSON.stringify(record) };
}
