/** How many rows an account has of a table, and the sum of their digests. Parameters: account, table. */
export const getTally = `
select count, sum, digest
from tally
where account_id = $1 and subject = $2
`;
