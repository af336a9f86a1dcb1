import { appendAudit } from '../sql/audit-append.js';
import { getConfigItem } from '../sql/config-item-get.js';
import { getConfigItemByName } from '../sql/config-item-by-name.js';
import { putConfigItem } from '../sql/config-item-put.js';
import { getConfigKind } from '../sql/config-kind-get.js';
import { putConfigKind } from '../sql/config-kind-put.js';
import {
  type ConfigChange,
  type ConfigItem,
  type ConfigWrite,
  type ConfigWritten,
  StoreConflict,
} from '../types.js';
import { type ConfigItemRow, configItem } from './config-row.js';
import type { Connection } from './connection.js';
import { keepAnswered } from './keep-answered.js';

/** A collection as the write leaves it. */
interface Collection {
  readonly kind: string;
  readonly revision: number;
  nextId: number;
}

/**
 * Applies a write to an account's configuration within the open transaction.
 * @throws StoreConflict; the caller must then undo what was done so far.
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
  const items = write.changes.map((change) => {
    const collection = touch(connection, accountId, change.kind, touched);
    return applyChange(connection, accountId, collection, change);
  });
  for (const { kind, revision, nextId } of touched.values()) {
    connection.run(putConfigKind, [accountId, kind, revision, nextId]);
  }
  for (const { at, actor, action, target, from, detail } of write.audit ?? []) {
    connection.run(appendAudit, [accountId, at, actor, action, target, from, detail]);
  }
  if (write.answered !== undefined) keepAnswered(connection, accountId, write.answered);
  const collections = [...touched.values()];
  return {
    items,
    revisions: Object.fromEntries(collections.map(({ kind, revision }) => [kind, revision])),
    nextIds: Object.fromEntries(collections.map(({ kind, nextId }) => [kind, nextId])),
  };
}

function currentCollection(connection: Connection, accountId: string, kind: string) {
  const row = connection.first<{ revision: number; nextId: number }>(getConfigKind, [
    accountId,
    kind,
  ]);
  return row ?? { revision: 0, nextId: 1 };
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
  const { revision, nextId } = currentCollection(connection, accountId, kind);
  const collection = { kind, revision: revision + 1, nextId };
  touched.set(kind, collection);
  return collection;
}

function applyChange(
  connection: Connection,
  accountId: string,
  collection: Collection,
  change: ConfigChange,
): ConfigItem {
  const { revision, kind } = collection;
  const put = (item: ConfigItem): ConfigItem => {
    if (!item.deleted) refuseTakenName(connection, accountId, item);
    connection.run(putConfigItem, [
      accountId,
      kind,
      item.id,
      item.revision,
      item.deleted ? 1 : 0,
      item.nameKey,
      item.data,
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
