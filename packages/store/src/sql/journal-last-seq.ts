/**
 * The position an account's journal has reached, 0 when it is empty. Parameter: account.
 * A snapshot counts too, so that a journal whose old entries were removed does not start over.
 */
export const lastJournalSeq = `
select coalesce(max(reached.seq), 0) as seq
from (
  select max(seq) as seq from journal where account_id = $1
  union all
  select max(seq) as seq from snapshot where account_id = $1
) as reached
`;
