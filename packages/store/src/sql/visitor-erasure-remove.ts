/** The erasure of a visitor is done. Parameters: account, visitor. */
export const removeVisitorErasure = `
delete from visitor_erasure
where account_id = $1 and visitor_id = $2
`;
