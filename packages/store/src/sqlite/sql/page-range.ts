/**
 * The pages of the database file from one to another, one by one: a range would be looked for in the
 * whole file. Parameters: first, last.
 */
export const pageRange = `
with recursive wanted (page) as (
  select $1
  union all
  select page + 1 from wanted where page < $2
)
select wanted.page, data
from wanted
cross join sqlite_dbpage on sqlite_dbpage.pgno = wanted.page
`;
