/** Removes the logins of an account that have expired. Parameters: account, now. */
export const purgeLogins = `
delete from login
where account_id = $1 and expires_at <= $2
`;
