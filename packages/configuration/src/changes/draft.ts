/**
 * A change of an account's configuration while it is being worked out: records as they would be,
 * beside those there are. Nothing is written until all of it is known to fit together.
 */
import type { ConfigChange } from '@parley/store';
import {
  type AccountConfiguration,
  completed,
  type Kind,
  type NewRecord,
  type RecordMaps,
  type Records,
  type Stored,
} from '../records/records.js';
import { creation, replacement } from '../records/record-changes.js';
import type { SharedMap } from '../records/shared-map.js';

/** Whether a record is there, or was deleted and is reported as that. */
export type RecordState = 'live' | 'deleted';

/** What an audit entry holds besides who, when and from where. */
export interface Note {
  readonly action: string;
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export class Draft {
  /** The configuration as it is. */
  readonly before: AccountConfiguration;
  /** Epoch ms. */
  readonly now: number;
  readonly notes: Note[] = [];
  #records: RecordMaps;
  readonly #nextIds = new Map<Kind, number>();
  readonly #remembered: Map<string, unknown>;
  /** Kind and id of what was touched, in order. */
  readonly #touched = new Map<string, readonly [Kind, number]>();
  /** What deleted records are kept as. */
  readonly #tombstones = new Map<string, ConfigChange>();

  /** @param remembered what `once` worked out in earlier tries of the same change */
  constructor(
    before: AccountConfiguration,
    now: number,
    remembered: Map<string, unknown> = new Map(),
  ) {
    this.before = before;
    this.now = now;
    this.#remembered = remembered;
    this.#records = before.records;
  }

  /** The records as they would be now. What was read before a change of the draft stays as it was. */
  get records(): RecordMaps {
    return this.#records;
  }

  /**
   * Something slow that depends on nothing stored, such as the hash of a password: worked out once,
   * however often the change is tried.
   * @param key says what it is and what it is made of
   */
  async once<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (!this.#remembered.has(key)) this.#remembered.set(key, await work());
    return this.#remembered.get(key) as T;
  }

  /** Adds a record; answers its id. */
  create<K extends Kind>(kind: K, given: NewRecord<K>): number {
    // Ids are never used again, so the next one is above all that ever were.
    const id = this.#nextIds.get(kind) ?? this.before.nextIds[kind] ?? 1;
    this.#nextIds.set(kind, id + 1);
    const record = { ...completed(kind, given), changedAt: this.now };
    this.#put(kind, id, { ...record, id, revision: 0 });
    this.#touch(kind, id);
    return id;
  }

  /** Changes fields of a record; answers those that differ, as they are now. */
  update<K extends Kind>(
    kind: K,
    id: number,
    change: Partial<Records[K]>,
  ): Readonly<Record<string, unknown>> {
    const before = this.require(kind, id);
    const differing = Object.entries(change).filter(
      ([name, value]) => JSON.stringify(Reflect.get(before, name)) !== JSON.stringify(value),
    );
    if (differing.length === 0) return {};
    const fields = Object.fromEntries(differing);
    const after = { ...before, ...(fields as Partial<Records[K]>), changedAt: this.now };
    this.#put(kind, id, after);
    this.#touch(kind, id);
    return fields;
  }

  /** Takes a record out. Its fields are kept, marked as deleted, with these changes. */
  remove<K extends Kind>(kind: K, id: number, last: Partial<Records[K]> = {}): void {
    const { id: _, revision: __, ...fields } = this.require(kind, id);
    const record = { ...fields, ...last, changedAt: this.now } as unknown as Records[K];
    this.#tombstones.set(`${kind}:${id}`, replacement(kind, id, record));
    this.#put(kind, id, undefined);
    this.#touch(kind, id);
  }

  /** @throws Error when there is no such record. */
  require<K extends Kind>(kind: K, id: number): Stored<K> {
    const record = this.#of(kind).get(id);
    if (record === undefined) throw new Error(`there is no ${kind} ${id}`);
    return record;
  }

  /** For the audit; never a secret. */
  note(action: string, target: string, detail: Note['detail'] = {}): void {
    this.notes.push({ action, target, detail });
  }

  /** Ids of the records of a kind that would be new, changed or deleted. */
  touched(kind: Kind): number[] {
    return [...this.#touched.values()].flatMap(([of, id]) => (of === kind ? [id] : []));
  }

  /** Records of a kind that would be new or changed. */
  changed<K extends Kind>(kind: K): Stored<K>[] {
    return this.touched(kind).flatMap((id) => {
      const record = this.#of(kind).get(id);
      return record === undefined ? [] : [record];
    });
  }

  /** What is to be written, in an order in which names become free before they are taken. */
  changes(): readonly ConfigChange[] {
    const touched = [...this.#touched.values()];
    const gone = touched.flatMap(([kind, id]) => this.#goneChanges(kind, id));
    return [...gone, ...touched.flatMap(([kind, id]) => this.#keptChanges(kind, id))];
  }

  #goneChanges(kind: Kind, id: number): ConfigChange[] {
    const tombstone = this.#tombstones.get(`${kind}:${id}`);
    if (tombstone === undefined || !this.before.records[kind].has(id)) return [];
    return [tombstone, { op: 'delete', kind, id }];
  }

  #keptChanges<K extends Kind>(kind: K, id: number): ConfigChange[] {
    const stored = this.#of(kind).get(id);
    if (stored === undefined) return [];
    const { id: _, revision: __, ...fields } = stored;
    const record = fields as unknown as Records[K];
    return this.before.records[kind].has(id)
      ? [replacement(kind, id, record)]
      : [creation(kind, record, id)];
  }

  #of<K extends Kind>(kind: K): SharedMap<number, Stored<K>> {
    return this.#records[kind];
  }

  #put<K extends Kind>(kind: K, id: number, record: Stored<K> | undefined): void {
    this.#records = { ...this.#records, [kind]: this.#of(kind).with([[id, record]]) };
  }

  #touch(kind: Kind, id: number): void {
    const key = `${kind}:${id}`;
    if (!this.#touched.has(key)) this.#touched.set(key, [kind, id]);
  }
}
