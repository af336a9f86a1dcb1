/** The digests of what was answered up to a time. Parameters: account, epoch ms. */
export const oldAnsweredRequests = `
select digest
from answered_request
where account_id = $1 and at <= $2
`;
