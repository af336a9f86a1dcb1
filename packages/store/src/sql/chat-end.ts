/** Notes a chat's end. Parameters: end, account, chat. */
export const endChat = `
update chat_index set ended_at = $1
where account_id = $2 and chat_id = $3
`;
