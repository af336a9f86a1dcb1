/** Notes that an account's configuration, logins or existence changed. Parameter: account. */
export const bumpChange = `
insert into account_change (account_id, changes)
values ($1, 1)
on conflict (account_id) do update set changes = account_change.changes + 1
`;
