/** Ends a lease. Parameters: account, owner, epoch. */
export const releaseLease = `
update lease set until = 0
where account_id = $1 and owner = $2 and epoch = $3 and until > 0
`;
