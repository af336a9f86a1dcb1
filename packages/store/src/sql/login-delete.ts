/** Ends one login. Parameters: account, bearer hash. */
export const deleteLogin = `
delete from login
where account_id = $1 and bearer_hash = $2
`;
