/** Removes some pieces of snapshots of an account that are not there any more. Parameters: account, limit. */
export const pruneSnapshotPieces = `
delete from snapshot_piece
where (account_id, snapshot_id, piece) in (
  select account_id, snapshot_id, piece
  from snapshot_piece
  where account_id = $1
    and not exists (
      select 1 from snapshot
      where snapshot.account_id = snapshot_piece.account_id
        and snapshot.id = snapshot_piece.snapshot_id
    )
  limit $2
)
`;
