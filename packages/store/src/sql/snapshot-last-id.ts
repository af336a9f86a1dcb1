/** The largest id that a snapshot of an account has, or a piece of one; 0 without. Parameter: account. */
export const lastSnapshotId = `
select coalesce(max(used.id), 0) as id
from (
  select max(id) as id from snapshot where account_id = $1
  union all
  select max(snapshot_id) as id from snapshot_piece where account_id = $1
) as used
`;
