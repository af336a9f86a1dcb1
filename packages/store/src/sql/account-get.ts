/** One account. Parameter: account. */
export const getAccount = `
select account_id as "id", created_at as "createdAt", digest
from account
where account_id = $1
`;
