/** Records how far an account's journal has come. Parameters: account, seq, chain. */
export const putJournalEnd = `
insert into journal_end (account_id, seq, chain)
values ($1, $2, $3)
on conflict (account_id) do update set seq = excluded.seq, chain = excluded.chain
`;
