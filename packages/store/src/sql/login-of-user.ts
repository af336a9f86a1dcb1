/** The digests of the logins of a user. Parameters: account, user. */
export const loginsOfUser = `
select digest
from login
where account_id = $1 and user_id = $2
`;
