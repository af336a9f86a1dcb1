/** The accounts this server has loaded: each is read from the store when first asked for. */
import {
  type AccountEvent,
  type AccountState,
  evolve,
  fromSnapshot,
  initialState,
  SNAPSHOT_VERSION,
  type StateSnapshot,
} from '@parley/engine';
import type { Store } from '@parley/store';
import { type AccountSetup, readSetup } from '../config/records.js';
import { AccountHost, AccountUnavailable } from './account-host.js';
import type { Clock } from './clock.js';
import { LoginBook } from './logins.js';

/** An account, ready to serve. */
export interface LiveAccount {
  readonly id: string;
  readonly host: AccountHost;
  readonly logins: LoginBook;
  /** Replaced whole when the configuration changes. */
  setup: AccountSetup;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (message: string, error: unknown) => void;
  readonly onCommitted?: (accountId: string, events: readonly AccountEvent[]) => void;
}

const ACCOUNT_ID = /^[A-Za-z0-9_]{1,20}$/;

/** Whether this can be an account's id (contract README, "Words"). */
export function isAccountId(id: string): boolean {
  return ACCOUNT_ID.test(id);
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #live = new Map<string, LiveAccount>();
  readonly #loading = new Map<string, Promise<LiveAccount | null>>();
  readonly #reloads = new Map<string, Promise<void>>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#stopListening = options.store.onConfigChanged((accountId) => {
      const account = this.#live.get(accountId);
      if (account !== undefined) void this.#reload(account);
    });
  }

  /** The account if it is loaded already: the way of almost every request. */
  loaded(accountId: string): LiveAccount | undefined {
    return this.#live.get(accountId);
  }

  /**
   * The account, loaded when need be; null when there is none.
   * @throws AccountUnavailable while the server stops or the store fails.
   */
  async get(accountId: string): Promise<LiveAccount | null> {
    const live = this.#live.get(accountId);
    if (live !== undefined) return live;
    if (this.#closed) throw new AccountUnavailable(accountId);
    let loading = this.#loading.get(accountId);
    if (loading === undefined) {
      loading = this.#load(accountId).finally(() => this.#loading.delete(accountId));
      this.#loading.set(accountId, loading);
    }
    return loading;
  }

  /** Loads every account of the store: timers of an account run only while it is loaded. */
  async loadAll(onProgress: (done: number, of: number) => void = () => {}): Promise<void> {
    const ids = await this.#options.store.accounts.list();
    for (const [index, id] of ids.entries()) {
      await this.get(id);
      onProgress(index + 1, ids.length);
    }
  }

  /** Makes a change of configuration take effect; resolves when it has. */
  async refresh(accountId: string): Promise<void> {
    const account = this.#live.get(accountId);
    if (account !== undefined) await this.#reload(account);
  }

  /** Closes every account; none can be had afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await Promise.allSettled(this.#loading.values());
    await Promise.allSettled([...this.#live.values()].map(({ host }) => host.close()));
    this.#live.clear();
  }

  async #load(accountId: string): Promise<LiveAccount | null> {
    const { store, clock } = this.#options;
    try {
      if (!isAccountId(accountId) || (await store.accounts.get(accountId)) === null) return null;
      const [config, logins, state] = await Promise.all([
        store.config.load(accountId),
        store.logins.load(accountId, clock.now()),
        this.#loadState(accountId),
      ]);
      const setup = readSetup(accountId, config.items, config.revisions);
      const account: LiveAccount = {
        id: accountId,
        setup,
        logins: new LoginBook(accountId, store.logins, logins),
        host: new AccountHost({
          accountId,
          state,
          config: setup.engine,
          journal: store.journal,
          clock,
          onFailed: (error) => {
            this.#live.delete(accountId);
            this.#options.onError(`account ${accountId} is dropped from memory`, error);
          },
          onCommitted: (events) => this.#options.onCommitted?.(accountId, events),
        }),
      };
      await account.host.execute<'account.resumed'>({ type: 'account.resumed' });
      await account.host.reconfigure(setup.engine);
      this.#live.set(accountId, account);
      return account;
    } catch (error) {
      this.#options.onError(`account ${accountId} cannot be loaded`, error);
      throw new AccountUnavailable(accountId, { cause: error });
    }
  }

  async #loadState(accountId: string): Promise<AccountState> {
    const { snapshot, tail } = await this.#options.store.journal.load(accountId);
    let state = initialState();
    if (snapshot !== null) {
      const data: StateSnapshot = JSON.parse(snapshot.data);
      if (data.version !== SNAPSHOT_VERSION) {
        throw new Error(
          `snapshot of version ${data.version}; this build reads ${SNAPSHOT_VERSION}`,
        );
      }
      state = fromSnapshot(data);
    }
    for await (const page of tail) {
      for (const entry of page) {
        const event: AccountEvent = JSON.parse(entry.data);
        evolve(state, event, entry.at);
      }
    }
    return state;
  }

  /** One reload at a time per account; a change that comes meanwhile is read by one more. */
  #reload(account: LiveAccount): Promise<void> {
    const before = this.#reloads.get(account.id) ?? Promise.resolve();
    const reload = before.then(() => this.#readAgain(account));
    this.#reloads.set(account.id, reload);
    return reload;
  }

  async #readAgain(account: LiveAccount): Promise<void> {
    const { store, clock, onError } = this.#options;
    try {
      const config = await store.config.load(account.id);
      await account.logins.reload(clock.now());
      account.setup = readSetup(account.id, config.items, config.revisions);
      await account.host.reconfigure(account.setup.engine);
    } catch (error) {
      onError(`the new configuration of account ${account.id} cannot be used`, error);
    }
  }
}
