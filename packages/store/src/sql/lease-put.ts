/**
 * Puts a lease in the place of another one, if that is there as it was read; an empty digest stands for none.
 * Parameters: account, owner, epoch, until, digest; digest and until of the one before.
 */
export const putLease = `
insert into lease (account_id, owner, epoch, until, digest)
values ($1, $2, $3, $4, $5)
on conflict (account_id) do update
set owner = excluded.owner,
    epoch = excluded.epoch,
    until = excluded.until,
    digest = excluded.digest
where lease.digest = $6 and lease.until = $7
`;
