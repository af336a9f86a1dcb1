/** Removes what was answered up to a time. Parameters: account, epoch ms. */
export const purgeAnsweredRequests = `
delete from answered_request where account_id = $1 and at <= $2
`;
