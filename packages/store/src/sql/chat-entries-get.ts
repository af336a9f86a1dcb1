/** How many entries of a chat there are, and the sum of their digests. Parameters: account, chat. */
export const getChatEntries = `
select count, sum, digest
from chat_entries
where account_id = $1 and chat_id = $2
`;
