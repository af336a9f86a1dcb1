/** The digests of the logins of an account that have expired. Parameters: account, now. */
export const expiredLogins = `
select digest
from login
where account_id = $1 and expires_at <= $2
`;
