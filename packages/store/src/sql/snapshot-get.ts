/** One snapshot, complete or not. Parameters: account, id. */
export const getSnapshot = `
select id, seq, at, version, pieces, chars, chain, digest
from snapshot
where account_id = $1 and id = $2
`;
