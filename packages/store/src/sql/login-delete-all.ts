/** Removes the logins of an account. Parameter: account. */
export const deleteAllLogins = `
delete from login
where account_id = $1
`;
