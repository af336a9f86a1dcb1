/** Forgets the lease of an account, whatever its record says. Parameter: account. */
export const forgetLease = `
delete from lease where account_id = $1
`;
