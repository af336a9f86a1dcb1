/** The digests of a caller's requests of one time. Parameters: account, caller, epoch ms. */
export const answeredRequestsOfCaller = `
select digest
from answered_request
where account_id = $1 and caller = $2 and at = $3
`;
