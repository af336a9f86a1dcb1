/**
 * Changes of one account's configuration take turns within this process, in the order of asking, so
 * that none works on what another is just replacing.
 */
import { WireError } from '@parley/protocol';
import type { Store } from '@parley/store';

/** Changes of one account that may wait at once; each has its request held open. */
const MAX_WAITING = 1_000;

/** Seconds after which who was refused may ask again. */
const RETRY_AFTER = '1';

interface Queue {
  waiting: number;
  last: Promise<void>;
}

const queues = new WeakMap<Store, Map<string, Queue>>();

/**
 * Runs the work when all that was asked for before it, of the same account, is done.
 * @throws WireError 429 when too many wait already; whatever the work throws.
 */
export async function inTurn<R>(
  store: Store,
  accountId: string,
  work: () => Promise<R>,
): Promise<R> {
  const ofStore = queues.get(store) ?? new Map<string, Queue>();
  queues.set(store, ofStore);
  const queue = ofStore.get(accountId) ?? { waiting: 0, last: Promise.resolve() };
  if (queue.waiting >= MAX_WAITING) {
    throw new WireError(
      'tooManyRequests',
      `${MAX_WAITING} changes of this account's configuration wait already: send fewer at once, or several records in one list.`,
      { 'retry-after': RETRY_AFTER },
    );
  }
  ofStore.set(accountId, queue);
  queue.waiting += 1;
  const turn = queue.last.then(work);
  queue.last = turn.then(
    () => {},
    () => {},
  );
  try {
    return await turn;
  } finally {
    queue.waiting -= 1;
    if (queue.waiting === 0) ofStore.delete(accountId);
  }
}
