import { listAccounts } from '../sql/account-list.js';
import { readAudit } from './audit.js';
import { checkChatPage, readChatsOfVisitor } from '../projections/chats-by-visitor.js';
import { projectionsBehind } from '../projections/rebuild.js';
import { checkAudit, checkChatEntries, checkRecords } from './check-rows.js';
import type { Statements, Steps } from './steps.js';
import { readCursor } from './cursors.js';
import { findExpired, leaseOf } from './leases.js';
import { journalPortion } from './read-portion.js';
import { readStanding } from './rest.js';
import { snapshotsOf } from './erase.js';
import { readAnswered } from './keep-answered.js';
import { readLogins } from './logins.js';
import type { SharedRead } from '../group-commit/messages.js';
import { readAccount } from './read-account.js';
import { changedConfig, configHolding, listConfig, loadConfig } from './read-config.js';
import { chatPage, findPage, openJournal, piecePage, walkPage } from './read-journal.js';
import { erasuresUnderWay } from './visitor-erasures.js';

/** Answers one question: all of its queries are to see the same state, whatever others commit meanwhile. */
export function* answerRead(connection: Statements, request: SharedRead): Steps<unknown> {
  switch (request.ask) {
    case 'openJournal':
      return yield* openJournal(connection, request.accountId);
    case 'walkPage':
      return yield* walkPage(connection, request.walk, request.limit);
    case 'piecePage':
      return yield* piecePage(connection, request);
    case 'chatPage':
      return yield* chatPage(connection, request);
    case 'findPage':
      return yield* findPage(connection, request);
    case 'cursor':
      return yield* readCursor(connection, request.accountId, request.name);
    case 'lease':
      return yield* leaseOf(connection, request.accountId);
    case 'expiredLeases':
      return yield* findExpired(connection, request);
    case 'standing':
      return yield* readStanding(connection);
    case 'journalPortion':
      return yield* journalPortion(connection, request);
    case 'erasuresUnderWay':
      return yield* erasuresUnderWay(connection, request.accountId);
    case 'listSnapshots':
      return yield* snapshotsOf(connection, request.accountId);
    case 'chatsOfVisitor':
      return yield* readChatsOfVisitor(connection, request);
    case 'projectionsBehind':
      return yield* projectionsBehind(connection, request.accountId);
    case 'checkChats':
      return yield* checkChatPage(connection, request);
    case 'checkJournalIndex':
      return yield* connection.indexDamage(request.accountId, 'journal', request);
    case 'checkChatEntries':
      return yield* checkChatEntries(connection, request);
    case 'checkRecords':
      return yield* checkRecords(connection, request.accountId);
    case 'checkAudit':
      return yield* checkAudit(connection, request);
    case 'loadConfig':
      return yield* loadConfig(connection, request.accountId);
    case 'changedConfig':
      return yield* changedConfig(connection, request.accountId, request.known);
    case 'listConfig':
      return yield* listConfig(connection, request.accountId, request.kind, request.scope);
    case 'configHolding':
      return yield* configHolding(connection, request);
    case 'answeredRequest':
      return yield* readAnswered(connection, request.accountId, request.key);
    case 'audit':
      return yield* readAudit(connection, request);
    case 'getAccount':
      return yield* readAccount(connection, request.accountId);
    case 'listAccounts':
      return (yield* connection.all<{ id: string }>(listAccounts)).map((account) => account.id);
    case 'loadLogins':
      return yield* readLogins(connection, request);
    default:
      return request satisfies never;
  }
}
