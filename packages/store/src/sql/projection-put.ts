/**
 * Records how far a projection is: a position, or null when it follows every append.
 * Parameters: account, name, version, reached, digest.
 */
export const putProjection = `
insert into projection (account_id, name, version, reached, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id, name) do update
set version = excluded.version, reached = excluded.reached, digest = excluded.digest
`;
