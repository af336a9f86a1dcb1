/** Leases that ran out and were not released, the longest gone first. Parameters: now (epoch ms), limit. */
export const expiredLeases = `
select account_id as "accountId", owner, epoch, until, digest
from lease
where until > 0 and until <= $1
order by until, account_id
limit $2
`;
