/** What was answered to a request. Parameters: account, key. */
export const getAnsweredRequest = `
select request_key as key, caller, body, at, answer, digest
from answered_request
where account_id = $1 and request_key = $2
`;
