/** A kind of record as the wire offers it: how it is spelled, and what may be done with it. */
import type { ChangesAnswers, DocumentType } from '@parley/protocol';
import type { AccountSetup, Kind, Stored } from '../config/records.js';
import type { ConfigurationCall } from './call.js';
import type { Draft } from './draft.js';

/** Whether a record is there, or was deleted and is told of as that. */
export type RecordState = 'live' | 'deleted';

export interface Collection<K extends Kind, Told extends object, Change extends object> {
  readonly kind: K;
  /** In messages: "user", "agent group". */
  readonly what: string;
  /** Where it stands below `…/configuration/`. */
  readonly path: string;
  /** The documents of one record, of several, and of what is sent to make or change some. */
  readonly one: DocumentType<Told>;
  readonly many: DocumentType<Told[]>;
  readonly change: DocumentType<(Change & { readonly id?: number })[]>;
  readonly tell: (record: Stored<K>, setup: AccountSetup, state: RecordState) => Told;
  /** @throws WireError 403 for a caller who may read no record of this kind, or not this one. */
  readonly checkReach: (call: ConfigurationCall, id: number | null) => void;
  /** Whether the caller may see the record. */
  readonly shows: (call: ConfigurationCall, record: Stored<K>) => boolean;
  /** Adds a record; answers its id. */
  readonly add: (draft: Draft, change: Change) => number | Promise<number>;
  readonly alter: (draft: Draft, id: number, change: Change) => void | Promise<void>;
  readonly remove: (draft: Draft, id: number) => void;
}

/** A collection of the original API: it can be asked for changes, and be changed by lists. */
export interface LeCollection<K extends Kind, Told extends object, Change extends object>
  extends Collection<K, Told, Change> {
  readonly answers: ChangesAnswers<Told>;
}
