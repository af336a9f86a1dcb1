/** Keeps a piece of a snapshot. Parameters: account, snapshot, piece, digest, data. */
export const putSnapshotPiece = `
insert into snapshot_piece (account_id, snapshot_id, piece, digest, data)
values ($1, $2, $3, $4, $5)
`;
