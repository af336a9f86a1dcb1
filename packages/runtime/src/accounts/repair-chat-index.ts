/** Makes an account's index of chats anew from its journal, when what is stored of it is damaged. */
import type { ChatMark, Journal, StoreDamage } from '@parley/store';
import { Pauses } from '../pauses.js';
import { chatMarks } from './chat-marks.js';
import { readEntry } from './read-entry.js';

/**
 * To be called before the account is served: nothing may be appended meanwhile.
 * @param onDamaged told what was wrong, before it is made good
 * @throws StoreDamage when the journal is damaged too
 */
export async function repairChatIndex(
  journal: Journal,
  accountId: string,
  onDamaged: (damage: StoreDamage) => void,
): Promise<void> {
  const damage = await journal.chatIndexDamage(accountId);
  if (damage === null) return;
  onDamaged(damage);
  const marks: ChatMark[] = [];
  const pauses = new Pauses();
  const loaded = await journal.load(accountId);
  for await (const { entries } of loaded.entriesAfter(null)) {
    for (const entry of entries) {
      marks.push(...chatMarks([readEntry(accountId, entry)], entry.at).filter(isSomebodys));
      await pauses.take();
    }
  }
  await journal.replaceChatIndex(accountId, marks);
}

/** Of a chat that was erased, nothing tells whose it was: it is in no index. */
function isSomebodys(mark: ChatMark): boolean {
  return mark.mark === 'ended' || mark.visitorId !== '';
}
