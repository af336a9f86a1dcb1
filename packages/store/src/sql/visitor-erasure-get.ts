/** The digest of a visitor's erasure. Parameters: account, visitor. */
export const getVisitorErasure = `
select digest
from visitor_erasure
where account_id = $1 and visitor_id = $2
`;
