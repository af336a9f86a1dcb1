import { getConfigItem } from '../sql/config-item-get.js';
import { getConfigItemByName } from '../sql/config-item-by-name.js';
import { putConfigItem } from '../sql/config-item-put.js';
import { getConfigKind } from '../sql/config-kind-get.js';
import { putConfigKind } from '../sql/config-kind-put.js';
import type {
  ConfigChange,
  ConfigItem,
  ConfigWrite,
  ConfigWritten,
} from '../port/configuration.js';
import { StoreConflict } from '../port/errors.js';
import { addAudit } from './audit.js';
import { type ConfigItemRow, configItem } from './config-row.js';
import type { Statements, Steps } from './steps.js';
import { keepAnswered } from './keep-answered.js';
import { type KindRow, requireIntactItem, requireIntactKind } from './read-config.js';
import { itemDigest, kindDigest } from './row-digests.js';
import { TallyChange } from './tally.js';

/** A collection as the write leaves it. */
interface Collection {
  readonly kind: string;
  readonly revision: number;
  nextId: number;
  /** The digest that its row had; null when it is new. */
  readonly before: string | null;
}

/**
 * Applies a write to an account's configuration within the open transaction.
 * @throws StoreConflict, and StoreDamage where it would build on what is damaged; the caller must then
 *   undo what was done so far.
 */
export function* applyConfigWrite(
  connection: Statements,
  accountId: string,
  write: ConfigWrite,
): Steps<ConfigWritten> {
  for (const [kind, expected] of Object.entries(write.ifRevision ?? {})) {
    const { revision } = yield* currentCollection(connection, accountId, kind);
    if (revision === expected) continue;
    throw new StoreConflict(
      'revision',
      `The collection ${kind} of account ${accountId} is at revision ${revision}, not ${expected}: it was changed meanwhile. Read it again and repeat the change.`,
    );
  }
  const touched = new Map<string, Collection>();
  const changed = new TallyChange();
  const items: ConfigItem[] = [];
  for (const change of write.changes) {
    const collection = yield* touch(connection, accountId, change.kind, touched);
    items.push(yield* applyChange({ connection, accountId, changed }, collection, change));
  }
  yield* changed.write(connection, accountId, 'config_item');
  yield* putCollections(connection, accountId, [...touched.values()]);
  for (const entry of write.audit ?? []) yield* addAudit(connection, accountId, entry);
  if (write.answered !== undefined) yield* keepAnswered(connection, accountId, write.answered);
  const collections = [...touched.values()];
  return {
    items,
    revisions: Object.fromEntries(collections.map(({ kind, revision }) => [kind, revision])),
    nextIds: Object.fromEntries(collections.map(({ kind, nextId }) => [kind, nextId])),
  };
}

function* currentCollection(connection: Statements, accountId: string, kind: string) {
  const row = yield* connection.first<Omit<KindRow, 'kind'>>(getConfigKind, [accountId, kind]);
  if (row === null) return { revision: 0, nextId: 1, digest: null };
  requireIntactKind(accountId, { ...row, kind });
  return row;
}

function* putCollections(
  connection: Statements,
  accountId: string,
  collections: readonly Collection[],
): Steps<void> {
  const changed = new TallyChange();
  for (const { kind, revision, nextId, before } of collections) {
    const digest = kindDigest(accountId, { kind, revision, nextId });
    yield* connection.run(putConfigKind, [accountId, kind, revision, nextId, digest]);
    if (before !== null) changed.remove(before);
    changed.add(digest);
  }
  yield* changed.write(connection, accountId, 'config_kind');
}

/** One write raises a collection's revision once, however many of its records it changes. */
function* touch(
  connection: Statements,
  accountId: string,
  kind: string,
  touched: Map<string, Collection>,
): Steps<Collection> {
  const known = touched.get(kind);
  if (known !== undefined) return known;
  const { revision, nextId, digest } = yield* currentCollection(connection, accountId, kind);
  const collection = { kind, revision: revision + 1, nextId, before: digest };
  touched.set(kind, collection);
  return collection;
}

/** Where a change is made. */
interface Place {
  readonly connection: Statements;
  readonly accountId: string;
  readonly changed: TallyChange;
}

function* applyChange(
  place: Place,
  collection: Collection,
  change: ConfigChange,
): Steps<ConfigItem> {
  const { connection, accountId } = place;
  const { revision, kind } = collection;
  switch (change.op) {
    case 'create': {
      const id = change.id ?? collection.nextId;
      if ((yield* connection.first(getConfigItem, [accountId, kind, id])) !== null) {
        throw new StoreConflict(
          'name',
          `${kind} ${id} of account ${accountId} exists or has existed: ids are never used again. Leave the id out to get a free one.`,
        );
      }
      collection.nextId = Math.max(collection.nextId, id + 1);
      const { nameKey, data } = change;
      return yield* put(place, { kind, id, revision, deleted: false, nameKey, data });
    }
    case 'update': {
      const { id, nameKey, data } = change;
      yield* existing(connection, accountId, kind, id);
      return yield* put(place, { kind, id, revision, deleted: false, nameKey, data });
    }
    case 'delete': {
      const item = yield* existing(connection, accountId, kind, change.id);
      return yield* put(place, { ...item, revision, deleted: true });
    }
    default:
      return change satisfies never;
  }
}

function* put({ connection, accountId, changed }: Place, item: ConfigItem): Steps<ConfigItem> {
  if (!item.deleted) yield* refuseTakenName(connection, accountId, item);
  const { kind, id, revision, nameKey, data } = item;
  const row = { kind, id, revision, deleted: item.deleted ? 1 : 0, nameKey, data };
  const digest = itemDigest(accountId, row);
  const before = yield* connection.first<ConfigItemRow>(getConfigItem, [accountId, kind, id]);
  if (before !== null) changed.remove(before.digest);
  changed.add(digest);
  yield* connection.run(putConfigItem, [
    ...[accountId, kind, id, revision, row.deleted],
    ...[nameKey, data, digest],
  ]);
  return item;
}

function* existing(
  connection: Statements,
  accountId: string,
  kind: string,
  id: number,
): Steps<ConfigItem> {
  const row = yield* connection.first<ConfigItemRow>(getConfigItem, [accountId, kind, id]);
  if (row !== null) requireIntactItem(accountId, row);
  if (row !== null && row.deleted === 0) return configItem(row);
  const what = row === null ? 'does not exist' : 'was deleted';
  throw new StoreConflict('missing', `${kind} ${id} of account ${accountId} ${what}.`);
}

function* refuseTakenName(
  connection: Statements,
  accountId: string,
  item: ConfigItem,
): Steps<void> {
  const { kind, nameKey, id } = item;
  if (nameKey === null) return;
  const holder = yield* connection.first<{ id: number }>(getConfigItemByName, [
    accountId,
    kind,
    nameKey,
  ]);
  if (holder === null || holder.id === id) return;
  throw new StoreConflict(
    'name',
    `The name "${nameKey}" is taken by ${kind} ${holder.id} of account ${accountId}. Choose another.`,
  );
}
