/** Records how many entries of a chat there are. Parameters: account, chat, count, sum, digest. */
export const putChatEntries = `
insert into chat_entries (account_id, chat_id, count, sum, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id, chat_id) do update
set count = excluded.count, sum = excluded.sum, digest = excluded.digest
`;
