/** How far somebody who follows a journal has come. Parameters: account, name. */
export const getCursor = `
select seq, digest
from journal_cursor
where account_id = $1 and name = $2
`;
