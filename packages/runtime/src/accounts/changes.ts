/**
 * Makes changes of one account's configuration and logins take effect: first those who ask for the
 * configuration see them, then the engine, and at last what they made void is ended.
 *
 * A change that this process wrote comes along with its records, and nothing is read. What others
 * wrote is read: the records that changed, and no others.
 *
 * A change that cannot take effect drops the account, which answers 503 until it is loaded with it.
 */
import type { ConfigState, Configuration, ConfigWritten } from '@parley/store';
import type { AccountConfiguration } from '@parley/configuration/records/records';
import { changedSetup, isNext } from '@parley/configuration/records/setup';
import type { AccountHost } from './account-host.js';
import type { LoginRegistry } from '../logins/login-registry.js';
import { signOut } from './sign-out.js';

interface ChangingAccount {
  readonly id: string;
  readonly logins: LoginRegistry;
  readonly host: AccountHost;
  setup: AccountConfiguration;
}

export interface ChangesOptions {
  readonly config: Configuration;
  readonly account: () => ChangingAccount;
  /** Called when what may be seen of the account may have changed. */
  readonly onChanged: () => void;
  /** Called when a change cannot take effect: then the account is dropped, and loaded again. */
  readonly onError: (message: string, error: unknown) => void;
}

/** What is to be done in one go. */
interface Round {
  /** Whether it must be asked what others changed. */
  read: boolean;
  /** Whether logins must be read again. */
  logins: boolean;
  /** Whether the engine must be given another configuration. */
  setup: boolean;
  /** Users that were changed or deleted. */
  readonly userIds: Set<number>;
}

export class Changes {
  readonly #options: ChangesOptions;
  /** The round under way. */
  #now: Promise<void> | null = null;
  /** What comes after it, and when that is done. */
  #next: { readonly round: Round; readonly done: Promise<void> } | null = null;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Takes over what this process wrote: seen at once, in effect when `applied` resolves. */
  take(written: ConfigWritten): void {
    const account = this.#options.account();
    const round = this.#soon();
    // After changes by others, these records are not all that is new.
    if (!isNext(account.setup, written.revisions)) round.read = true;
    else this.#adopt(account, written, round);
  }

  /** Logins of others were ended. */
  readLogins(): void {
    this.#soon().logins = true;
  }

  /** Asks what others changed; resolves when that is in effect. */
  read(): Promise<void> {
    this.#soon().read = true;
    return this.applied();
  }

  /** Resolves when everything that was taken until now is in effect. */
  applied(): Promise<void> {
    return this.#next?.done ?? this.#now ?? Promise.resolve();
  }

  /** The round that is about to begin: changes that come while one is under way share the next. */
  #soon(): Round {
    if (this.#next !== null) return this.#next.round;
    const round: Round = { read: false, logins: false, setup: false, userIds: new Set() };
    const before = this.#now ?? Promise.resolve();
    const done = before.then(() => {
      this.#now = done;
      this.#next = null;
      return this.#carryOut(round).finally(() => {
        if (this.#now === done) this.#now = null;
      });
    });
    this.#next = { round, done };
    return round;
  }

  async #carryOut(round: Round): Promise<void> {
    const account = this.#options.account();
    try {
      if (round.read) {
        const { revisions } = account.setup;
        const changed = await this.#options.config.changedSince(account.id, revisions);
        this.#adopt(account, newer(account.setup, changed), round);
      }
      if (round.read || round.logins) await account.logins.reload();
      if (round.setup) await account.host.reconfigure(account.setup.engine);
      await signOut(account.setup, account.logins, account.host, round.userIds);
      this.#options.onChanged();
    } catch (error) {
      this.#refused(error);
    }
  }

  #adopt(account: ChangingAccount, changed: ConfigState, round: Round): void {
    if (Object.keys(changed.revisions).length === 0) return;
    try {
      account.setup = changedSetup(account.setup, changed);
      round.setup = true;
      for (const { kind, id } of changed.items) if (kind === 'user') round.userIds.add(id);
    } catch (error) {
      this.#refused(error);
    }
  }

  /**
   * The change is kept, and perhaps acknowledged: nobody is served as if it were not, for it may have
   * signed somebody out.
   */
  #refused(error: unknown): void {
    const { id, host } = this.#options.account();
    // Otherwise that has been reported, and the account is being loaded with the change.
    if (host.isServing) {
      this.#options.onError(`the new configuration of account ${id} cannot be used`, error);
    }
    host.abandon(error);
  }
}

/** Of what was read, the collections that are not known by now: some may have been written meanwhile. */
function newer({ revisions: known }: AccountConfiguration, read: ConfigState): ConfigState {
  const isNew = (kind: string) => (read.revisions[kind] ?? 0) > (known[kind] ?? 0);
  const ofNew = (by: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(by).filter(([kind]) => isNew(kind)));
  return {
    items: read.items.filter(({ kind }) => isNew(kind)),
    revisions: ofNew(read.revisions),
    nextIds: ofNew(read.nextIds),
  };
}
