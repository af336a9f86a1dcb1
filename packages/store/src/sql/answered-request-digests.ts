/** The digests of what was answered to the requests of an account. Parameter: account. */
export const answeredRequestDigests = `
select digest
from answered_request
where account_id = $1
`;
