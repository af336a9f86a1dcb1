/**
 * The records of one collection changed after a revision, deleted ones too; after revision 0 these
 * are all there ever were. Parameters: account, kind, revision.
 */
export const listChangedConfigItems = `
select kind, id, revision, deleted, name_key as "nameKey", data
from config_item
where account_id = $1 and kind = $2 and revision > $3
order by id
`;
