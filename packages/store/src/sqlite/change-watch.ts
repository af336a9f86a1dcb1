import { bumpChange } from '../sql/change-bump.js';
import { listChanges } from '../sql/change-list.js';
import type { Connection } from './connection.js';

/**
 * Reports which accounts' configuration, logins or existence changed.
 *
 * Every change raises the account's counter in the same transaction. SQLite's `data_version` moves
 * when another connection has committed anything; only then are the counters read and compared
 * with what was seen last.
 */
export class ChangeWatch {
  readonly #connection: Connection;
  readonly #seen = new Map<string, number>();
  #dataVersion: number;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#dataVersion = this.#readDataVersion();
    this.#compare();
  }

  /**
   * What other processes have done since the last call: null when they wrote nothing at all,
   * else the accounts they changed (none, if they wrote only to journals).
   */
  others(): readonly string[] | null {
    const version = this.#readDataVersion();
    if (version === this.#dataVersion) return null;
    this.#dataVersion = version;
    return this.#compare();
  }

  /** Raises the counters of accounts, within the open transaction. */
  bump(accounts: Iterable<string>): void {
    for (const accountId of accounts) this.#connection.run(bumpChange, [accountId]);
  }

  /** Counts our own changes as seen, after their commit. */
  bumped(accounts: Iterable<string>): void {
    for (const accountId of accounts) {
      this.#seen.set(accountId, (this.#seen.get(accountId) ?? 0) + 1);
    }
  }

  #compare(): string[] {
    const changed: string[] = [];
    for (const row of this.#connection.all<{ accountId: string; changes: number }>(listChanges)) {
      if (this.#seen.get(row.accountId) === row.changes) continue;
      this.#seen.set(row.accountId, row.changes);
      changed.push(row.accountId);
    }
    return changed;
  }

  #readDataVersion(): number {
    const row = this.#connection.first<{ data_version: number }>('pragma data_version');
    return row?.data_version ?? 0;
  }
}
