/** One login. Parameters: account, bearer hash. */
export const getLogin = `
select bearer_hash as "bearerHash", cookie_hash as "cookieHash", csrf_hash as "csrfHash",
  user_id as "userId", created_at as "createdAt", expires_at as "expiresAt", ttl,
  signed_out_at as "signedOutAt", digest
from login
where account_id = $1 and bearer_hash = $2
`;
