/** How far an account's journal has come, and its chain there. Parameter: account. */
export const getJournalEnd = `
select seq, chain
from journal_end
where account_id = $1
`;
