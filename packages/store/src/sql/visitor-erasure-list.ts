/** The erasures of an account's visitors that are under way. Parameter: account. */
export const listVisitorErasures = `
select visitor_id as "visitorId", data, digest
from visitor_erasure
where account_id = $1
order by visitor_id
`;
