/**
 * Every account that has a journal, where that ends, the rest that was recorded last, and whether
 * visitors are to be erased.
 */
export const accountStanding = `
select journal_end.account_id as "accountId", journal_end.seq as "end",
  account_rest.seq, account_rest.due_at as "dueAt", account_rest.digest,
  case when exists (
    select 1 from visitor_erasure where visitor_erasure.account_id = journal_end.account_id
  ) then 1 else 0 end as "isErasing"
from journal_end
left join account_rest on account_rest.account_id = journal_end.account_id
order by journal_end.account_id
`;
