/**
 * Erases the data of one visitor: from the live state, the journal, the index and the snapshots. That
 * it is under way is recorded first, so that an interruption is gone on from.
 */
import { type AccountEvent, type Replies, withoutPersonalData } from '@parley/engine';
import type { Journal, VisitorErasure } from '@parley/store';
import { AccountUnavailable } from '../accounts/account-unavailable.js';
import { CommandRejected } from '../accounts/submission.js';
import type { LiveAccount } from '../accounts/accounts.js';
import { type Erased, erasedEntry, eraseEntries } from './erase-entries.js';
import { renewSnapshots } from './renew-snapshots.js';
import {
  endsOfVisits,
  entriesOf,
  findTrail,
  type Looking,
  type VisitorTrail,
} from './visitor-trail.js';

/** How much was erased. */
export interface ErasedCounts {
  readonly chats: number;
  readonly lines: number;
  readonly surveys: number;
  readonly visits: number;
  readonly identifications: number;
}

/** Who asked for it, as the audit names them. */
export interface AskedBy {
  readonly actor: string;
  readonly from: string;
}

export interface Place {
  readonly account: LiveAccount;
  readonly journal: Journal;
  /** Whether to go on; asked now and then. */
  readonly goesOn: () => boolean;
}

/** What is recorded of an erasure that is under way. */
interface Progress {
  readonly asked: AskedBy;
  /** What the live state said when it had forgotten the visitor; null before. */
  readonly forgotten: Replies['visitor.forget'] | null;
}

type Actor = Parameters<LiveAccount['host']['execute']>[0]['actor'];

/** Whether anything is stored of the visitor. */
export async function isAnythingStored(looking: Looking, visitorId: string): Promise<boolean> {
  const trail = await findTrail(looking, visitorId);
  if (trail.chats.size > 0) return true;
  for await (const { read } of entriesOf(looking, trail)) if (read.length > 0) return true;
  return false;
}

/** Records that the visitor is to be erased. */
export function recordErasure(
  { account, journal }: Place,
  visitorId: string,
  asked: AskedBy,
): Promise<void> {
  return record(journal, account.id, visitorId, { asked, forgotten: null });
}

/**
 * Carries out an erasure that is recorded, up to the end of what was there when it began; the record
 * stays, for its maker to note that it was done. What the visitor is found by goes last.
 * @throws CommandRejected `visitor-in-chat`; then nothing changed, and the record is gone.
 * @throws AccountUnavailable, StoreFailure, StoreDamage; then some of it may be erased.
 */
export async function carryOutErasure(
  place: Place,
  { visitorId, data }: VisitorErasure,
  actor: Actor,
): Promise<ErasedCounts> {
  const { account, journal } = place;
  const progress = JSON.parse(data) as Progress;
  const first = await findTrail({ journal, accountId: account.id }, visitorId);
  const forgotten = progress.forgotten ?? (await forget(place, first, actor));
  if (progress.forgotten === null) {
    await record(journal, account.id, visitorId, { ...progress, forgotten });
  }
  const { until, kept } = forgotten;
  // From here on a start begins with a state that has forgotten the visitor: what the journal says of
  // that may be erased before what it says of the visitor is.
  await renewSnapshots(account, journal, ({ seq }) => seq < until, 'first');
  const looking = { journal, accountId: account.id, until };
  const trail = upTo(await findTrail(looking, visitorId, first), until);
  const counts = { chats: trail.chats.size, lines: 0, surveys: 0, visits: 0, identifications: 0 };
  const sessionIds = await visitsOf(looking, trail, kept);
  await eraseEndsOfVisits(looking, sessionIds);
  for await (const { read, lost } of entriesOf(looking, trail)) {
    if (!place.goesOn()) throw new AccountUnavailable(account.id);
    // Nobody can read these any more, nor know whose they are.
    const erased: Erased[] = lost.map((seq) => ({ seq, data: '' }));
    for (const { entry, event } of read) {
      if (event.type === 'visit.seen' && kept.includes(event.sessionId)) continue;
      count(counts, event);
      const left = event.type === 'chat.requested' ? null : erasedEntry(entry, event);
      if (left !== null) erased.push(left);
    }
    await eraseEntries(journal, account.id, erased);
  }
  await eraseRequests(looking, trail);
  return { ...counts, visits: sessionIds.size };
}

/** Who asked for an erasure that is recorded. */
export function askedBy({ data }: VisitorErasure): AskedBy {
  return (JSON.parse(data) as Progress).asked;
}

async function forget(
  { account, journal }: Place,
  { visitorId, traces }: VisitorTrail,
  actor: Actor,
): Promise<Replies['visitor.forget']> {
  try {
    return await account.host.execute<'visitor.forget'>({
      command: { type: 'visitor.forget', visitorId, traces },
      actor,
    });
  } catch (error) {
    if (error instanceof CommandRejected) {
      await journal.erase(account.id, { entries: [], ends: visitorId });
    }
    throw error;
  }
}

function record(
  journal: Journal,
  accountId: string,
  visitorId: string,
  progress: Progress,
): Promise<void> {
  const begins = { visitorId, data: JSON.stringify(progress) };
  return journal.erase(accountId, { entries: [], begins });
}

/** The chats that there were then: one of later was not asked to be erased. */
function upTo(trail: VisitorTrail, until: number): VisitorTrail {
  const chats = [...trail.chats].filter(([, { entry }]) => entry.seq <= until);
  return { ...trail, chats: new Map(chats) };
}

function count(
  counts: { lines: number; surveys: number; identifications: number },
  event: AccountEvent,
): void {
  if ('feed' in event) counts.lines += event.feed.filter(({ type }) => type === 'line').length;
  if (event.type === 'participant.identified') counts.identifications += 1;
  const isSurvey =
    event.type === 'chat.surveyAnswered' ||
    event.type === 'offline.surveyLeft' ||
    (event.type === 'chat.requested' && event.preChat !== undefined);
  if (isSurvey) counts.surveys += 1;
}

/** Sessions of the visitor's visits, but for those that are kept. */
async function visitsOf(
  looking: Looking,
  trail: VisitorTrail,
  kept: readonly string[],
): Promise<ReadonlySet<string>> {
  const sessionIds = new Set<string>();
  for await (const { read } of entriesOf(looking, trail, 0, ['visit.seen'])) {
    for (const { event } of read) if (event.type === 'visit.seen') sessionIds.add(event.sessionId);
  }
  for (const sessionId of kept) sessionIds.delete(sessionId);
  return sessionIds;
}

/** Others' visits that ended at the same moment stay named. */
async function eraseEndsOfVisits(looking: Looking, sessionIds: ReadonlySet<string>): Promise<void> {
  if (sessionIds.size === 0) return;
  for await (const read of endsOfVisits(looking, sessionIds)) {
    const erased = read.flatMap(({ entry, event }) => {
      if (event.type !== 'visits.forgotten') return [];
      const others = event.sessionIds.filter((sessionId) => !sessionIds.has(sessionId));
      return erasedEntry(entry, event, { ...event, sessionIds: others }) ?? [];
    });
    await eraseEntries(looking.journal, looking.accountId, erased);
  }
}

/** By these the visitor's chats are found, so they go last. */
async function eraseRequests(
  { journal, accountId }: Looking,
  { chats }: VisitorTrail,
): Promise<void> {
  for (const [chatId, { entry, event }] of chats) {
    const left = erasedEntry(entry, event, withoutPersonalData(event));
    await journal.erase(accountId, { entries: left === null ? [] : [left], chats: [chatId] });
  }
}
