/**
 * The entries of an account after one position, up to another, that are of one of some types and hold
 * one of some texts. Parameters: account, after, until, types and texts as JSON arrays; null for all.
 */
export const findJournalEntries = `
select seq, at, type, version, chat_id as "chatId", salt, digest, erased, data
from journal
where account_id = $1 and seq > $2 and seq <= $3
  and type in (select value from json_each($4))
  and ($5 is null or exists (select 1 from json_each($5) where instr(data, value) > 0))
order by seq
`;
