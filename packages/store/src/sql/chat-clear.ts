/** Removes some of the chats that an account's visitors had. Parameters: account, limit. */
export const clearChats = `
delete from chat_index
where (account_id, chat_id) in (
  select account_id, chat_id from chat_index
  where account_id = $1
  limit $2
)
`;
