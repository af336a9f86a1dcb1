/** Notes that a migration was applied. Parameters: version, name, time. */
export const recordMigration = `
insert into schema_migration (version, name, applied_at)
values ($1, $2, $3)
`;
