/** What was answered to the requests of an account. Parameter: account. */
export const listAnsweredRequests = `
select request_key as "key", caller, body, at, answer, digest
from answered_request
where account_id = $1
order by request_key
`;
