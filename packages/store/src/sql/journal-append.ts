/** Adds one entry. Parameters: account, seq, at, type, version, chat, salt, digest, data. */
export const appendJournal = `
insert into journal (account_id, seq, at, type, version, chat_id, salt, digest, data)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
`;
