/** The ids of all accounts. */
export const listAccounts = `
select account_id as "id"
from account
order by account_id
`;
