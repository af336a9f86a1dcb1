/** One entry. Parameters: account, seq. */
export const getJournalEntry = `
select seq, at, type, version, chat_id as "chatId", salt, digest, erased, data
from journal
where account_id = $1 and seq = $2
`;
