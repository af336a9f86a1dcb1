/** How far the projections of an account are. Parameter: account. */
export const listProjections = `
select name, version, reached, digest
from projection
where account_id = $1
order by name
`;
