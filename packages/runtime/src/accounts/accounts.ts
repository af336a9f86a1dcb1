/**
 * The accounts this server has loaded: each is read from the store when first asked for.
 *
 * One file, though it is long: loading, dropping, putting away and stepping down move an account between
 * the same few states.
 */
import { agentTopic } from '@parley/engine';
import { type Store, type StoreChange, type StoreConflict, StoreDamage } from '@parley/store';
import type { LiveSetup } from '@parley/configuration/records/records';
import { readSetup } from '@parley/configuration/records/setup';
import { type AccountElsewhere, isFenced, isLeased } from './account-elsewhere.js';
import { AccountLeases } from './account-leases.js';
import { AccountUnavailable } from './account-unavailable.js';
import type { Hub } from '../hub.js';
import { ElsewhereAccounts, type UnavailableAccount } from './elsewhere-accounts.js';
import type { LiveAccount } from './live-account.js';
import { openAccount } from './open-account.js';
import { IdleAccounts } from './idle-accounts.js';
import { LoginRegistry } from '../logins/login-registry.js';
import type { ProcessMemory } from './process-memory.js';
import type { SteadyClock } from '../clock/steady-clock.js';

export type { UnavailableAccount } from './elsewhere-accounts.js';
export type { LiveAccount } from './live-account.js';

export interface AccountsOptions {
  readonly store: Store;
  readonly clock: SteadyClock;
  /** What visitors bring to any of them shares this. */
  readonly memory: ProcessMemory;
  readonly onError: (message: string, error: unknown) => void;
  /** Notified of what is committed, when an account was loaded, and when what may be seen of it changed. */
  readonly hub: Hub;
  /** How long nobody must have used an account that is at rest before it is put away, ms; 0: never. */
  readonly restAfterMs?: number;
  /** How long a lease is that is not renewed, ms; 30 s by default. */
  readonly leaseMs?: number | undefined;
  /**
   * Called before an account is put away: does what only a loaded one can. Answers when that is due
   * again, epoch ms; null for never.
   */
  readonly beforeRest?: (account: LiveAccount) => Promise<number | null>;
}

/** An account in memory. */
interface Slot {
  readonly account: LiveAccount;
  /** Whether somebody asked for it since it was looked last. */
  isUsed: boolean;
}

/** How soon a dropped account is loaded again, and how long the pauses between tries may become, ms. */
const FIRST_RETURN_MS = 1_000;
const MAX_RETURN_MS = 60_000;

/** Something that is due by then is not worth to put an account away for, ms. */
const SOON_MS = 60_000;

const ACCOUNT_ID = /^[A-Za-z0-9_]{1,20}$/;

