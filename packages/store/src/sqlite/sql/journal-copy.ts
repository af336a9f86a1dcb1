/** Copies the next entries in the order they were written; see migration 5. Parameter: limit. */
export const copyJournalPortion = `
insert into journal_copy (
  rowid, account_id, seq, at, type, version, chat_id, salt, digest, data
)
select rowid, account_id, seq, at, type, version, chat_id, salt, digest, data
from journal
where rowid > (select coalesce(max(rowid), 0) from journal_copy)
order by rowid
limit $1
`;
