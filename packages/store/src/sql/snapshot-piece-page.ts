/** The next pieces of a snapshot, in order. Parameters: account, snapshot, piece, limit. */
export const snapshotPiecePage = `
select piece, digest, data
from snapshot_piece
where account_id = $1 and snapshot_id = $2 and piece > $3
order by piece
limit $4
`;
