/** Notes a chat's end. Parameters: account, chat, end. */
export const endChat = `
update chat_index set ended_at = $3
where account_id = $1 and chat_id = $2
`;
