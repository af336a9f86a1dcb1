/**
 * Puts what is left of an entry in its place, in the type and version that it is written in; the digest
 * that it had stays. Parameters: type, version, data, digest of what is left, account, seq.
 */
export const eraseJournalEntry = `
update journal set type = $1, version = $2, data = $3, erased = $4, salt = null
where account_id = $5 and seq = $6
`;
