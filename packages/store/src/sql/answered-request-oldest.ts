/** How many requests of a caller are kept, and when the oldest was. Parameters: account, caller. */
export const oldestAnsweredRequest = `
select count(*) as count, coalesce(min(at), 0) as at
from answered_request
where account_id = $1 and caller = $2
`;
