import { chainStart } from '../integrity/digests.js';
import { Tallying } from '../integrity/rows.js';
import { countJournal } from '../sql/journal-count.js';
import { writeChatEntries } from '../operations/chat-entries.js';
import { inOrder, requireInOrder } from '../operations/in-order.js';
import { statements } from '../operations/steps.js';
import type { Connection } from '../sqlite/connection.js';
import { type Tallied, tallyOf, writeTally } from '../operations/tally.js';
import type { Migration } from './migration.js';

/** Chats recorded in one transaction: enough that waiting for the disk is little of it. */
const AT_ONCE = 5_000;

const TABLES: readonly Tallied[] = ['answered_request', 'login', 'visitor_erasure'];

/**
 * Tallies of the tables that had none, how many entries each chat has, and where a journal ends that
 * has no entry. An interruption begins again: everything is counted anew.
 */
export const tallyAll: Migration = {
  version: 13,
  name: 'tallies of every table',
  fill(connection, onProgress) {
    const accounts = connection.all<{ accountId: string }>(
      `select account_id as "accountId" from account
       union select account_id as "accountId" from journal`,
    );
    const of = connection.first<{ entries: number }>(countJournal)?.entries ?? 0;
    let done = 0;
    for (const { accountId } of accounts) {
      connection.execute('begin immediate');
      for (const table of TABLES) {
        const rows = connection.all<{ digest: string | null }>(
          `select digest from ${table} where account_id = $1`,
          [accountId],
        );
        const tally = tallyOf(rows.map(({ digest }) => digest ?? ''));
        connection.do(writeTally(statements, accountId, table, tally));
      }
      connection.run(
        `insert into journal_end (account_id, seq, chain)
         select account_id, 0, $2 from account where account_id = $1
           and not exists (select 1 from journal where journal.account_id = $1)
         on conflict (account_id) do nothing`,
        [accountId, chainStart(accountId)],
      );
      connection.execute('commit');
      done = countChats(connection, accountId, (entries) => onProgress(done + entries, of)) + done;
    }
  },
};

/** Chat by chat, in the order of their index. @returns how many entries there were */
function countChats(
  connection: Connection,
  accountId: string,
  onProgress: (entries: number) => void,
): number {
  let entries = 0;
  let chat = { id: '', tallying: new Tallying() };
  const write = () => {
    const { tally } = chat.tallying;
    if (tally.count === 0) return;
    connection.do(writeChatEntries(statements, accountId, chat.id, tally));
  };
  for (let after = { chatId: '', seq: 0 }; ; ) {
    const found = connection.all<{ chatId: string; seq: number; digest: string | null }>(
      `select chat_id as "chatId", seq, digest from journal
       where account_id = $1 and chat_id is not null and (chat_id, seq) > ($2, $3)
       order by chat_id, seq limit ${AT_ONCE}`,
      [accountId, after.chatId, after.seq],
    );
    // One that is before the last one of the page before it would be read again and again.
    const keyOf = (row: { readonly chatId: string; readonly seq: number }) =>
      `${row.chatId}\0${String(row.seq).padStart(16, '0')}`;
    const page = requireInOrder('journal', inOrder(found, keyOf(after), keyOf));
    connection.execute('begin immediate');
    for (const { chatId, seq, digest } of page) {
      if (chat.id !== chatId) {
        write();
        chat = { id: chatId, tallying: new Tallying() };
      }
      chat.tallying.add(digest ?? '');
      after = { chatId, seq };
    }
    if (page.length < AT_ONCE) write();
    connection.execute('commit');
    entries += page.length;
    if (page.length < AT_ONCE) return entries;
    onProgress(entries);
  }
}
