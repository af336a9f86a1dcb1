/** One record, deleted or not. Parameters: account, kind, id. */
export const getConfigItem = `
select kind, id, revision, deleted, name_key as "nameKey", data, digest
from config_item
where account_id = $1 and kind = $2 and id = $3
`;
