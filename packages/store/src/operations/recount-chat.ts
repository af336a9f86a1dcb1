import type { WriteRequest } from '../group-commit/messages.js';
import { isSameRecord, readChatEntries, writeChatEntries } from './chat-entries.js';
import type { Steps } from './steps.js';
import type { WriteGroup } from './write-group.js';

/** Records a chat's entries anew, unless some were added since `was` was read. */
export function* recountChat(
  { connection, chatEntries }: WriteGroup,
  { accountId, chatId, was, tally }: WriteRequest<'recountChat'>,
): Steps<boolean> {
  yield* chatEntries.write(connection);
  if (!isSameRecord(yield* readChatEntries(connection, accountId, chatId), was)) return false;
  yield* writeChatEntries(connection, accountId, chatId, tally);
  chatEntries.forget();
  return true;
}
