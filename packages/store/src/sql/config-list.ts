/** The records of one collection that are not deleted. Parameters: account, kind. */
export const listConfigItems = `
select kind, id, revision, deleted, name_key as "nameKey", data
from config_item
where account_id = $1 and kind = $2 and deleted = 0
order by id
`;
