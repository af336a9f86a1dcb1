/** How often each account has changed: compared with what was seen last to find who did. */
export const listChanges = `
select account_id as "accountId", changes
from account_change
`;
