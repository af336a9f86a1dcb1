/** The id of the newest audit entry that is there. Parameter: account. */
export const lastAuditId = `
select max(id) as "id"
from audit
where account_id = $1
`;
