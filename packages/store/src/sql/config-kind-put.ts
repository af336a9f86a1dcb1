/** Records where a collection stands. Parameters: account, kind, revision, next id, digest. */
export const putConfigKind = `
insert into config_kind (account_id, kind, revision, next_id, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id, kind) do update
set revision = excluded.revision, next_id = excluded.next_id, digest = excluded.digest
`;
