/** How many entries of an account there are after one position, up to another. Parameters: account, after, until. */
export const countJournalRange = `
select count(*) as entries
from journal
where account_id = $1 and seq > $2 and seq <= $3
`;
