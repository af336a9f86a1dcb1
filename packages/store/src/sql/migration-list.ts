/** The migrations applied to this database. */
export const listMigrations = `
select version, name
from schema_migration
order by version
`;
