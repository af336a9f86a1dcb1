/** Puts a page of the database file, as a part of the transaction. Parameters: data, page. */
export const putPage = `
update sqlite_dbpage set data = $1
where pgno = $2
`;
