/**
 * Writes a login; one with the same bearer is replaced.
 * Parameters: account, bearer, cookie, csrf (hashes), user, created, expires, ttl, sign-out,
 * digest.
 */
export const putLogin = `
insert into login
  (account_id, bearer_hash, cookie_hash, csrf_hash, user_id, created_at, expires_at, ttl,
   signed_out_at, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (account_id, bearer_hash) do update
set cookie_hash = excluded.cookie_hash,
    csrf_hash = excluded.csrf_hash,
    user_id = excluded.user_id,
    created_at = excluded.created_at,
    expires_at = excluded.expires_at,
    ttl = excluded.ttl,
    signed_out_at = excluded.signed_out_at,
    digest = excluded.digest
`;
