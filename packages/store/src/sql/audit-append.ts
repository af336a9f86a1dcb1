/** Adds an entry to the audit trail. Parameters: account, at, actor, action, target, origin, detail. */
export const appendAudit = `
insert into audit (account_id, id, at, actor, action, target, origin, detail)
select $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7
from audit
where account_id = $1
`;
