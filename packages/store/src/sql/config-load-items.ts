/** All records of an account that are not deleted. Parameter: account. */
export const loadConfigItems = `
select kind, id, revision, deleted, name_key as "nameKey", data
from config_item
where account_id = $1 and deleted = 0
order by kind, id
`;
