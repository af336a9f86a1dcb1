/** The entries of an account whose loss was accepted. Parameter: account. */
export const listJournalLosses = `
select seq, until, resume_seq as "resumeSeq", resume_chain as "resumeChain", digest
from journal_loss
where account_id = $1
order by seq
`;
