/** Removes what was answered to the requests of an account. Parameter: account. */
export const deleteAllAnsweredRequests = `
delete from answered_request
where account_id = $1
`;
