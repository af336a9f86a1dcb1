/** Records in use of a kind, of all accounts, whose data holds a text. Parameters: kind, text. */
export const configItemsHolding = `
select account_id as "accountId", kind, id, revision, deleted, name_key as "nameKey", data, digest
from config_item
where kind = $1 and deleted = 0 and replace(data, $2, '') <> data
order by account_id, id
`;
