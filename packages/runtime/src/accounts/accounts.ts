/** The accounts this server has loaded: each is read from the store when first asked for. */
import { agentTopic } from '@parley/engine';
import { type Store, type StoreChange, StoreDamage } from '@parley/store';
import type { AccountConfiguration, LiveSetup } from '@parley/configuration/records/records';
import { readSetup } from '@parley/configuration/records/setup';
import { AccountHost, AccountUnavailable } from './account-host.js';
import { Changes } from './changes.js';
import type { Hub } from '../hub.js';
import { indexChats } from './chat-indexes.js';
import { loadState } from './load-state.js';
import { LoginRegistry } from '../logins/login-registry.js';
import { repairProjections } from './repair-projections.js';
import type { ProcessMemory } from './process-memory.js';
import { signOutAll } from './sign-out.js';
import type { SteadyClock } from '../clock/steady-clock.js';
import { bySystem } from './submission.js';

/** An account, ready to serve. */
export interface LiveAccount {
  readonly id: string;
  readonly host: AccountHost;
  readonly logins: LoginRegistry;
  /** Another one when the configuration changes. */
  setup: AccountConfiguration;
  /** Makes changes take effect. */
  readonly changes: Changes;
}

/** An account that cannot be served. */
export interface UnavailableAccount {
  readonly account: string;
  /** In a clause: `journal entry 17 is missing`. */
  readonly because: string;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly clock: SteadyClock;
  /** What visitors bring to any of them shares this. */
  readonly memory: ProcessMemory;
  readonly onError: (message: string, error: unknown) => void;
  /** Told what is committed, when an account was loaded, and when what may be seen of it changed. */
  readonly hub: Hub;
}

/** How soon a dropped account is loaded again, and how long the pauses between tries may become, ms. */
const FIRST_RETURN_MS = 1_000;
const MAX_RETURN_MS = 60_000;

const ACCOUNT_ID = /^[A-Za-z0-9_]{1,20}$/;

