/** The digest of a login. Parameters: account, bearer hash. */
export const getLogin = `
select digest
from login
where account_id = $1 and bearer_hash = $2
`;
