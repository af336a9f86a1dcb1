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
import type { Connection } from '../sqlite/connection.js';
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
export function applyConfigWrite(
  connection: Connection,
  accountId: string,
  write: ConfigWrite,
): ConfigWritten {
  for (const [kind, expected] of Object.entries(write.ifRevision ?? {})) {
    const { revision } = currentCollection(connection, accountId, kind);
    if (revision === expected) continue;
    throw new StoreConflict(
      'revision',
      `The collection ${kind} of account ${accountId} is at revision ${revision}, not ${expected}: it was changed meanwhile. Read it again and repeat the change.`,
    );
  }
  const touched = new Map<string, Collection>();
  const changed = new TallyChange();
  const items = write.changes.map((change) => {
    const collection = touch(connection, accountId, change.kind, touched);
    return applyChange({ connection, accountId, changed }, collection, change);
  });
  changed.write(connection, accountId, 'config_item');
  putCollections(connection, accountId, [...touched.values()]);
  for (const entry of write.audit ?? []) addAudit(connection, accountId, entry);
  if (write.answered !== undefined) keepAnswered(connection, accountId, write.answered);
  const collections = [...touched.values()];
  return {
    items,
    revisions: Object.fromEntries(collections.map(({ kind, revision }) => [kind, revision])),
    nextIds: Object.fromEntries(collections.map(({ kind, nextId }) => [kind, nextId])),
  };
}

function currentCollection(connection: Connection, accountId: string, kind: string) {
  const row = connection.first<Omit<KindRow, 'kind'>>(getConfigKind, [accountId, kind]);
  if (row === null) return { revision: 0, nextId: 1, digest: null };
  requireIntactKind(accountId, { ...row, kind });
  return row;
}

function putCollections(
  connection: Connection,
  accountId: string,
  collections: readonly Collection[],
): void {
  const changed = new TallyChange();
  for (const { kind, revision, nextId, before } of collections) {
    const digest = kindDigest(accountId, { kind, revision, nextId });
    connection.run(putConfigKind, [accountId, kind, revision, nextId, digest]);
    if (before !== null) changed.remove(before);
    changed.add(digest);
  }
  changed.write(connection, accountId, 'config_kind');
}

/** One write raises a collection's revision once, however many of its records it changes. */
function touch(
  connection: Connection,
  accountId: string,
  kind: string,
  touched: Map<string, Collection>,
): Collection {
  const known = touched.get(kind);
  if (known !== undefined) return known;
  const { revision, nextId, digest } = currentCollection(connection, accountId, kind);
  const collection = { kind, revision: revision + 1, nextId, before: digest };
  touched.set(kind, collection);
  return collection;
}

/** Where a change is made. */
interface Place {
  readonly connection: Connection;
  readonly accountId: string;
  readonly changed: TallyChange;
}

function applyChange(
  { connection, accountId, changed }: Place,
  collection: Collection,
  change: ConfigChange,
): ConfigItem {
  const { revision, kind } = collection;
  const put = (item: ConfigItem): ConfigItem => {
    if (!item.deleted) refuseTakenName(connection, accountId, item);
    const { id, revision, nameKey, data } = item;
    const row = { kind, id, revision, deleted: item.deleted ? 1 : 0, nameKey, data };
    const digest = itemDigest(accountId, row);
    const before = connection.first<ConfigItemRow>(getConfigItem, [accountId, kind, id]);
    if (before !== null) changed.remove(before.digest);
    changed.add(digest);
    connection.run(putConfigItem, [
      ...[accountId, kind, id, revision, row.deleted],
      ...[nameKey, data, digest],
    ]);
    return item;
  };
  switch (change.op) {
    case 'create': {
      const id = change.id ?? collection.nextId;
      if (connection.first(getConfigItem, [accountId, kind, id]) !== null) {
        throw new StoreConflict(
          'name',
          `${kind} ${id} of account ${accountId} exists or has existed: ids are never used again. Leave the id out to get a free one.`,
        );
      }
      collection.nextId = Math.max(collection.nextId, id + 1);
      const { nameKey, data } = change;
      return put({ kind, id, revision, deleted: false, nameKey, data });
    }
    case 'update': {
      const { id, nameKey, data } = change;
      existing(connection, accountId, kind, id);
      return put({ kind, id, revision, deleted: false, nameKey, data });
    }
    case 'delete':
      return put({ ...existing(connection, accountId, kind, change.id), revision, deleted: true });
    default:
      return change satisfies never;
  }
}

function existing(connection: Connection, accountId: string, kind: string, id: number): ConfigItem {
  const row = connection.first<ConfigItemRow>(getConfigItem, [accountId, kind, id]);
  if (row !== null) requireIntactItem(accountId, row);
  if (row !== null && row.deleted === 0) return configItem(row);
  const what = row === null ? 'does not exist' : 'was deleted';
  throw new StoreConflict('missing', `${kind} ${id} of account ${accountId} ${what}.`);
}

function refuseTakenName(connection: Connection, accountId: string, item: ConfigItem): void {
  const { kind, nameKey, id } = item;
  if (nameKey === null) return;
  const holder = connection.first<{ id: number }>(getConfigItemByName, [accountId, kind, nameKey]);
  if (holder === null || holder.id === id) return;
  throw new StoreConflict(
    'name',
    `The name "${nameKey}" is taken by ${kind} ${holder.id} of account ${accountId}. Choose another.`,
  );
}
