/** Records how far the erasure of a visitor is. Parameters: account, visitor, data, digest. */
export const putVisitorErasure = `
insert into visitor_erasure (account_id, visitor_id, data, digest)
values ($1, $2, $3, $4)
on conflict (account_id, visitor_id) do update set data = excluded.data, digest = excluded.digest
`;
