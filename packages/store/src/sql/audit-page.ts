/** Audit entries, newest first. Parameters: account, the first id, the last. */
export const auditPage = `
select id, at, actor, action, target, origin as "from", detail, digest
from audit
where account_id = $1 and id >= $2 and id <= $3
order by id desc
`;
