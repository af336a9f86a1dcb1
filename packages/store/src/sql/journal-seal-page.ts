/** The next entries after a position, before there was anything to erase. Parameters: account, seq, limit. */
export const journalSealPage = `
select seq, at, type, version, chat_id as "chatId", data
from journal
where account_id = $1 and seq > $2
order by seq
limit $3
`;
