/** Removes all but the newest two snapshots of an account. Parameter: account. */
export const pruneSnapshots = `
delete from snapshot
where account_id = $1
  and seq not in (
    select seq from snapshot where account_id = $1 order by seq desc limit 2
  )
`;
