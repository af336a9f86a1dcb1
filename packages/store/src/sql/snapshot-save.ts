/** Keeps a snapshot; one of the same position is replaced. Parameters: account, seq, at, data. */
export const saveSnapshot = `
insert into snapshot (account_id, seq, at, data)
values ($1, $2, $3, $4)
on conflict (account_id, seq) do update set at = excluded.at, data = excluded.data
`;