/** Whether this can be an account's id (contract README, "Words"). */
export function isAccountId(id: string): boolean {
  return ACCOUNT_ID.test(id);
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #live = new Map<string, LiveAccount>();
  readonly #loading = new Map<string, Promise<LiveAccount | null>>();
  /** They outlive an account's being dropped: what was told of a login stays true. */
  readonly #books = new Map<string, LoginRegistry>();
  /** Accounts that were dropped and wait for the next try to load them. */
  readonly #returning = new Set<string>();
  /** Accounts that could not be loaded, or were dropped, and are not back yet; and why. */
  readonly #unavailable = new Map<string, unknown>();
  /** Accounts that there are, as far as the store has told. */
  readonly #known = new Set<string>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#stopListening = options.store.onChange((change) => this.#onChange(change));
  }

  /** The accounts that are loaded. */
  all(): readonly LiveAccount[] {
    return [...this.#live.values()];
  }

  /** How many accounts are loaded. */
  get count(): number {
    return this.#live.size;
  }

  /** The account if it is loaded already: the way of almost every request. */
  loaded(accountId: string): LiveAccount | undefined {
    return this.#live.get(accountId);
  }

  /**
   * The account, loaded when need be; null when there is none.
   * @throws AccountUnavailable while the server stops or the store fails, and for an account whose
   *   stored data is damaged: that is read again only when something was done about it.
   */
  async get(accountId: string): Promise<LiveAccount | null> {
    const live = this.#live.get(accountId);
    if (live !== undefined) return live;
    const cause = this.#unavailable.get(accountId);
    if (cause instanceof StoreDamage) throw new AccountUnavailable(accountId, { cause });
    return this.#getAnew(accountId);
  }

  async #getAnew(accountId: string): Promise<LiveAccount | null> {
    if (this.#closed) throw new AccountUnavailable(accountId);
    let loading = this.#loading.get(accountId);
    if (loading === undefined) {
      loading = this.#load(accountId).finally(() => this.#loading.delete(accountId));
      this.#loading.set(accountId, loading);
    }
    return loading;
  }

  /** To be told the accounts that the store has: if it fails later, these are known to be missing. */
  expect(accountIds: readonly string[]): void {
    for (const id of accountIds) this.#known.add(id);
  }

  /** To be called when the clock moved, or nobody could be heard for a while. */
  followClock(): void {
    for (const { host } of this.#live.values()) host.followClock();
  }

  /** The accounts that cannot be served now, and why, without any of their data. */
  unavailable(): readonly UnavailableAccount[] {
    return [...this.#unavailable].map(([account, cause]) => ({
      account,
      because:
        cause instanceof StoreDamage ? cause.found : 'its data cannot be read or written now',
    }));
  }

  /** Reads what others changed of the account; resolves when it has taken effect. */
  async refresh(accountId: string): Promise<void> {
    // One that is just being loaded may have read its configuration already.
    await this.#loading.get(accountId)?.catch(() => null);
    const live = this.#live.get(accountId);
    if (live !== undefined) await live.changes.read();
    // Perhaps its damage was what was changed; if not, that is told again.
    else if (this.#unavailable.has(accountId)) await this.#getAnew(accountId).catch(() => null);
  }

  /** An account's configuration as it is served, for who changes it. */
  liveSetup(account: LiveAccount): LiveSetup {
    const { store } = this.#options;
    const { id } = account;
    return {
      known: () => this.#live.get(id)?.setup ?? account.setup,
      refreshed: async () => {
        await this.refresh(id);
        // One that is not served follows nothing.
        return this.#live.get(id)?.setup ?? readSetup(id, await store.config.load(id));
      },
    };
  }

  /** Resolves when what this process wrote of the account's configuration has taken effect. */
  async settled(accountId: string): Promise<void> {
    await this.#live.get(accountId)?.changes.settled();
  }

  #onChange(change: StoreChange): void {
    const { accountId } = change;
    const live = this.#live.get(accountId);
    if (live !== undefined && change.changed === 'configuration') {
      live.changes.take(change.written);
    } else if (live !== undefined && change.changed === 'logins') {
      live.changes.readLogins();
    } else {
      this.refresh(accountId).catch((error) => {
        this.#report(`what changed of account ${accountId} cannot be used`, error);
      });
    }
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
    const { store, clock, memory, hub } = this.#options;
    if (!(await this.#exists(accountId))) return null;
    let host: AccountHost | null = null;
    try {
      const logins =
        this.#books.get(accountId) ??
        new LoginRegistry(
          accountId,
          store.logins,
          clock,
          (userId) => hub.changed(accountId, agentTopic(userId)),
          (damage) => this.#report(`logins of account ${accountId} are void`, damage),
        );
      this.#books.set(accountId, logins);
      const [config, loaded] = await Promise.all([
        store.config.load(accountId),
        loadState(store.journal, accountId, (damage) =>
          this.#report(`account ${accountId} is loaded without a snapshot`, damage),
        ),
        logins.reload(),
      ]);
      await repairProjections(store.projections, accountId, (name, damage) =>
        this.#report(`${name} of account ${accountId} is made anew`, damage),
      );
      clock.continueFrom(loaded.at);
      const indexes = await indexChats(loaded.state, () => clock.elapsed());
      const setup = readSetup(accountId, config);
      host = new AccountHost({
        accountId,
        state: loaded.state,
        indexes,
        config: setup.engine,
        journal: store.journal,
        clock,
        memory,
        replayed: loaded.replayed,
        lastSnapshot: loaded.snapshot?.chars ?? 0,
        onError: (message, error) => this.#report(message, error),
        onFailed: (error) => {
          this.#live.delete(accountId);
          this.#unavailable.set(accountId, error);
          this.#report(`account ${accountId} is dropped from memory`, error);
          this.#bringBack(accountId, FIRST_RETURN_MS);
          // Not while the host is at its failing: whoever looks again may load the account.
          setImmediate(() => hub.changed(accountId));
        },
        onCommitted: (seq, events) => hub.committed(accountId, seq, events),
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
          onError: (message, error) => this.#report(message, error),
        }),
      };
      await account.host.execute<'account.resumed'>(bySystem({ type: 'account.resumed' }));
      await account.host.reconfigure(setup.engine);
      await signOutAll(setup, logins, account.host);
      this.#live.set(accountId, account);
      this.#unavailable.delete(accountId);
      hub.loaded(accountId);
      account.host.snapshots.consider();
      return account;
    } catch (error) {
      this.#unavailable.set(accountId, error);
      // It must not go on by itself while another one takes its place.
      host?.abandon(error);
      this.#report(`account ${accountId} cannot be loaded`, error);
      throw new AccountUnavailable(accountId, { cause: error });
    }
  }

  /**
   * Anybody may ask for any id, so none is remembered, or told to the log, before it is known to be an
   * account's: by the store or, when that cannot tell, from before.
   * @throws AccountUnavailable when the store cannot tell.
   */
  async #exists(accountId: string): Promise<boolean> {
    if (!isAccountId(accountId)) return false;
    try {
      const exists = (await this.#options.store.accounts.get(accountId)) !== null;
      if (exists) this.#known.add(accountId);
      else this.#unavailable.delete(accountId);
      return exists;
    } catch (cause) {
      if (this.#known.has(accountId)) {
        this.#unavailable.set(accountId, cause);
        this.#report(`account ${accountId} cannot be loaded`, cause);
      }
      throw new AccountUnavailable(accountId, { cause });
    }
  }

  #report(message: string, error: unknown): void {
    try {
      this.#options.onError(message, error);
    } catch {
      // A log that cannot be written is no reason for anybody to be without an answer.
    }
  }

  /** Loads a dropped account again, asked or not: its timers run only while it is loaded. */
  #bringBack(accountId: string, delay: number): void {
    if (this.#closed || this.#returning.has(accountId)) return;
    this.#returning.add(accountId);
    const { clock } = this.#options;
    clock.after(delay, () => {
      this.#returning.delete(accountId);
      if (this.#closed || this.#live.has(accountId)) return;
      const longer = Math.min(2 * delay, MAX_RETURN_MS);
      this.get(accountId).catch(() => this.#bringBack(accountId, longer));
    });
  }
}
