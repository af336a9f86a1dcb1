/**
 * Puts what is left of an entry in its place; the digest that it had stays.
 * Parameters: data, digest of what is left, account, seq.
 */
export const eraseJournalEntry = `
update journal set data = $1, erased = $2, salt = null
where account_id = $3 and seq = $4
`;