/** Whether this can be an account's id (contract README, "Words"). */
export function isAccountId(id: string): boolean {
  return ACCOUNT_ID.test(id);
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #live = new Map<string, Slot>();
  readonly #loading = new Map<string, Promise<LiveAccount | null>>();
  /** Of those being loaded: what they read may be older than what is stored by now. */
  readonly #outdated = new Set<string>();
  /** Accounts that are just put away, and when that is done. */
  readonly #resting = new Map<string, Promise<void>>();
  /** As long as anybody has one, it is the account's: what was reported of a login stays true. */
  readonly #books = new Map<string, WeakRef<LoginRegistry>>();
  readonly #elsewhere: ElsewhereAccounts;
  readonly #leases: AccountLeases;
  readonly #idle: IdleAccounts;
  /** Accounts that were dropped and wait for the next try to load them. */
  readonly #returning = new Set<string>();
  /** Accounts that could not be loaded, or were dropped, and are not back yet; and why. */
  readonly #unavailable = new Map<string, unknown>();
  /** Accounts that there are, as far as the store has reported. */
  readonly #known = new Set<string>();
  readonly #stopListening: () => void;
  #closed = false;

  constructor(options: AccountsOptions) {
    this.#options = options;
    this.#stopListening = options.store.onChange((change) => this.#onChange(change));
    this.#elsewhere = new ElsewhereAccounts(options.clock);
    this.#leases = new AccountLeases({
      ...{ leases: options.store.leases, clock: options.clock, leaseMs: options.leaseMs },
      onLost: (accountId, cause) => this.#leaseLost(accountId, cause),
      onOwnerGone: (accountId) => this.#takeOver(accountId),
      onError: (message, error) => this.#report(message, error),
    });
    this.#idle = new IdleAccounts({
      ...{ clock: options.clock, restAfterMs: options.restAfterMs ?? 0 },
      takeUnused: () => this.#takeUnused(),
      putAway: (accountId) => this.#putAway(accountId),
      wake: async (accountId) => void (await this.get(accountId).catch(() => null)),
    });
  }

  /** The accounts that are loaded. */
  all(): readonly LiveAccount[] {
    return [...this.#live.values()].map(({ account }) => account);
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** How many accounts are loaded. */
  get count(): number {
    return this.#live.size;
  }

  /** The account if it is loaded already: the way of almost every request. */
  loaded(accountId: string): LiveAccount | undefined {
    const slot = this.#live.get(accountId);
    if (slot === undefined) return undefined;
    slot.isUsed = true;
    return slot.account;
  }

  /** Whether there are accounts, and none of them can be served, as far as was tried. */
  get areAllFailing(): boolean {
    const failing = this.#unavailable.size + this.#elsewhere.size;
    return failing > 0 && failing >= this.#known.size && this.#live.size === 0;
  }

  /**
   * The account, loaded when need be; null when there is none.
   * @throws AccountUnavailable while the server stops or the store fails, and for an account whose
   *   stored data is damaged: that is read again only when something was done about it.
   * @throws AccountElsewhere when another process serves it: it is loaded again when that one's lease has
   *   ended; where it has written without a lease, not until the next start.
   */
  async get(accountId: string): Promise<LiveAccount | null> {
    const live = this.loaded(accountId);
    if (live !== undefined) return live;
    this.#elsewhere.refuse(accountId);
    const cause = this.#unavailable.get(accountId);
    if (cause instanceof StoreDamage) throw new AccountUnavailable(accountId, { cause });
    return this.#getAnew(accountId);
  }

  async #getAnew(accountId: string): Promise<LiveAccount | null> {
    await this.#resting.get(accountId);
    if (this.#closed) throw new AccountUnavailable(accountId);
    let loading = this.#loading.get(accountId);
    if (loading === undefined) {
      loading = this.#load(accountId).finally(() => this.#loading.delete(accountId));
      this.#loading.set(accountId, loading);
    }
    return loading;
  }

  /** To be given the accounts that the store has: if it fails later, these are known to be missing. */
  expect(accountIds: readonly string[]): void {
    for (const id of accountIds) this.#known.add(id);
  }

  /**
   * Reads which accounts something is under way of, or due later: these are woken then.
   * @returns those to be loaded now
   */
  async takeUp(): Promise<readonly string[]> {
    const awake: string[] = [];
    for (const { accountId, needs } of await this.#options.store.accounts.standing()) {
      if (needs === 'awake') awake.push(accountId);
      else this.#idle.rests(accountId, needs.dueAt);
    }
    return awake;
  }

  /** Loads an account that nobody asked for; when it is found at rest, it is put away again at once. */
  async look(accountId: string): Promise<void> {
    if (this.#live.has(accountId) || (await this.get(accountId)) === null) return;
    const slot = this.#live.get(accountId);
    if (slot === undefined || (this.#options.restAfterMs ?? 0) === 0) return;
    slot.isUsed = false;
    const due = slot.account.host.nextDeadline;
    if (due === null || due > this.#options.clock.now() + SOON_MS) await this.#putAway(accountId);
  }

  /** To be called when the clock moved, or nobody could be heard for a while. */
  followClock(): void {
    for (const { account } of this.#live.values()) account.host.followClock();
  }

  /** The accounts that cannot be served now, and why, without any of their data. */
  unavailable(): readonly UnavailableAccount[] {
    const failing = [...this.#unavailable].map(([account, cause]) => ({
      account,
      because:
        cause instanceof StoreDamage ? cause.found : 'its data cannot be read or written now',
    }));
    return [...failing, ...this.#elsewhere.unavailable()];
  }

  /** Reads what others changed of the account; resolves when it has taken effect. */
  async refresh(accountId: string): Promise<void> {
    // One that is just being loaded may have read its configuration already.
    await this.#loading.get(accountId)?.catch(() => null);
    const live = this.#live.get(accountId)?.account;
    if (live !== undefined) await live.changes.read();
    // Perhaps its damage was what was changed; if not, that is reported again.
    else if (this.#unavailable.has(accountId)) await this.#getAnew(accountId).catch(() => null);
  }

  /** An account's configuration as it is served, for who changes it. */
  liveSetup(account: LiveAccount): LiveSetup {
    const { store } = this.#options;
    const { id } = account;
    return {
      known: () => this.#live.get(id)?.account.setup ?? account.setup,
      refreshed: async () => {
        await this.refresh(id);
        // One that is not served follows nothing.
        return this.#live.get(id)?.account.setup ?? readSetup(id, await store.config.load(id));
      },
    };
  }

  /**
   * Resolves when what this process wrote of the account's configuration has taken effect, or nobody
   * is served by the account until it has.
   */
  async applied(accountId: string): Promise<void> {
    await this.#loading.get(accountId)?.catch(() => null);
    await this.#live.get(accountId)?.account.changes.applied();
  }

  #onChange(change: StoreChange): void {
    const { accountId } = change;
    const live = this.#live.get(accountId)?.account;
    if (live !== undefined && change.changed === 'configuration') {
      live.changes.take(change.written);
    } else if (live !== undefined && change.changed === 'logins') {
      live.changes.readLogins();
    } else {
      if (this.#loading.has(accountId)) this.#outdated.add(accountId);
      this.refresh(accountId).catch((error) => {
        this.#report(`what changed of account ${accountId} cannot be used`, error);
      });
    }
  }

  /** Closes every account; none can be had afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await this.#idle.close();
    await Promise.allSettled(this.#loading.values());
    const live = this.all();
    this.#live.clear();
    await Promise.allSettled(live.map((account) => this.#closeAccount(account, null)));
    await this.#leases.close();
  }

  /** Those that nobody asked for since this was called last. */
  #takeUnused(): string[] {
    const unused = [...this.#live.values()].filter(({ isUsed }) => !isUsed);
    for (const slot of this.#live.values()) slot.isUsed = false;
    return unused.map(({ account }) => account.id);
  }

  /** Puts an account away that is at rest, unless somebody uses it meanwhile. Never rejects. */
  async #putAway(accountId: string): Promise<void> {
    const slot = this.#live.get(accountId);
    if (slot === undefined || !this.#canRest(slot)) return;
    const { account } = slot;
    const { beforeRest = () => Promise.resolve(null) } = this.#options;
    try {
      const dueAt = await beforeRest(account);
      await account.changes.applied();
      if (this.#live.get(accountId) !== slot || !this.#canRest(slot)) return;
      // Whoever asks from here on waits, and gets it loaded anew.
      this.#live.delete(accountId);
      const resting = this.#closeAccount(account, dueAt).finally(() =>
        this.#resting.delete(accountId),
      );
      this.#resting.set(accountId, resting);
      await resting;
    } catch (error) {
      this.#report(`account ${accountId} could not be put away`, error);
    }
  }

  #canRest({ account, isUsed }: Slot): boolean {
    return !isUsed && account.host.isAtRest && !this.#options.hub.isWatched(account.id);
  }

  /**
   * Keeps a last snapshot, and records when the account has to be loaded again unasked; if it is not at
   * rest, that is at the next start.
   * @param otherDueAt when something else than its own deadlines is due, epoch ms; null for never
   */
  async #closeAccount({ id, host }: LiveAccount, otherDueAt: number | null): Promise<void> {
    const { store } = this.#options;
    const { isAtRest } = host;
    const own = host.nextDeadline;
    const { seq } = host.state;
    await host.close();
    if (!isAtRest) return this.#leases.release(id);
    const dueAt =
      own === null || otherDueAt === null ? (own ?? otherDueAt) : Math.min(own, otherDueAt);
    this.#idle.rests(id, dueAt);
    await Promise.all([store.accounts.rest(id, { seq, dueAt }), this.#leases.release(id)]);
  }

  /** Another process serves the account: this one has nothing to do with it any more. */
  #stepDown(accountId: string, cause: unknown): AccountElsewhere {
    const isLease = isLeased(cause);
    if (isLease) this.#leases.forget(accountId);
    else void this.#leases.release(accountId);
    this.#unavailable.delete(accountId);
    const { error, isNew } = this.#elsewhere.add(accountId, cause);
    if (!isNew) return error;
    this.#report(
      isLease
        ? `another process serves account ${accountId}, so this server has stepped down from it and answers 503 until that one's lease has ended: stop one of the two`
        : `another process has written account ${accountId}, so this server has stepped down from it and answers 503: stop one of the two, then restart this one if it is to serve the account`,
      cause,
    );
    return error;
  }

  /** Whatever is under way of it fails. */
  #leaseLost(accountId: string, cause: StoreConflict): void {
    if (!this.#live.has(accountId)) this.#stepDown(accountId, cause);
    this.#live.get(accountId)?.account.host.abandon(cause);
  }

  /** Whoever had it let it run out, so its timers run here from now on. Never rejects. */
  async #takeOver(accountId: string): Promise<void> {
    const isDamaged = this.#unavailable.get(accountId) instanceof StoreDamage;
    if (this.#closed || this.#live.has(accountId) || isDamaged) return;
    if (this.#elsewhere.isForGood(accountId)) return;
    // What keeps it from being loaded was logged.
    await this.#getAnew(accountId).catch(() => null);
  }

  async #load(accountId: string): Promise<LiveAccount | null> {
    this.#outdated.delete(accountId);
    if (!(await this.#exists(accountId))) return null;
    const { hub } = this.#options;
    try {
      const lease = await this.#leases.take(accountId);
      const logins = this.#loginsOf(accountId);
      const account = await openAccount(accountId, {
        ...this.#options,
        logins,
        lease,
        onError: (message, error) => this.#report(message, error),
        onFailed: (error) => this.#onFailed(accountId, error),
      });
      // What was acknowledged meanwhile, such as a sign-out, is in force before anybody is served.
      while (this.#outdated.delete(accountId)) await account.changes.read();
      account.host.requireServing();
      this.#live.set(accountId, { account, isUsed: true });
      this.#idle.loaded(accountId);
      this.#unavailable.delete(accountId);
      this.#elsewhere.delete(accountId);
      hub.loaded(accountId);
      account.host.snapshots.consider();
      return account;
    } catch (error) {
      if (isFenced(error)) throw this.#stepDown(accountId, error);
      this.#unavailable.set(accountId, error);
      this.#report(`account ${accountId} cannot be loaded`, error);
      throw new AccountUnavailable(accountId, { cause: error });
    }
  }

  #loginsOf(accountId: string): LoginRegistry {
    const { store, clock, hub } = this.#options;
    const known = this.#books.get(accountId)?.deref();
    if (known !== undefined) return known;
    const logins = new LoginRegistry(
      accountId,
      store.logins,
      clock,
      (userId) => hub.changed(accountId, agentTopic(userId)),
      (damage) => this.#report(`logins of account ${accountId} are void`, damage),
    );
    this.#books.set(accountId, new WeakRef(logins));
    return logins;
  }

  #onFailed(accountId: string, error: unknown): void {
    this.#live.delete(accountId);
    if (isFenced(error)) this.#stepDown(accountId, error);
    else {
      this.#unavailable.set(accountId, error);
      this.#report(`account ${accountId} is dropped from memory`, error);
      this.#bringBack(accountId, FIRST_RETURN_MS);
    }
    // Not while the host is at its failing: whoever looks again may load the account.
    setImmediate(() => this.#options.hub.changed(accountId));
  }

  /**
   * Anybody may ask for any id, so none is remembered, or logged, before it is known to be an
   * account's: by the store or, when that cannot answer, from before.
   * @throws AccountUnavailable when the store cannot answer.
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
      if (this.#closed || this.#live.has(accountId) || this.#elsewhere.has(accountId)) return;
      const longer = Math.min(2 * delay, MAX_RETURN_MS);
      this.get(accountId).catch(() => this.#bringBack(accountId, longer));
    });
  }
}
