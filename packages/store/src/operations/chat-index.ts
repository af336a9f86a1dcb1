/** The index of chats: written with the journal, checked when it is read, and made anew from the journal. */
import { sameTally, type Tally, Tallying } from '../integrity/rows.js';
import { beginChat } from '../sql/chat-begin.js';
import { endChat } from '../sql/chat-end.js';
import { getChat } from '../sql/chat-get.js';
import { chatIndexPage } from '../sql/chat-index-page.js';
import { removeChat } from '../sql/chat-remove.js';
import { removeAllChats } from '../sql/chat-remove-all.js';
import { chatsOfVisitor } from '../sql/chats-of-visitor.js';
import type { ChatMark, IndexedChat } from '../port/projections.js';
import type { Connection } from '../sqlite/connection.js';
import { rowDamage } from './damage-of-rows.js';
import type { ReadAnswer, ReadRequest, WriteRequest } from '../group-commit/messages.js';
import { type ChatRow, chatDigest } from './row-digests.js';
import { readTally, TallyChange, writeTally } from './tally.js';

type StoredChat = ChatRow & { readonly digest: string | null };

/** Notes what marks say, within the open transaction of their group. */
export function noteChats(
  connection: Connection,
  accountId: string,
  marks: readonly ChatMark[],
): void {
  const change = new TallyChange();
  for (const mark of marks) noteChat(connection, accountId, mark, change);
  change.write(connection, accountId, 'chat_index');
}

function noteChat(
  connection: Connection,
  accountId: string,
  mark: ChatMark,
  change: TallyChange,
): void {
  const { chatId, at } = mark;
  if (mark.mark === 'began') {
    const { visitorId } = mark;
    const digest = chatDigest(accountId, { chatId, visitorId, startedAt: at, endedAt: null });
    const isNew = connection.run(beginChat, [accountId, chatId, visitorId, at, digest]) > 0;
    if (isNew) change.add(digest);
    return;
  }
  const stored = connection.first<StoredChat>(getChat, [accountId, chatId]);
  if (stored === null) return;
  const digest = chatDigest(accountId, { ...stored, endedAt: at });
  // One that is damaged is not made good.
  if (!isIntact(accountId, stored)) return;
  connection.run(endChat, [at, digest, accountId, chatId]);
  change.remove(stored.digest);
  change.add(digest);
}

/** Takes chats out of the index. */
export function removeChats(
  connection: Connection,
  accountId: string,
  chatIds: readonly string[],
): void {
  const change = new TallyChange();
  for (const chatId of chatIds) {
    const stored = connection.first<StoredChat>(getChat, [accountId, chatId]);
    if (stored === null) continue;
    connection.run(removeChat, [accountId, chatId]);
    change.remove(stored.digest);
  }
  change.write(connection, accountId, 'chat_index');
}

/** Puts another index in the place of the one that is there. */
export function replaceChatIndex(
  connection: Connection,
  { accountId, marks }: WriteRequest<'replaceChatIndex'>,
): null {
  connection.run(removeAllChats, [accountId]);
  writeTally(connection, accountId, 'chat_index', new Tallying().tally);
  noteChats(connection, accountId, marks);
  return null;
}

/** @throws StoreDamage when one that would be told is not as it was written */
export function readChatsOfVisitor(
  connection: Connection,
  { accountId, visitorId, limit }: ReadRequest<'chatsOfVisitor'>,
): IndexedChat[] {
  return connection.all<StoredChat>(chatsOfVisitor, [accountId, visitorId, limit]).map((stored) => {
    const { chatId, startedAt, endedAt } = stored;
    if (!isIntact(accountId, stored)) {
      throw rowDamage('chats', accountId, 'a chat of chat_index does not match its checksum');
    }
    return { chatId, startedAt, endedAt };
  });
}

/** Some rows of the index: how many are damaged, and their tally. */
export function checkChatPage(
  connection: Connection,
  { accountId, after, limit }: ReadRequest<'checkChats'>,
): ReadAnswer<'checkChats'> {
  const rows = connection.all<StoredChat>(chatIndexPage, [accountId, after, limit]);
  const recorded = readTally(connection, accountId, 'chat_index');
  return {
    damaged: rows.filter((row) => !isIntact(accountId, row)).length,
    digests: rows.map(({ digest }) => digest ?? ''),
    reached: rows.at(-1)?.chatId ?? null,
    recorded,
  };
}

/** Whether the tally of all rows is the recorded one. */
export function isWhole(recorded: Tally | 'damaged' | null, found: Tally): boolean {
  if (recorded === null) return found.count === 0;
  return recorded !== 'damaged' && sameTally(recorded, found);
}

function isIntact(accountId: string, { digest, ...row }: StoredChat): boolean {
  return chatDigest(accountId, row) === digest;
}
