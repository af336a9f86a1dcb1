/** Records how far an account's journal was looked through. Parameters: account, seq, digest. */
export const putErasedUntil = `
insert into journal_erased (account_id, seq, digest)
values ($1, $2, $3)
on conflict (account_id) do update set seq = excluded.seq, digest = excluded.digest
`;
