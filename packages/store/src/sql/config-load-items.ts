/** All records of an account, deleted ones too. Parameter: account. */
export const loadConfigItems = `
select kind, id, revision, deleted, name_key as "nameKey", data, digest
from config_item
where account_id = $1
order by kind, id
`;
