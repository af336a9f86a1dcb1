/** The complete snapshots of an account, newest first. Parameter: account. */
export const listSnapshots = `
select id, seq, at, version, pieces, chars, chain, digest
from snapshot
where account_id = $1 and digest is not null
order by seq desc, id desc
`;
