import { valuesOf } from '../values.js';

/**
 * Records how many entries some chats have, each chat once. Parameters of each: account, chat, count, sum,
 * digest.
 */
export function putChatEntries(chats: number): string {
  return `
insert into chat_entries (account_id, chat_id, count, sum, digest)
values ${valuesOf(chats, 5)}
on conflict (account_id, chat_id) do update
set count = excluded.count, sum = excluded.sum, digest = excluded.digest
`;
}
