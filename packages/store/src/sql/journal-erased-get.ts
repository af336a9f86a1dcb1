/** How far an account's journal was looked through for what is too old. Parameter: account. */
export const getErasedUntil = `
select seq, digest
from journal_erased
where account_id = $1
`;
