/** The leases of an owner that were not released. Parameter: owner. */
export const leasesOfOwner = `
select account_id as "accountId", owner, epoch, until, digest
from lease
where owner = $1 and until > 0
order by account_id
`;
