/** Records what rows an account has of a table. Parameters: account, table, count, sum, digest. */
export const putTally = `
insert into tally (account_id, subject, count, sum, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id, subject) do update
set count = excluded.count, sum = excluded.sum, digest = excluded.digest
`;
