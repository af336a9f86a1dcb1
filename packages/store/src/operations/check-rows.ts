/** Checks the rows that are no journal, for whoever looks for damage: nothing of it is thrown. */
import { type DamageKind, type DamageReport, StoreDamage } from '../damage.js';
import type { Tally } from '../integrity/rows.js';
import { getAccount } from '../sql/account-get.js';
import { chatEntriesPage } from '../sql/chat-entries-page.js';
import type { Statements, Steps } from './steps.js';
import { DAMAGED_ENTRY, lastAudit, readAudit } from './audit.js';
import { rowDamage } from './damage-of-rows.js';
import { inOrder } from './in-order.js';
import { SMALL } from './indexed-tables.js';
import { checkAnswered } from './keep-answered.js';
import { readLogins } from './logins.js';
import type { ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import { readAccount } from './read-account.js';
import { readConfiguration } from './read-config.js';
import { chatEntriesDigest } from './row-digests.js';
import { readTally } from './tally.js';
import { erasuresUnderWay } from './visitor-erasures.js';

export function* checkRecords(connection: Statements, accountId: string): Steps<DamageReport[]> {
  const damage: DamageReport[] = [];
  for (const check of [readAccount, readConfiguration, checkAnswered]) {
    try {
      yield* check(connection, accountId);
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      damage.push(error.report);
    }
  }
  const found = (kind: DamageKind, why: string | null) => {
    if (why !== null) damage.push(rowDamage(kind, accountId, why).report);
  };
  found('logins', (yield* readLogins(connection, { ask: 'loadLogins', accountId, now: 0 })).damage);
  found('erasures', (yield* erasuresUnderWay(connection, accountId)).damage);
  for (const table of SMALL) {
    const report = yield* connection.indexDamage(accountId, table);
    if (report !== null) damage.push(report);
  }
  const audit = yield* readTally(connection, accountId, 'audit');
  if (audit === 'damaged')
    found('audit', 'the record of how many entries there are is not as written');
  if (audit === null && (yield* connection.first(getAccount, [accountId])) !== null) {
    found('audit', 'the record of how many entries there are is missing');
  }
  return damage;
}

/** Whether the records of how many entries chats have match their checksums, some of them. */
export function* checkChatEntries(
  connection: Statements,
  { accountId, after, limit }: ReadRequest<'checkChatEntries'>,
): Steps<ReadAnswer<'checkChatEntries'>> {
  const found = yield* connection.all<ChatEntriesRow>(chatEntriesPage, [accountId, after, limit]);
  const { rows, isCut } = inOrder(found, after, ({ chatId }) => chatId);
  const reached = rows.at(-1)?.chatId ?? null;
  const why = isCut
    ? 'the rows of chat_entries do not come in their order'
    : 'a row of chat_entries does not match its checksum';
  const isGood =
    !isCut &&
    rows.every(({ chatId, digest, ...tally }) => {
      return chatEntriesDigest(accountId, chatId, tally) === digest;
    });
  return { damage: isGood ? null : rowDamage('index', accountId, why).report, reached };
}

type ChatEntriesRow = Tally & { readonly chatId: string; readonly digest: string };

/** The entries from one on. */
export function* checkAudit(
  connection: Statements,
  { accountId, after, limit }: ReadRequest<'checkAudit'>,
): Steps<ReadAnswer<'checkAudit'>> {
  const last = yield* lastAudit(connection, accountId);
  const to = Math.min(after + limit, last);
  if (to <= after) return { damage: [], reached: null };
  const page = yield* readAudit(connection, { accountId, before: to + 1, limit: to - after });
  const damage = page
    .filter(({ action, actor }) => action === DAMAGED_ENTRY && actor === 'parley')
    .map(({ id }) => rowDamage('audit', accountId, `entry ${id} is altered or missing`).report);
  return { damage: damage.reverse(), reached: to };
}
