/** Adds one entry. Parameters: account, seq, at, type, version, chat, data. */
export const appendJournal = `
insert into journal (account_id, seq, at, type, version, chat_id, data)
values ($1, $2, $3, $4, $5, $6, $7)
`;
