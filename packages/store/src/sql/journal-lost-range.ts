/**
 * Where entries of an account, after one position and up to another, hold something: for a stretch
 * whose loss was accepted. Parameters: account, after, until.
 */
export const lostJournalRange = `
select seq
from journal
where account_id = $1 and seq > $2 and seq <= $3 and data <> ''
order by seq
`;
