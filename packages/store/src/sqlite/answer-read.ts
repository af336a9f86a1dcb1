import type { AnsweredRequest } from '../answered.js';
import { getAccount } from '../sql/account-get.js';
import { listAccounts } from '../sql/account-list.js';
import { auditPage } from '../sql/audit-page.js';
import { chatsOfVisitor } from '../sql/chats-of-visitor.js';
import { getAnsweredRequest } from '../sql/answered-request-get.js';
import { getConfigKind } from '../sql/config-kind-get.js';
import { listConfigItems } from '../sql/config-list.js';
import { listChangedConfigItems } from '../sql/config-list-changed.js';
import { loadConfigItems } from '../sql/config-load-items.js';
import { loadConfigKinds } from '../sql/config-load-kinds.js';
import { getErasedUntil } from '../sql/journal-erased-get.js';
import { loadLogins } from '../sql/login-load.js';
import type { ConfigState, IndexedChat, LoginRecord, StoredAuditEntry } from '../types.js';
import { type ConfigItemRow, configItem } from './config-row.js';
import type { Connection } from './connection.js';
import { erasuresUnderWay, snapshotsOf } from './erase.js';
import type { ConfigScope, ReadAnswer, ReadRequest } from './messages.js';
import { uncleanPages } from './wipe-pages.js';
import { chatPage, emptyLog, findPage, openJournal, piecePage, walkPage } from './read-journal.js';

/** Answers one question from what is committed. */
export function answerRead(connection: Connection, request: ReadRequest): unknown {
  switch (request.ask) {
    case 'openJournal':
      return inOneView(connection, () => openJournal(connection, request.accountId));
    case 'walkPage':
      return walkPage(connection, request.walk, request.limit);
    case 'piecePage':
      return piecePage(connection, request);
    case 'chatPage':
      return inOneView(connection, () => chatPage(connection, request));
    case 'findPage':
      return inOneView(connection, () => findPage(connection, request));
    case 'erasedUntil':
      return connection.first<{ seq: number }>(getErasedUntil, [request.accountId])?.seq ?? 0;
    case 'erasuresUnderWay':
      return erasuresUnderWay(connection, request.accountId);
    case 'listSnapshots':
      return snapshotsOf(connection, request.accountId);
    case 'uncleanPages':
      return uncleanPages(connection, request);
    case 'emptyLog':
      return emptyLog(connection);
    case 'chatsOfVisitor':
      return connection.all<IndexedChat>(chatsOfVisitor, [
        request.accountId,
        request.visitorId,
        request.limit,
      ]);
    case 'loadConfig':
      return inOneView(connection, () => loadConfig(connection, request.accountId));
    case 'changedConfig':
      return inOneView(connection, () =>
        changedConfig(connection, request.accountId, request.known),
      );
    case 'listConfig':
      return inOneView(connection, () =>
        listConfig(connection, request.accountId, request.kind, request.scope),
      );
    case 'answeredRequest':
      return connection.first<AnsweredRequest>(getAnsweredRequest, [
        request.accountId,
        request.key,
      ]);
    case 'audit':
      return connection.all<StoredAuditEntry>(auditPage, [
        request.accountId,
        request.before,
        request.limit,
      ]);
    case 'getAccount':
      return connection.first<{ id: string; createdAt: number }>(getAccount, [request.accountId]);
    case 'listAccounts':
      return connection.all<{ id: string }>(listAccounts).map((account) => account.id);
    case 'loadLogins':
      return connection.all<LoginRecord>(loadLogins, [request.accountId, request.now]);
    default:
      return request satisfies never;
  }
}

/** Several queries that must fit together see the same state, whatever others commit meanwhile. */
function inOneView<T>(connection: Connection, read: () => T): T {
  connection.execute('begin');
  try {
    return read();
  } finally {
    connection.execute('commit');
  }
}

interface Standing {
  readonly kind: string;
  readonly revision: number;
  readonly nextId: number;
}

function loadConfig(connection: Connection, accountId: string): ConfigState {
  return {
    items: connection.all<ConfigItemRow>(loadConfigItems, [accountId]).map(configItem),
    ...standings(connection.all<Standing>(loadConfigKinds, [accountId])),
  };
}

function changedConfig(
  connection: Connection,
  accountId: string,
  known: Readonly<Record<string, number>>,
): ConfigState {
  const changed = connection
    .all<Standing>(loadConfigKinds, [accountId])
    .filter(({ kind, revision }) => revision !== (known[kind] ?? 0));
  const items = changed.flatMap(({ kind }) =>
    connection
      .all<ConfigItemRow>(listChangedConfigItems, [accountId, kind, known[kind] ?? 0])
      .map(configItem),
  );
  return { items, ...standings(changed) };
}

function standings(kinds: readonly Standing[]) {
  return {
    revisions: Object.fromEntries(kinds.map(({ kind, revision }) => [kind, revision])),
    nextIds: Object.fromEntries(kinds.map(({ kind, nextId }) => [kind, nextId])),
  };
}

function listConfig(
  connection: Connection,
  accountId: string,
  kind: string,
  scope: ConfigScope,
): ReadAnswer<'listConfig'> {
  const rows =
    scope.show === 'current'
      ? connection.all<ConfigItemRow>(listConfigItems, [accountId, kind])
      : connection.all<ConfigItemRow>(listChangedConfigItems, [accountId, kind, scope.after]);
  const collection = connection.first<{ revision: number }>(getConfigKind, [accountId, kind]);
  return { items: rows.map(configItem), revision: collection?.revision ?? 0 };
}
