/** The ids of all accounts, also of those whose own row is gone. */
export const listAccounts = `
select account_id as "id" from account
union
select account_id as "id" from tally where subject = 'account'
order by 1
`;
