/** Checks what is stored of an account beside its journal, a page at a time. */
import type { DamageReport } from '../damage.js';
import { type Tally, Tallying } from '../integrity/rows.js';
import { chatsByVisitor, isWhole } from '../projections/chats-by-visitor.js';
import type { CommitQueue } from './commit-queue.js';
import { rowDamage } from '../operations/damage-of-rows.js';

/** Rows that are checked at once: bounds how long that keeps commits waiting. */
const AT_ONCE = 1_000;

/**
 * What is wrong; an empty list for each page that is good, so that whoever looks can take their time.
 * @param reached positions that the journal's entries were read to, in order: not those that a record
 *   says there are, which may be any number when it is damaged
 */
export async function* checkRows(
  queue: CommitQueue,
  accountId: string,
  reached: readonly number[],
): AsyncGenerator<readonly DamageReport[]> {
  yield await queue.read({ ask: 'checkRecords', accountId });
  for (let after: number | null = 0; after !== null; ) {
    const page: { damage: readonly DamageReport[]; reached: number | null } = await queue.read({
      ...{ ask: 'checkAudit', accountId, after, limit: AT_ONCE },
    });
    if (page.damage.length > 0) yield page.damage;
    after = page.reached;
  }
  const chats = await projectionDamage(queue, accountId, chatsByVisitor.name);
  yield chats === null ? [] : [chats];
  let after = 0;
  // Also of what is behind them.
  for (const until of [...reached, Number.MAX_SAFE_INTEGER]) {
    if (until !== Number.MAX_SAFE_INTEGER && !(until >= after + AT_ONCE)) continue;
    const hidden = await queue.read({ ask: 'checkJournalIndex', accountId, after, until });
    after = until;
    yield hidden === null ? [] : [hidden];
    // Once is enough: all of an index is made anew.
    if (hidden !== null) break;
  }
  for (let after = ''; ; ) {
    const page = await queue.read({ ask: 'checkChatEntries', accountId, after, limit: AT_ONCE });
    yield page.damage === null ? [] : [page.damage];
    if (page.reached === null || page.damage !== null) break;
    after = page.reached;
  }
}

/** What is wrong with the rows of a projection; null when nothing is. */
export async function projectionDamage(
  queue: CommitQueue,
  accountId: string,
  name: string,
): Promise<DamageReport | null> {
  const behind = await queue.read({ ask: 'projectionsBehind', accountId });
  if (behind.includes(name)) {
    const why = `${name} was not made whole, or by another version of Parley`;
    return rowDamage('chats', accountId, why).report;
  }
  switch (name) {
    case chatsByVisitor.name:
      return damageOfChats(queue, accountId);
    default:
      throw new Error(`Nothing says how the rows of ${name} are checked.`);
  }
}

async function damageOfChats(queue: CommitQueue, accountId: string): Promise<DamageReport | null> {
  const tallying = new Tallying();
  let first: Tally | 'damaged' | null | undefined;
  for (let after = ''; ; ) {
    const page = await queue.read({ ask: 'checkChats', accountId, after, limit: AT_ONCE });
    if (page.damaged > 0) {
      const why = 'a chat of chat_index does not match its checksum';
      return rowDamage('chats', accountId, why).report;
    }
    if (page.index !== null) return page.index;
    if (first === undefined) first = page.recorded;
    for (const digest of page.digests) tallying.add(digest);
    if (page.reached !== null) {
      after = page.reached;
      continue;
    }
    // Where chats begin and end meanwhile, only rows can be compared: the next load compares all.
    const isStill = JSON.stringify(first) === JSON.stringify(page.recorded);
    if (!isStill || isWhole(page.recorded, tallying.tally)) return null;
    const why = 'the rows of chat_index are not those that were written';
    return rowDamage('chats', accountId, why).report;
  }
}
