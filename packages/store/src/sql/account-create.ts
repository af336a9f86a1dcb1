/** Adds an account unless it exists. Parameters: account, time of creation. */
export const createAccount = `
insert into account (account_id, created_at)
values ($1, $2)
on conflict (account_id) do nothing
`;
