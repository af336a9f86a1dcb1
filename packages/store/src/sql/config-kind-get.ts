/** Where a collection stands: its revision and the next free id. Parameters: account, kind. */
export const getConfigKind = `
select revision, next_id as "nextId", digest
from config_kind
where account_id = $1 and kind = $2
`;
