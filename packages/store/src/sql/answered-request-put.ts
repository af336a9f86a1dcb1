/** Parameters: account, key, caller, body, at, answer, digest. */
export const putAnsweredRequest = `
insert into answered_request (account_id, request_key, caller, body, at, answer, digest)
values ($1, $2, $3, $4, $5, $6, $7)
`;
