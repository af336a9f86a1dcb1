/** Makes an account ready to serve, from what is stored of it. */
import { readSetup } from '@parley/configuration/records/setup';
import type { LeaseKey, Store } from '@parley/store';
import type { SteadyClock } from '../clock/steady-clock.js';
import type { Hub } from '../hub.js';
import type { LoginRegistry } from '../logins/login-registry.js';
import { AccountHost } from './account-host.js';
import { Changes } from './changes.js';
import { indexChats } from './chat-indexes.js';
import type { LiveAccount } from './live-account.js';
import { loadState } from './load-state.js';
import type { ProcessMemory } from './process-memory.js';
import { repairProjections } from './repair-projections.js';
import { signOutAll } from './sign-out.js';
import { bySystem } from './submission.js';

export interface OpenAccountOptions {
  readonly store: Store;
  readonly clock: SteadyClock;
  readonly memory: ProcessMemory;
  readonly hub: Hub;
  readonly logins: LoginRegistry;
  /** What allows this process to serve it. */
  readonly lease: LeaseKey;
  readonly onError: (message: string, error: unknown) => void;
  /** Called once when the store refused, and the account must not be used any more. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * @throws StoreDamage when what is stored is not as it was written
 * @throws StoreFailure, StoreConflict, AccountUnavailable when the store refused
 */
export async function openAccount(
  accountId: string,
  { store, clock, memory, hub, logins, lease, onError, onFailed }: OpenAccountOptions,
): Promise<LiveAccount> {
  const [config, loaded] = await Promise.all([
    store.config.load(accountId),
    loadState(store.journal, accountId, (damage) =>
      onError(`account ${accountId} is loaded without a snapshot`, damage),
    ),
    logins.reload(),
  ]);
  await repairProjections(store.projections, accountId, (name, damage) =>
    onError(`${name} of account ${accountId} is made anew`, damage),
  );
  clock.continueFrom(loaded.at);
  const indexes = await indexChats(loaded.state, () => clock.elapsed());
  const setup = readSetup(accountId, config);
  const host = new AccountHost({
    accountId,
    state: loaded.state,
    indexes,
    config: setup.engine,
    journal: store.journal,
    lease,
    clock,
    memory,
    replayed: loaded.replayed,
    lastSnapshot: loaded.snapshot?.chars ?? 0,
    onError,
    onFailed,
    onCommitted: (seq, events, cause) => hub.committed(accountId, seq, events, cause),
  });
  const account: LiveAccount = {
    id: accountId,
    setup,
    logins,
    host,
    changes: new Changes({
      config: store.config,
      account: () => account,
      onChanged: () => hub.changed(accountId),
      onError,
    }),
  };
  try {
    await host.execute<'account.resumed'>(bySystem({ type: 'account.resumed' }));
    await host.reconfigure(setup.engine);
    await signOutAll(setup, logins, host);
    return account;
  } catch (error) {
    // It must not go on by itself while another one takes its place.
    host.abandon(error);
    throw error;
  }
}
