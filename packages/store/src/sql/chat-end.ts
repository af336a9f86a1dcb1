/** Notes a chat's end. Parameters: end, digest, account, chat. */
export const endChat = `
update chat_index set ended_at = $1, digest = $2
where account_id = $3 and chat_id = $4
`;
