/** What accounts are set to: records with revisions, and the audit trail of their changes. */
import type { AnsweredRequest, AnswerToStore } from './answered.js';

/** A record of the configuration: a user, a skill, an app key … `data` is its fields as JSON text. */
export interface ConfigItem {
  readonly kind: string;
  /** Positive, given by the store, never reused. */
  readonly id: number;
  /** The collection's revision at which this record last changed. */
  readonly revision: number;
  readonly deleted: boolean;
  /** Unique among the kind's records that are not deleted (login name, skill name); compared as given. */
  readonly nameKey: string | null;
  readonly data: string;
}

export type ConfigChange =
  | {
      readonly op: 'create';
      readonly kind: string;
      readonly nameKey: string | null;
      readonly data: string;
      readonly id?: number;
    }
  | {
      readonly op: 'update';
      readonly kind: string;
      readonly id: number;
      readonly nameKey: string | null;
      readonly data: string;
    }
  | { readonly op: 'delete'; readonly kind: string; readonly id: number };

/** Who changed what, when, from where. */
export interface AuditEntry {
  readonly at: number;
  /** Who did it: `user:17`, `cli`, `demo` … */
  readonly actor: string;
  /** `user.create`, `password.reset` … */
  readonly action: string;
  /** What it was done to: `user:18`. */
  readonly target: string;
  /** Client address or host name. */
  readonly from: string;
  /** JSON text; never a secret. */
  readonly detail: string;
}

/** An audit entry as kept: `id` is 1, 2, 3 … within the account, oldest first. */
export interface StoredAuditEntry extends AuditEntry {
  readonly id: number;
}

/** Changes of an account's configuration that belong together, applied in order. */
export interface ConfigWrite {
  readonly changes: readonly ConfigChange[];
  /** Refuses the write (StoreConflict 'revision') unless these collections are at these revisions. */
  readonly ifRevision?: Readonly<Record<string, number>>;
  readonly audit?: readonly AuditEntry[];
  /** What the request that brings the changes is answered, if it may come again. */
  readonly answered?: AnswerToStore;
}

/** Records of an account's configuration, and where collections stand. */
export interface ConfigState {
  readonly items: readonly ConfigItem[];
  /** Revisions of collections, by kind. */
  readonly revisions: Readonly<Record<string, number>>;
  /** The id that the next new record of a collection has, by kind. */
  readonly nextIds: Readonly<Record<string, number>>;
}

/** One item per change, in order, as stored; and the collections that were touched, after the write. */
export type ConfigWritten = ConfigState;

/** A record, and whose it is. */
export interface ItemOfAccount extends ConfigItem {
  readonly accountId: string;
}

export interface Configuration {
  /**
   * All records of an account that are not deleted, and where each collection stands. As every other
   * read of them, it looks at the whole configuration.
   * @throws StoreDamage when it is not as it was written.
   */
  load(accountId: string): Promise<ConfigState>;
  /**
   * What is new to somebody who knows these revisions: the records that changed since, deleted ones
   * too, and the collections that did.
   */
  changedSince(
    accountId: string,
    revisions: Readonly<Record<string, number>>,
  ): Promise<ConfigState>;
  /** One collection, deleted records included on request, or only those changed after a revision (then deleted ones too). */
  list(
    accountId: string,
    kind: string,
    options?: { readonly includeDeleted?: boolean; readonly changedAfter?: number },
  ): Promise<{ items: readonly ConfigItem[]; revision: number }>;
  /**
   * Records in use of a kind, of all accounts, whose data holds a text: a look at every configuration.
   * Those that are not as they were written are left out.
   */
  holding(kind: string, text: string): Promise<readonly ItemOfAccount[]>;
  /**
   * Applies all changes or none. One write raises each touched collection's revision by one.
   * @throws StoreConflict 'revision' | 'name' (also a given id that was ever used) | 'missing'
   * (update or delete of an unknown or deleted record), naming it | 'full' (as many answers of the
   * caller are kept as may be).
   * @throws StoreDamage when a record that it changes is not as it was written.
   */
  write(accountId: string, write: ConfigWrite): Promise<ConfigWritten>;
  /**
   * What was answered to a request; null for one that is not known.
   * @throws StoreDamage when that is not as it was written.
   */
  answered(accountId: string, key: string): Promise<AnsweredRequest | null>;
  /**
   * The newest `limit` audit entries, newest first; with `before`, those with a smaller id than that.
   * In the place of one that is damaged or missing stands one of the action `audit.damaged`.
   */
  audit(
    accountId: string,
    options: { readonly before?: number; readonly limit: number },
  ): Promise<readonly StoredAuditEntry[]>;
}
