/** The chats that each visitor had: where they are read from, and how they follow the journal. */
import type { AccountEvent } from '@parley/engine';
import type { ReadAnswer, ReadRequest } from '../group-commit/messages.js';
import { sameTally, type Tally } from '../integrity/rows.js';
import { rowDamage } from '../operations/damage-of-rows.js';
import { inOrder } from '../operations/in-order.js';
import { type ChatRow, chatDigest } from '../operations/row-digests.js';
import { digestsOf, readTally, TallyChange } from '../operations/tally.js';
import type { IndexedChat } from '../port/projections.js';
import { beginChat } from '../sql/chat-begin.js';
import { clearChats } from '../sql/chat-clear.js';
import { endChat } from '../sql/chat-end.js';
import { getChat } from '../sql/chat-get.js';
import { chatIndexPage } from '../sql/chat-index-page.js';
import { removeChat } from '../sql/chat-remove.js';
import { chatsOfVisitor } from '../sql/chats-of-visitor.js';
import type { Statements, Steps } from '../operations/steps.js';
import type { Projection, ProjectionPlace } from './projection.js';
import { requireFollowing } from './state.js';

type StoredChat = ChatRow & { readonly digest: string | null };

export const chatsByVisitor: Projection = {
  name: 'chats-by-visitor',
  version: 1,
  types: ['chat.requested', 'chat.ended'],
  tallied: 'chat_index',
  apply: noteChat,
  clear: (connection, accountId, limit) => connection.run(clearChats, [accountId, limit]),
};

function* noteChat(place: ProjectionPlace, event: AccountEvent, at: number): Steps<void> {
  if (event.type === 'chat.requested') yield* noteBegin(place, event, at);
  else if (event.type === 'chat.ended') yield* noteEnd(place, event.chatId, at);
}

function* noteBegin(
  { connection, accountId, change }: ProjectionPlace,
  { chatId, visitor }: Extract<AccountEvent, { type: 'chat.requested' }>,
  at: number,
): Steps<void> {
  const visitorId: unknown = visitor?.visitorId;
  // Of a chat that was erased, nothing says whose it was. What is no event was not checked here.
  if (typeof chatId !== 'string' || typeof visitorId !== 'string' || visitorId === '') return;
  const digest = chatDigest(accountId, { chatId, visitorId, startedAt: at, endedAt: null });
  const isNew = (yield* connection.run(beginChat, [accountId, chatId, visitorId, at, digest])) > 0;
  if (isNew) change.add(digest);
}

function* noteEnd(
  { connection, accountId, change }: ProjectionPlace,
  chatId: string,
  at: number,
): Steps<void> {
  if (typeof chatId !== 'string') return;
  const stored = yield* connection.first<StoredChat>(getChat, [accountId, chatId]);
  // One that is damaged is not made good.
  if (stored === null || !isIntact(accountId, stored)) return;
  const digest = chatDigest(accountId, { ...stored, endedAt: at });
  yield* connection.run(endChat, [at, digest, accountId, chatId]);
  change.remove(stored.digest);
  change.add(digest);
}

/** Takes chats out of it, whose entries are erased. */
export function* removeChats(
  connection: Statements,
  accountId: string,
  chatIds: readonly string[],
): Steps<void> {
  const change = new TallyChange();
  for (const chatId of chatIds) {
    const stored = yield* connection.first<StoredChat>(getChat, [accountId, chatId]);
    if (stored === null) continue;
    yield* connection.run(removeChat, [accountId, chatId]);
    change.remove(stored.digest);
  }
  yield* change.write(connection, accountId, 'chat_index');
}

/**
 * @throws StoreDamage when one that would be answered is not as it was written
 * @throws StoreConflict 'rebuilding' while they are being made anew
 */
export function* readChatsOfVisitor(
  connection: Statements,
  { accountId, visitorId, limit }: ReadRequest<'chatsOfVisitor'>,
): Steps<IndexedChat[]> {
  yield* requireFollowing(connection, accountId, chatsByVisitor);
  return (yield* connection.all<StoredChat>(chatsOfVisitor, [accountId, visitorId, limit])).map(
    (stored) => {
      const { chatId, startedAt, endedAt } = stored;
      if (!isIntact(accountId, stored)) {
        throw rowDamage('chats', accountId, 'a chat of chat_index does not match its checksum');
      }
      return { chatId, startedAt, endedAt };
    },
  );
}

/** Some rows: how many are damaged, and their tally. */
export function* checkChatPage(
  connection: Statements,
  { accountId, after, limit }: ReadRequest<'checkChats'>,
): Steps<ReadAnswer<'checkChats'>> {
  const found = yield* connection.all<StoredChat>(chatIndexPage, [accountId, after, limit]);
  const { rows, isCut } = inOrder(found, after, ({ chatId }) => chatId);
  const recorded = yield* readTally(connection, accountId, 'chat_index');
  const reached = rows.at(-1)?.chatId ?? null;
  return {
    damaged: rows.filter((row) => !isIntact(accountId, row)).length,
    digests: digestsOf(rows),
    reached,
    recorded,
    index: isCut
      ? rowDamage('index', accountId, 'the rows of chat_index do not come in their order').report
      : reached === null
        ? null
        : yield* connection.indexDamage(accountId, 'chat_index', { after, until: reached }),
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
