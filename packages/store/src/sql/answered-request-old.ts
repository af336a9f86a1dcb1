/** What was answered up to a time. Parameters: account, epoch ms. */
export const oldAnsweredRequests = `
select request_key as "key", caller, body, at, answer, digest
from answered_request
where account_id = $1 and at <= $2
`;
