/** Notes a chat that began, once. Parameters: account, chat, visitor, start, digest. */
export const beginChat = `
insert into chat_index (account_id, chat_id, visitor_id, started_at, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id, chat_id) do nothing
`;
