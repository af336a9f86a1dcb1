/** How many entries all journals have together. */
export const countJournal = `
select count(*) as entries
from journal
`;
