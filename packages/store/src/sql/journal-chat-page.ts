/** The next entries of one chat after a position, in order. Parameters: account, chat, seq, limit. */
export const journalChatPage = `
select seq, at, type, version, chat_id as "chatId", salt, digest, erased, data
from journal
where account_id = $1 and chat_id = $2 and seq > $3
order by seq
limit $4
`;
