/** A caller's requests of one time. Parameters: account, caller, epoch ms. */
export const answeredRequestsOfCaller = `
select request_key as "key", caller, body, at, answer, digest
from answered_request
where account_id = $1 and caller = $2 and at = $3
`;
