/** The revision of every collection of an account. Parameter: account. */
export const loadConfigKinds = `
select kind, revision
from config_kind
where account_id = $1
order by kind
`;
