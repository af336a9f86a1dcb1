/** The newest snapshot of an account. Parameter: account. */
export const latestSnapshot = `
select seq, at, data
from snapshot
where account_id = $1
order by seq desc
limit 1
`;
