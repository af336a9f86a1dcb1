/** The records of how many entries chats have, after one. Parameters: account, chat, limit. */
export const chatEntriesPage = `
select chat_id as "chatId", count, sum, digest
from chat_entries
where account_id = $1 and chat_id > $2
order by chat_id
limit $3
`;
