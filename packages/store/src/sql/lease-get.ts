/** The lease of an account. Parameter: account. */
export const getLease = `
select account_id as "accountId", owner, epoch, until, digest
from lease
where account_id = $1
`;
