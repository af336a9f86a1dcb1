/** What stands in a record, by the name of the field; what does not stand there as expected is left out. */
import type { Cell, FieldSpec, Item, Records } from './model.js';

export function text(item: Item | null, name: string): string {
  const value = item?.[name];
  return typeof value === 'string' ? value : '';
}

export function number(item: Item | null, name: string, otherwise: number): number {
  const value = item?.[name];
  return typeof value === 'number' ? value : otherwise;
}

export function flag(item: Item | null, name: string, otherwise: boolean): boolean {
  const value = item?.[name];
  return typeof value === 'boolean' ? value : otherwise;
}

export function listOf<T>(item: Item | null, name: string): readonly T[] {
  const value = item?.[name];
  return Array.isArray(value) ? (value as T[]) : [];
}

/** Where a record stands among the others: the server says it of one that is new. */
export const ORDER: FieldSpec = {
  ...({ name: 'order', label: 'field.order', kind: 'number' } as const),
  min: 0,
  max: 1_000_000,
  only: 'existing',
};

/** A cell that says whether a record is enabled. */
export function enabled(name: string): (item: Item) => Cell {
  return (item) =>
    flag(item, name, true)
      ? { state: 'on', label: 'state.enabled' }
      : { state: 'off', label: 'state.disabled' };
}

/** A collection whose records are read by name. */
export function asRecords(records: unknown): Records {
  return records as Records;
}
