/** Adds an account unless it exists. Parameters: account, time of creation, digest. */
export const createAccount = `
insert into account (account_id, created_at, digest)
values ($1, $2, $3)
on conflict (account_id) do nothing
`;
