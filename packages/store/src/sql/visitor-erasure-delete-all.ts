/** Removes the records of an account's visitors to be erased. Parameter: account. */
export const deleteAllVisitorErasures = `
delete from visitor_erasure
where account_id = $1
`;
