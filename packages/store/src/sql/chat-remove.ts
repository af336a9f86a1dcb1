/** Takes a chat out of the index. Parameters: account, chat. */
export const removeChat = `
delete from chat_index
where account_id = $1 and chat_id = $2
`;
