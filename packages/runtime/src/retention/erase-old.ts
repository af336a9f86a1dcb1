/**
 * Erases what is older than an account keeps it. The journal is looked through once, from its begin on
 * and never further than to what is young enough; how far is kept with it. What stands by itself
 * counts from its own time; a chat, whole, from its end.
 */
import type { AccountEvent, AccountEventType } from '@parley/engine';
import type { Found, Journal, JournalEntry, Store } from '@parley/store';
import type { LiveAccount } from '../accounts/accounts.js';
import { readEntry } from '../accounts/read-entry.js';
import { keptSince } from './age.js';
import { type Erased, eraseChat, erasedEntry } from './erase-entries.js';

const LOOKED_FOR: readonly AccountEventType[] = [
  'chat.requested',
  'chat.ended',
  'offline.surveyLeft',
  'visit.seen',
  'visits.forgotten',
  'participant.identified',
];

/** What is to be done about a piece of a journal. */
interface Plan {
  readonly entries: readonly Erased[];
  readonly chats: readonly string[];
  /** How far it is looked through with that. */
  readonly until: number;
  /** What follows is young enough, or cannot be erased yet. */
  readonly stops: boolean;
  /** When the first that is young enough was, epoch ms; null when that was not what stopped it. */
  readonly youngest: number | null;
}

export interface ErasedOld {
  /** How many entries were erased. */
  readonly entries: number;
  /** When the first entry was that will be too old one day, epoch ms; null when none was met. */
  readonly next: number | null;
}

/**
 * @param goesOn asked before each piece; false ends it early
 * @throws StoreDamage where the journal is not as it was written
 */
export async function eraseOld(
  account: LiveAccount,
  { journal, cursors }: Pick<Store, 'journal' | 'cursors'>,
  goesOn: () => boolean,
): Promise<ErasedOld> {
  const since = keptSince(account.setup, account.host.now());
  if (since === Number.NEGATIVE_INFINITY) return { entries: 0, next: null };
  let erased = 0;
  let next: number | null = null;
  let after = await cursors.read(account.id, 'retention');
  while (goesOn()) {
    const found = await journal.find(account.id, { after, types: LOOKED_FOR });
    const { entries, chats, until, stops, youngest } = await planFor(
      account,
      journal,
      found,
      since,
    );
    for (const chatId of chats) erased += await eraseChat(journal, account.id, chatId);
    if (entries.length > 0 || until > after) {
      await journal.erase(account.id, { entries, until });
    }
    erased += entries.length;
    after = until;
    next = youngest;
    if (stops || found.ended) break;
  }
  return { entries: erased, next };
}

async function planFor(
  account: LiveAccount,
  journal: Journal,
  found: Found,
  since: number,
): Promise<Plan> {
  const { state } = account.host;
  const mailed = new Set([...state.outbox.values()].map(({ chatId }) => chatId));
  const entries: Erased[] = [];
  const chats: string[] = [];
  const upTo = (until: number, stops: boolean, youngest: number | null = null): Plan => ({
    entries: [...entries, ...lostUntil(found, until)],
    ...{ chats, until, stops, youngest },
  });
  for (const entry of found.entries) {
    const event = readEntry(account.id, entry);
    const { seq, at } = entry;
    if (at >= since) return upTo(seq - 1, true, at);
    if (event.type === 'chat.ended') {
      // It has not been forgotten yet, or its transcript is still to be sent.
      if (state.chats.has(event.chatId) || mailed.has(event.chatId)) return upTo(seq - 1, true);
      chats.push(event.chatId);
    } else if (event.type === 'chat.requested') {
      if (found.lossy && (await isCutOff(account, journal, event))) chats.push(event.chatId);
    } else addErased(entries, entry, event);
  }
  return upTo(found.reached, false);
}

function addErased(entries: Erased[], entry: JournalEntry, event: AccountEvent): void {
  const left = erasedEntry(entry, event);
  if (left !== null) entries.push(left);
}

/** A chat that is over, while the end of it is among the entries whose loss was accepted. */
async function isCutOff(
  { id, host }: LiveAccount,
  journal: Journal,
  { chatId }: Extract<AccountEvent, { type: 'chat.requested' }>,
): Promise<boolean> {
  if (host.state.chats.has(chatId)) return false;
  const { entries } = await journal.readChat(id, chatId);
  return entries.every(({ type }) => type !== 'chat.ended');
}

/** Entries whose loss was accepted are not read by anybody: nothing need be left of them. */
function lostUntil({ lost }: Found, until: number): readonly Erased[] {
  return lost.filter((seq) => seq <= until).map((seq) => ({ seq, data: '' }));
}
