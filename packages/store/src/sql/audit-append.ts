/** Adds an entry to the audit trail. Parameters: account, id, at, actor, action, target, origin, detail, digest. */
export const appendAudit = `
insert into audit (account_id, id, at, actor, action, target, origin, detail, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
`;
