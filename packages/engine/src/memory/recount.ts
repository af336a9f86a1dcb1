/** What all of a state weighs, counted anew. */
import type { AccountState } from '../state.js';
import { Memory, bytesOfVisit } from './memory.js';

/** Counts all that a state holds, into a memory that is empty. */
export function recount(
  state: Pick<AccountState, 'chats' | 'visits' | 'outbox' | 'retries'>,
  memory = new Memory(),
): Memory {
  for (const chat of state.chats.values()) memory.addChat(chat);
  for (const visit of state.visits.values()) memory.seeVisit(visit, bytesOfVisit(visit));
  for (const mail of state.outbox.values()) memory.addMail(mail);
  for (const record of state.retries.records.values()) memory.addRetry(record);
  return memory;
}
