import { listAccounts } from '../sql/account-list.js';
import { readAudit } from './audit.js';
import { checkChatPage, readChatsOfVisitor } from '../projections/chats-by-visitor.js';
import { projectionsBehind } from '../projections/rebuild.js';
import { checkAudit, checkChatEntries, checkRecords } from './check-rows.js';
import type { Connection } from '../sqlite/connection.js';
import { readCursor } from './cursors.js';
import { journalPortion } from './read-portion.js';
import { readStanding } from './rest.js';
import { snapshotsOf } from './erase.js';
import { indexDamage } from './index-damage.js';
import { readAnswered } from './keep-answered.js';
import { readLogins } from './logins.js';
import type { ReadRequest } from '../group-commit/messages.js';
import { readAccount } from './read-account.js';
import { changedConfig, configHolding, listConfig, loadConfig } from './read-config.js';
import { chatPage, emptyLog, findPage, openJournal, piecePage, walkPage } from './read-journal.js';
import { erasuresUnderWay } from './visitor-erasures.js';
import { uncleanPages } from '../sqlite/wipe-pages.js';

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
    case 'cursor':
      return readCursor(connection, request.accountId, request.name);
    case 'standing':
      return readStanding(connection);
    case 'journalPortion':
      return inOneView(connection, () => journalPortion(connection, request));
    case 'erasuresUnderWay':
      return inOneView(connection, () => erasuresUnderWay(connection, request.accountId));
    case 'listSnapshots':
      return snapshotsOf(connection, request.accountId);
    case 'uncleanPages':
      return uncleanPages(connection, request);
    case 'emptyLog':
      return emptyLog(connection);
    case 'chatsOfVisitor':
      return inOneView(connection, () => readChatsOfVisitor(connection, request));
    case 'projectionsBehind':
      return inOneView(connection, () => projectionsBehind(connection, request.accountId));
    case 'checkChats':
      return inOneView(connection, () => checkChatPage(connection, request));
    case 'checkJournalIndex':
      return indexDamage(connection, request.accountId, 'journal', request);
    case 'checkChatEntries':
      return checkChatEntries(connection, request);
    case 'checkRecords':
      return inOneView(connection, () => checkRecords(connection, request.accountId));
    case 'checkAudit':
      return inOneView(connection, () => checkAudit(connection, request));
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
    case 'configHolding':
      return configHolding(connection, request);
    case 'answeredRequest':
      return inOneView(connection, () => readAnswered(connection, request.accountId, request.key));
    case 'audit':
      return inOneView(connection, () => readAudit(connection, request));
    case 'getAccount':
      return inOneView(connection, () => readAccount(connection, request.accountId));
    case 'listAccounts':
      return connection.all<{ id: string }>(listAccounts).map((account) => account.id);
    case 'loadLogins':
      return inOneView(connection, () => readLogins(connection, request));
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
