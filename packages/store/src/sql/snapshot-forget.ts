/** Removes a snapshot; its pieces follow. Parameters: account, id. */
export const forgetSnapshot = `
delete from snapshot
where account_id = $1 and id = $2
`;
