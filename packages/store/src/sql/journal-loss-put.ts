/** Records that entries are given up. Parameters: account, seq, until, resume seq, resume chain, digest. */
export const putJournalLoss = `
insert into journal_loss (account_id, seq, until, resume_seq, resume_chain, digest)
values ($1, $2, $3, $4, $5, $6)
on conflict (account_id, seq) do update
set until = excluded.until,
    resume_seq = excluded.resume_seq,
    resume_chain = excluded.resume_chain,
    digest = excluded.digest
`;
