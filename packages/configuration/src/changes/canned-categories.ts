/**
 * Categories of canned content: at Parley's own address and at the original's. They stand in an
 * order, 1, 2, 3 … without gaps, which every change keeps.
 */
import type {
  ConfiguredCategory,
  PredefinedCategory,
  PredefinedCategoryChange,
} from '@parley/protocol';
import type { AccountConfiguration, Stored } from '../records/records.js';
import type { Draft, RecordState } from './draft.js';
import { omitUndefined, nameOf } from './fields.js';

type Categories = ReadonlyMap<number, Stored<'cannedCategory'>>;

/** As Parley's own address answers it. */
export function serializeCategory({ id, name }: Stored<'cannedCategory'>): ConfiguredCategory {
  return { id, name };
}

/** As the original's address answers it. */
export function serializePredefinedCategory(
  { id, name, order, proposed }: Stored<'cannedCategory'>,
  { records }: AccountConfiguration,
  state: RecordState,
): PredefinedCategory {
  const deleted = state === 'deleted';
  const place = deleted ? Math.max(order, 1) : placesOf(records.cannedCategory).indexOf(id) + 1;
  return { id, deleted, name, order: place, proposed };
}

/** Adds a category, as the last one unless asked otherwise; answers its id. */
export function addCategory(draft: Draft, change: PredefinedCategoryChange): number {
  const name = nameOf('name', change.name);
  const last = draft.records.cannedCategory.size + 1;
  const id = draft.create('cannedCategory', {
    name,
    order: last,
    proposed: change.proposed ?? false,
  });
  place(draft, id, change.order ?? last);
  draft.note('cannedCategory.create', `cannedCategory:${id}`, { name });
  return id;
}

export function alterCategory(draft: Draft, id: number, change: PredefinedCategoryChange): void {
  const { proposed, order } = change;
  const name = change.name === undefined ? undefined : nameOf('name', change.name);
  const before = placesOf(draft.records.cannedCategory).indexOf(id) + 1;
  const changed = draft.update('cannedCategory', id, omitUndefined({ name, proposed }));
  const moved = order !== undefined && order !== before ? { order } : {};
  if (order !== undefined && order !== before) place(draft, id, order);
  const all = { ...changed, ...moved };
  if (Object.keys(all).length > 0) {
    draft.note('cannedCategory.change', `cannedCategory:${id}`, all);
  }
}

/** Deletes a category; the texts in it stay, without it. */
export function removeCategory(draft: Draft, id: number): void {
  const { name } = draft.require('cannedCategory', id);
  for (const { id: contentId, categoryIds } of draft.records.cannedContent.values()) {
    if (!categoryIds.includes(id)) continue;
    const kept = categoryIds.filter((each) => each !== id);
    draft.update('cannedContent', contentId, { categoryIds: kept });
  }
  draft.remove('cannedCategory', id);
  number(draft, placesOf(draft.records.cannedCategory));
  draft.note('cannedCategory.delete', `cannedCategory:${id}`, { name });
}

/** The ids of all categories in their order; those of before there was an order by age, last. */
function placesOf(categories: Categories): readonly number[] {
  const place = ({ order }: Stored<'cannedCategory'>) => (order === 0 ? Infinity : order);
  return [...categories.values()]
    .sort((a, b) => (place(a) === place(b) ? a.id - b.id : place(a) - place(b)))
    .map(({ id }) => id);
}

/** Puts a category at a place; the others make room. */
function place(draft: Draft, id: number, order: number): void {
  const others = placesOf(draft.records.cannedCategory).filter((other) => other !== id);
  number(draft, others.toSpliced(order - 1, 0, id));
}

function number(draft: Draft, ids: readonly number[]): void {
  for (const [index, id] of ids.entries()) draft.update('cannedCategory', id, { order: index + 1 });
}
