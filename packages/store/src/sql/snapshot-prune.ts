/** Removes all but the newest two complete snapshots of an account. Parameter: account. */
export const pruneSnapshots = `
delete from snapshot
where account_id = $1
  and digest is not null
  and id not in (
    select id from snapshot
    where account_id = $1 and digest is not null
    order by seq desc, id desc
    limit 2
  )
`;
