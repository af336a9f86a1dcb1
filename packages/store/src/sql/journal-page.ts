/** The next entries of an account after a position, in order. Parameters: account, seq, limit. */
export const journalPage = `
select seq, at, type, version, chat_id as "chatId", salt, digest, erased, data
from journal
where account_id = $1 and seq > $2
order by seq
limit $3
`;
