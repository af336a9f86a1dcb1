/** Ends all logins of a user. Parameters: account, user. */
export const deleteLoginsOfUser = `
delete from login
where account_id = $1 and user_id = $2
`;
