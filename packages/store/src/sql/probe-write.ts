/** Rewrites what is there: succeeds only if the disk takes writes again. */
export const probeWrite = `
update schema_migration
set name = name
where version = 1
`;
