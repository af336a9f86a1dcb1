/** The position of the last entry that is there, 0 when there is none. Parameter: account. */
export const lastJournalSeq = `
select coalesce(max(seq), 0) as seq
from journal
where account_id = $1
`;
