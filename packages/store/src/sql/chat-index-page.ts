/** Chats of the index after one. Parameters: account, chat, limit. */
export const chatIndexPage = `
select chat_id as "chatId", visitor_id as "visitorId", started_at as "startedAt",
  ended_at as "endedAt", digest
from chat_index
where account_id = $1 and chat_id > $2
order by chat_id
limit $3
`;
