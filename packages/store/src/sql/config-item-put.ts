/** Writes a record. Parameters: account, kind, id, revision, deleted (0 or 1), name, data, digest. */
export const putConfigItem = `
insert into config_item (account_id, kind, id, revision, deleted, name_key, data, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (account_id, kind, id) do update
set revision = excluded.revision,
    deleted = excluded.deleted,
    name_key = excluded.name_key,
    data = excluded.data,
    digest = excluded.digest
`;
