/** Applies the projections to what is appended, in the same transaction. */
import { type AccountEvent, decode, UnreadableEvent } from '@parley/engine';
import { TallyChange } from '../operations/tally.js';
import type { WriteGroup } from '../operations/write-group.js';
import type { JournalEntry } from '../port/entries.js';
import type { Statements, Steps } from '../operations/steps.js';
import { projections } from './all.js';
import type { Projection } from './projection.js';
import { reachedBy, writeReached } from './state.js';

/** Of an entry, what projections are made of. */
export type ProjectedEntry = Pick<JournalEntry, 'at' | 'type' | 'version' | 'data'>;

/**
 * @param entries those of the append that are of a projected type
 * @param isFirst whether the journal was empty before: then every projection follows from here on
 */
export function* follow(
  group: WriteGroup,
  accountId: string,
  entries: readonly ProjectedEntry[],
  isFirst: boolean,
): Steps<void> {
  if (entries.length === 0 && !isFirst) return;
  for (const projection of yield* followers(group, accountId, isFirst)) {
    yield* applyEntries(group.connection, accountId, projection, entries);
  }
}

/** Those that follow the account's journal: the others are being made anew, and come to it by that. */
function* followers(
  { connection, followers: known }: WriteGroup,
  accountId: string,
  isFirst: boolean,
): Steps<readonly Projection[]> {
  const remembered = known.get(accountId);
  if (remembered !== undefined) return remembered;
  if (isFirst) {
    for (const projection of projections)
      yield* writeReached(connection, accountId, projection, null);
  }
  const found: Projection[] = [];
  for (const projection of projections) {
    if ((yield* reachedBy(connection, accountId, projection)) === null) found.push(projection);
  }
  known.set(accountId, found);
  return found;
}

/** Applies a projection to entries, those of other types left out. */
export function* applyEntries(
  connection: Statements,
  accountId: string,
  { types, tallied, apply }: Projection,
  entries: readonly ProjectedEntry[],
): Steps<void> {
  const change = new TallyChange();
  const place = { connection, accountId, change };
  const wanted: ReadonlySet<string> = new Set(types);
  for (const entry of entries) {
    if (!wanted.has(entry.type)) continue;
    const event = readable(entry);
    if (event !== null) yield* apply(place, event, entry.at);
  }
  yield* change.write(connection, accountId, tallied);
}

/** Null for an entry that cannot be read: its account is refused for that when it is loaded. */
function readable({ type, version, data }: ProjectedEntry): AccountEvent | null {
  try {
    return decode(type, version, data);
  } catch (error) {
    if (error instanceof UnreadableEvent) return null;
    throw error;
  }
}
