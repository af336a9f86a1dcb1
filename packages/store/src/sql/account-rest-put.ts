/** Records that an account is at rest. Parameters: account, seq, when something is due, digest. */
export const putAccountRest = `
insert into account_rest (account_id, seq, due_at, digest)
values ($1, $2, $3, $4)
on conflict (account_id) do update
set seq = excluded.seq, due_at = excluded.due_at, digest = excluded.digest
`;
