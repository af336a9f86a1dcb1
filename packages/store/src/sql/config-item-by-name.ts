/** The record that holds a name now. Parameters: account, kind, name. */
export const getConfigItemByName = `
select id
from config_item
where account_id = $1 and kind = $2 and name_key = $3 and deleted = 0
`;
