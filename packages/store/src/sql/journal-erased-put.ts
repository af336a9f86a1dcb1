/** Records how far an account's journal was looked through. Parameters: account, seq. */
export const putErasedUntil = `
insert into journal_erased (account_id, seq)
values ($1, $2)
on conflict (account_id) do update set seq = excluded.seq
`;
