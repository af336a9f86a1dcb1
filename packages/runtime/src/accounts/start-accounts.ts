/** Which accounts are loaded when a server starts, and when. */
import type { Store } from '@parley/store';
import type { Accounts } from './accounts.js';

/** Where there are no more accounts than so, all are loaded: nobody has to wait for the first answer. */
const FEW = 100;

/** How long a start may take for it, ms; whatever is left is loaded while others are served. */
const MAX_HELD_UP_MS = 500;

export interface StartAccountsOptions {
  readonly store: Pick<Store, 'accounts'>;
  readonly accounts: Accounts;
  /** Called with how many are loaded, of those that are to be. */
  readonly onProgress: (done: number, of: number) => void;
  /** Called with one that could not be loaded: it keeps the others from nothing. */
  readonly onFailed: (accountId: string) => void;
  /** Ms since some moment. */
  readonly elapsed: () => number;
}

/**
 * Loads the accounts of which something may be under way, since their timers run only while they are
 * loaded, and all of them where there are few. Every other one is loaded when somebody asks for it.
 * @returns what loads the rest, one after the other; it never rejects
 */
export async function startAccounts({
  store,
  accounts,
  onProgress,
  onFailed,
  elapsed,
}: StartAccountsOptions): Promise<() => Promise<void>> {
  const ids = await store.accounts.list();
  accounts.expect(ids);
  const awake = await accounts.takeUp();
  const wanted = [...new Set([...awake, ...(ids.length > FEW ? [] : ids)])];
  onProgress(0, wanted.length);
  const began = elapsed();
  let done = 0;
  for (const id of wanted) {
    if (done > 0 && elapsed() - began > MAX_HELD_UP_MS) break;
    await accounts.get(id).catch(() => onFailed(id));
    done += 1;
    onProgress(done, wanted.length);
  }
  const left = wanted.slice(done);
  return async () => {
    for (const id of left) {
      if (accounts.isClosed) return;
      await accounts.look(id).catch(() => onFailed(id));
    }
  };
}
