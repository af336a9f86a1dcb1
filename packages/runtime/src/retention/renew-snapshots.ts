/** Snapshots hold what was live when they were taken: those that may hold what is erased go. */
import { VISIT_LIFE_MS } from '@parley/engine';
import type { Journal, ListedSnapshot } from '@parley/store';
import type { LiveAccount } from '../accounts/accounts.js';

const HOUR_MS = 60 * 60_000;

/** Everything that was over before some moment was out of the live state so long after it, ms. */
export const LIVE_AFTER_MS = VISIT_LIFE_MS + HOUR_MS;

/**
 * Takes a new snapshot in the place of old ones, if there are any; unfinished ones just go.
 * @param isOld whether a snapshot may hold what is erased; one of the state as it stands now must not
 * @param otherwise what is done when no snapshot is old and there is no other
 * @returns whether any went
 * @throws Error when no new one could be taken; then the old ones stay
 */
export async function renewSnapshots(
  { id, host }: LiveAccount,
  journal: Journal,
  isOld: (snapshot: ListedSnapshot) => boolean,
  otherwise: 'none' | 'first' = 'none',
): Promise<boolean> {
  // One that is being written may be of before, and not be listed as what it becomes.
  await host.snapshots.whenIdle();
  const all = await journal.snapshots(id);
  const old = all.filter(isOld);
  const isNeeded = otherwise === 'first' && !all.some((each) => each.isFinished && !isOld(each));
  const isToBeTaken = isNeeded || old.some(({ isFinished }) => isFinished);
  if (isToBeTaken && !(await host.snapshots.renew())) {
    throw new Error(`account ${id}: no new snapshot could be taken, so the old ones stay`);
  }
  // Also what is left of those that gave way to others meanwhile.
  await journal.forgetSnapshots(
    id,
    old.map((snapshot) => snapshot.id),
  );
  return old.length > 0;
}
