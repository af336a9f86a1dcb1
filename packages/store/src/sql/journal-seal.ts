/** Gives an entry its checksum. Parameters: salt, digest, account, seq. */
export const sealJournalEntry = `
update journal set salt = $1, digest = $2
where account_id = $3 and seq = $4
`;
