/** Begins a snapshot. Parameters: account, id, seq, at, version, chain. */
export const beginSnapshot = `
insert into snapshot (account_id, id, seq, at, version, pieces, chars, chain, digest)
values ($1, $2, $3, $4, $5, 0, 0, $6, null)
`;
