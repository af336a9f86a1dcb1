/** Gives a piece of a snapshot its checksum. Parameters: digest, account, snapshot, piece. */
export const sealSnapshotPiece = `
update snapshot_piece set digest = $1
where account_id = $2 and snapshot_id = $3 and piece = $4
`;
