/** Every account that there is anything of. */
export const accountsWithJournal = `
select account_id as "accountId" from account
union
select account_id as "accountId" from journal
union
select account_id as "accountId" from snapshot
order by 1
`;
