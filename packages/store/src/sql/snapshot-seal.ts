/** Gives a snapshot its checksum. Parameters: chain, digest, account, id. */
export const sealSnapshot = `
update snapshot set chain = $1, digest = $2
where account_id = $3 and id = $4
`;
