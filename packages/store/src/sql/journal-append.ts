import { valuesOf } from '../values.js';

/** Adds entries. Parameters of each: account, seq, at, type, version, chat, salt, digest, data. */
export function appendJournal(entries: number): string {
  return `
insert into journal (account_id, seq, at, type, version, chat_id, salt, digest, data)
values ${valuesOf(entries, 9)}
`;
}
