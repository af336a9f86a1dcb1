/** Empties an account's index of chats. Parameter: account. */
export const removeAllChats = `
delete from chat_index
where account_id = $1
`;
