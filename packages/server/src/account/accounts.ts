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
import type { ProcessMemory } from './process-memory.js';
import { eventOf } from '../chat/past-feed.js';
import { LoginBook } from './logins.js';
import { parseStored } from './stored-json.js';
import { signOut } from './sign-out.js';
import type { SteadyClock } from './steady-clock.js';

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
  readonly clock: SteadyClock;
  /** What visitors bring to any of them shares this. */
  readonly memory: ProcessMemory;
  readonly onError: (message: string, error: unknown) => void;
  readonly onCommitted?: (accountId: string, events: readonly AccountEvent[]) => void;
  /** Called when an account was loaded, at first or again. */
  readonly onLoaded?: (account: LiveAccount) => void;
}

/** How soon a dropped account is loaded again, and how long the pauses between tries may become, ms. */
const FIRST_RETURN_MS = 1_000;
const LONGEST_RETURN_MS = 60_000;

const ACCOUNT_ID = /^[A-Za-z0-9_]{1,20}$/;

/** Whether this can be an account's id (contract README, "Words"). */
export function isAccountId(id: string): boolean {
  return ACCOUNT_ID.test(id);
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #live = new Map<string, LiveAccount>();
  readonly #loading = new Map<string, Promise<LiveAccount | null>>();
  /** Of each account: the reading under way, and the one that follows it if something changed. */
  readonly #reloads = new Map<string, { now: Promise<void>; next: Promise<void> | null }>();
  /** They outlive an account's being dropped: what was told of a login stays true. */
  readonly #books = new Map<string, LoginBook>();
  /** Accounts that were dropped and wait for the next try to load them. */
  readonly #returning = new Set<string>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#stopListening = options.store.onConfigChanged((accountId) => {
      this.refresh(accountId).catch((error) => {
        this.#report(`the new configuration of account ${accountId} cannot be used`, error);
      });
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

  /** To be called when the clock moved, or nobody could be heard for a while. */
  followClock(): void {
    for (const { host } of this.#live.values()) host.followClock();
  }

  /** Makes a change of configuration take effect; resolves when it has. */
  async refresh(accountId: string): Promise<void> {
    // One that is just being loaded may have read its configuration already.
    await this.#loading.get(accountId)?.catch(() => null);
    if (this.#live.has(accountId)) await this.#reload(accountId);
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
    const { store, clock, memory } = this.#options;
    let host: AccountHost | null = null;
    try {
      if (!isAccountId(accountId) || (await store.accounts.get(accountId)) === null) return null;
      const logins = this.#books.get(accountId) ?? new LoginBook(accountId, store.logins, clock);
      this.#books.set(accountId, logins);
      const [config, { state, replayed }] = await Promise.all([
        store.config.load(accountId),
        this.#loadState(accountId),
        logins.reload(),
      ]);
      const setup = readSetup(accountId, config.items, config.revisions);
      host = new AccountHost({
        accountId,
        state,
        config: setup.engine,
        journal: store.journal,
        clock,
        memory,
        replayed,
        onError: (message, error) => this.#report(message, error),
        onFailed: (error) => {
          this.#live.delete(accountId);
          this.#report(`account ${accountId} is dropped from memory`, error);
          this.#bringBack(accountId, FIRST_RETURN_MS);
        },
        onCommitted: (events) => this.#options.onCommitted?.(accountId, events),
      });
      const account: LiveAccount = { id: accountId, setup, logins, host };
      await account.host.execute<'account.resumed'>({ type: 'account.resumed' });
      await account.host.reconfigure(setup.engine);
      await signOut(setup, logins, account.host);
      this.#live.set(accountId, account);
      this.#tell(account);
      return account;
    } catch (error) {
      // It must not go on by itself while another one takes its place.
      host?.abandon(error);
      this.#report(`account ${accountId} cannot be loaded`, error);
      throw new AccountUnavailable(accountId, { cause: error });
    }
  }

  /** Whoever hears of it may fail: the account serves all the same. */
  #tell(account: LiveAccount): void {
    try {
      this.#options.onLoaded?.(account);
    } catch (error) {
      this.#report(`what follows the loading of account ${account.id} failed`, error);
    }
  }

  #report(message: string, error: unknown): void {
    try {
      this.#options.onError(message, error);
    } catch {
      // A log that cannot be written is no reason for anybody to be without an answer.
    }
  }

  async #loadState(
    accountId: string,
  ): Promise<{ readonly state: AccountState; readonly replayed: number }> {
    const { snapshot, tail } = await this.#options.store.journal.load(accountId);
    let state = initialState();
    if (snapshot !== null) {
      const data = parseStored(snapshot.data, `snapshot ${snapshot.seq}`) as StateSnapshot;
      if (data.version !== SNAPSHOT_VERSION) {
        throw new Error(
          `snapshot of version ${data.version}; this build reads ${SNAPSHOT_VERSION}`,
        );
      }
      state = fromSnapshot(data);
      this.#options.clock.continueFrom(snapshot.at);
    }
    let replayed = 0;
    for await (const page of tail) {
      replayed += page.length;
      for (const entry of page) {
        evolve(state, eventOf(entry), entry.at);
      }
      this.#options.clock.continueFrom(page.at(-1)?.at ?? 0);
    }
    return { state, replayed };
  }

  /** Loads a dropped account again, asked or not: its timers run only while it is loaded. */
  #bringBack(accountId: string, delay: number): void {
    if (this.#closed || this.#returning.has(accountId)) return;
    this.#returning.add(accountId);
    const { clock } = this.#options;
    clock.after(delay, () => {
      this.#returning.delete(accountId);
      if (this.#closed || this.#live.has(accountId)) return;
      const longer = Math.min(2 * delay, LONGEST_RETURN_MS);
      this.get(accountId).catch(() => this.#bringBack(accountId, longer));
    });
  }

  /** One reading at a time per account; changes that come meanwhile share one more. */
  #reload(accountId: string): Promise<void> {
    const reading = this.#reloads.get(accountId);
    if (reading !== undefined) {
      reading.next ??= reading.now.then(() => this.#reload(accountId));
      return reading.next;
    }
    const now = this.#readAgain(accountId).finally(() => this.#reloads.delete(accountId));
    this.#reloads.set(accountId, { now, next: null });
    return now;
  }

  async #readAgain(accountId: string): Promise<void> {
    const { store } = this.#options;
    const account = this.#live.get(accountId);
    if (account === undefined) return;
    try {
      const config = await store.config.load(accountId);
      await account.logins.reload();
      account.setup = readSetup(accountId, config.items, config.revisions);
      await account.host.reconfigure(account.setup.engine);
      await signOut(account.setup, account.logins, account.host);
    } catch (error) {
      this.#report(`the new configuration of account ${accountId} cannot be used`, error);
    }
  }
}
