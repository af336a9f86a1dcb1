/** An account's state from what is stored: the newest snapshot that can be used, and the journal after it. */
import {
  type AccountState,
  evolve,
  initialState,
  readSnapshot,
  SNAPSHOT_VERSION,
  skipTo,
  UnreadableSnapshot,
} from '@parley/engine';
import {
  type Journal,
  type JournalEntry,
  type LoadedJournal,
  StoreDamage,
  type StoredSnapshot,
} from '@parley/store';
import { Pauses } from '../pauses.js';
import { readEntry } from './read-entry.js';

/** What a state was made from. */
export interface LoadedState {
  readonly state: AccountState;
  /** The snapshot it began with; null when it was made from the whole journal. */
  readonly snapshot: StoredSnapshot | null;
  /** Entries read after that, and the characters of their events. */
  readonly replayed: { readonly entries: number; readonly chars: number };
  /** When the last of all that was, epoch ms; 0 when there is nothing. */
  readonly at: number;
}

/**
 * Makes the state. A snapshot that cannot be used is passed over: the one before it, and then the
 * whole journal, give the same state.
 * @param onPassedOver called with why a snapshot was passed over
 * @throws StoreDamage when the journal itself is damaged
 */
export async function loadState(
  journal: Journal,
  accountId: string,
  onPassedOver: (damage: StoreDamage) => void,
): Promise<LoadedState> {
  const loaded = await journal.load(accountId);
  const unfit: { readonly damage: StoreDamage; readonly after: StoredSnapshot }[] = [];
  for (const snapshot of [...loaded.snapshots, null]) {
    try {
      const state =
        snapshot === null ? initialState() : await readState(loaded, accountId, snapshot);
      const replayed = await replayAfter(loaded, accountId, snapshot, state);
      for (const { damage, after } of unfit) onPassedOver(unfitAfter(damage, after));
      return { snapshot, ...replayed };
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      const { kind } = error.report;
      if (kind === 'snapshot') onPassedOver(error);
      // If the snapshot is to blame, another one does better; an entry that is damaged is so for all.
      else if (kind === 'unfit' && snapshot !== null) {
        unfit.push({ damage: error, after: snapshot });
      } else throw unfit[0]?.damage ?? error;
    }
  }
  throw new Error('unreachable: the last way needs no snapshot');
}

function unfitAfter({ report, found }: StoreDamage, { seq }: StoredSnapshot): StoreDamage {
  const { accountId } = report;
  return new StoreDamage({ kind: 'snapshot', accountId, seq, until: seq, why: found });
}

/**
 * The state that a snapshot holds.
 * @throws StoreDamage of kind `snapshot`
 */
export async function readState(
  journal: Pick<LoadedJournal, 'pieces'>,
  accountId: string,
  snapshot: StoredSnapshot,
): Promise<AccountState> {
  const { seq, version } = snapshot;
  try {
    const reader = readSnapshot(version);
    const pauses = new Pauses();
    for await (const piece of journal.pieces(snapshot)) {
      reader.add(piece);
      await pauses.take();
    }
    return reader.finish(seq);
  } catch (error) {
    if (!(error instanceof UnreadableSnapshot)) throw error;
    const newer = version > SNAPSHOT_VERSION ? 'a newer Parley wrote it: ' : '';
    const why = newer + error.message;
    throw new StoreDamage({ kind: 'snapshot', accountId, seq, until: seq, why });
  }
}

async function replayAfter(
  journal: LoadedJournal,
  accountId: string,
  snapshot: StoredSnapshot | null,
  state: AccountState,
): Promise<Omit<LoadedState, 'snapshot'>> {
  let entries = 0;
  let chars = 0;
  let at = snapshot?.at ?? 0;
  // Other accounts are served meanwhile.
  const pauses = new Pauses();
  for await (const page of journal.entriesAfter(snapshot)) {
    for (const entry of page.entries) {
      await pauses.take();
      replayEntry(state, accountId, entry);
      entries += 1;
      chars += entry.data.length;
    }
    at = Math.max(at, page.entries.at(-1)?.at ?? 0);
    skipTo(state, page.reached);
  }
  return { state, replayed: { entries, chars }, at };
}

/**
 * Folds a stored entry into the state.
 * @throws StoreDamage when it cannot be read, or does not fit
 */
export function replayEntry(state: AccountState, accountId: string, entry: JournalEntry): void {
  const event = readEntry(accountId, entry);
  const { seq } = entry;
  skipTo(state, seq - 1);
  try {
    evolve(state, event, entry.at);
  } catch {
    // What the rules say of it repeats ids from the entry, which may be anything.
    const why = `a ${event.type}`;
    throw new StoreDamage({ kind: 'unfit', accountId, seq, until: seq, why });
  }
}
