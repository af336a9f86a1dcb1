/** Where every collection of an account stands. Parameter: account. */
export const loadConfigKinds = `
select kind, revision, next_id as "nextId", digest
from config_kind
where account_id = $1
order by kind
`;
