/** Renews the leases of an owner that were not released. Parameters: until, owner. */
export const renewLeases = `
update lease set until = $1
where owner = $2 and until > 0
`;
