/** Ends every lease. */
export const releaseAllLeases = `
update lease set until = 0
where until > 0
`;
