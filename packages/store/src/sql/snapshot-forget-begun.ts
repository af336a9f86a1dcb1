/** Removes the snapshots of an account that were begun and never finished. Parameter: account. */
export const forgetBegunSnapshots = `
delete from snapshot
where account_id = $1 and digest is null
`;
