/** Reads the entries of one chat. An index finds them, and a record of how many there are shows whether it found all. */
import { StoreDamage } from '../damage.js';
import { sameTally, type Tally, Tallying } from '../integrity/rows.js';
import type { ChatEntries, JournalEntry } from '../port/entries.js';
import type { CommitQueue } from './commit-queue.js';
import { rowDamage } from '../operations/damage-of-rows.js';
import type { ChatPage, RecordedTally } from './messages.js';
import type { Repairs } from './repairs.js';

/** How many entries are read at once: bounds the time a read keeps commits waiting. */
const PAGE = 500;

interface Found extends ChatEntries {
  readonly tally: Tally;
  readonly recorded: RecordedTally;
  /** Whether all were found, as far as the record shows. */
  readonly isWhole: boolean;
}

/**
 * All entries of a chat in order.
 * @param walkAll reads the whole journal of the account in the order of its positions
 * @throws StoreDamage when an entry of the chat, or the journal in which it is looked for, is damaged
 */
export async function readChat(
  queue: CommitQueue,
  repairs: Repairs,
  { accountId, chatId }: { readonly accountId: string; readonly chatId: string },
  walkAll: () => AsyncIterable<readonly JournalEntry[]>,
): Promise<ChatEntries> {
  let found = await findByIndex(queue, accountId, chatId);
  if (found.isWhole) return answer(found);
  if (await repairs.rebuild('journal')) {
    found = await findByIndex(queue, accountId, chatId);
    if (found.isWhole) {
      const why = 'journal_chat did not lead to all entries of a chat';
      repairs.repaired(rowDamage('index', accountId, why));
      return answer(found);
    }
  }
  // Either is wrong: the journal itself shows which.
  const entries: JournalEntry[] = [];
  for await (const page of walkAll()) {
    entries.push(...page.filter((entry) => entry.chatId === chatId));
  }
  const isFound = sameEntries(entries, found.entries);
  if (isFound && repairs.allowed) {
    const { recorded: was, tally } = found;
    await queue.write({ do: 'recountChat', accountId, chatId, was, tally });
    // What was given up is not among them any more.
    if (!found.lossy) {
      const why = 'the record of how many entries a chat has, in chat_entries, was not as written';
      repairs.repaired(rowDamage('index', accountId, why));
    }
  }
  return { entries, lossy: found.lossy };
}

function answer({ entries, lossy }: Found): ChatEntries {
  return { entries, lossy };
}

function sameEntries(some: readonly JournalEntry[], others: readonly JournalEntry[]): boolean {
  return (
    some.length === others.length && some.every(({ seq }, index) => seq === others[index]?.seq)
  );
}

async function findByIndex(queue: CommitQueue, accountId: string, chatId: string): Promise<Found> {
  const entries: JournalEntry[] = [];
  const tallying = new Tallying();
  for (let after = 0; ; ) {
    const request = { ask: 'chatPage', accountId, chatId, after, limit: PAGE } as const;
    const page: ChatPage = await queue.read(request);
    const [damage] = page.damage;
    if (damage !== undefined) throw new StoreDamage(damage);
    entries.push(...page.entries);
    for (const digest of page.digests) tallying.add(digest);
    if (page.reached !== null) {
      after = page.reached;
      continue;
    }
    const { lossy, recorded, isIndexed } = page;
    const { tally } = tallying;
    const isWhole =
      recorded === null
        ? tally.count === 0 && !isIndexed
        : recorded !== 'damaged' && sameTally(recorded, tally);
    return { entries, lossy, tally, recorded, isWhole };
  }
}
