/** The newest audit entries before an id, newest first. Parameters: account, id, limit. */
export const auditPage = `
select id, at, actor, action, target, origin as "from", detail
from audit
where account_id = $1 and id < $2
order by id desc
limit $3
`;
