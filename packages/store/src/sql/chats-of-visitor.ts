/** A visitor's chats, newest first. Parameters: account, visitor, limit. */
export const chatsOfVisitor = `
select chat_id as "chatId", visitor_id as "visitorId", started_at as "startedAt",
  ended_at as "endedAt", digest
from chat_index
where account_id = $1 and visitor_id = $2
order by started_at desc, chat_id
limit $3
`;
