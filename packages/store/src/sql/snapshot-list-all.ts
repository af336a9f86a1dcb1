/** The snapshots of an account, unfinished ones too, newest first. Parameter: account. */
export const listAllSnapshots = `
select id, seq, at, digest
from snapshot
where account_id = $1
order by seq desc, id desc
`;
