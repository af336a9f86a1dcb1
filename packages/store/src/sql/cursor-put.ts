/** Records how far somebody who follows a journal has come. Parameters: account, name, seq, digest. */
export const putCursor = `
insert into journal_cursor (account_id, name, seq, digest)
values ($1, $2, $3, $4)
on conflict (account_id, name) do update set seq = excluded.seq, digest = excluded.digest
`;
