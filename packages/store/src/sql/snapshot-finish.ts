/** Completes a snapshot. Parameters: pieces, chars, digest, account, id. */
export const finishSnapshot = `
update snapshot set pieces = $1, chars = $2, digest = $3
where account_id = $4 and id = $5 and digest is null
`;
