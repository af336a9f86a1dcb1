/** A kind of record as the wire offers it: how it is written, and what may be done with it. */
import type { ChangesAnswers, DocumentType, AnyDocument, Parameter } from '@parley/protocol';
import type { AccountConfiguration, Kind, Stored } from '@parley/configuration/records/records';
import type { Answer } from '../http/answer.js';
import type { ConfigurationCall } from './call.js';
import type { Draft, RecordState } from '@parley/configuration/changes/draft';

/** What a call asks of the records it reads, besides which of their fields. */
export interface View<K extends Kind, Serialized extends object> {
  readonly keeps: (record: Stored<K>) => boolean;
  readonly shape: (serialized: Serialized) => Serialized;
  /** The answer in another document, when that is asked for. */
  readonly grouped?: (
    call: ConfigurationCall,
    entries: readonly { readonly record: Stored<K>; readonly serialized: Serialized }[],
    headers: Readonly<Record<string, string>>,
  ) => Answer;
}

/** Query parameters that a collection has besides those of all. */
export interface Views<K extends Kind, Serialized extends object> {
  readonly one: Readonly<Record<string, Parameter>>;
  readonly list: Readonly<Record<string, Parameter>>;
  /** Documents that a list may be answered in, besides its usual one. */
  readonly groupedIn: readonly AnyDocument[];
  /** @throws WireError 400 for a query that is not understood. */
  readonly of: (call: ConfigurationCall, what: 'one' | 'list') => View<K, Serialized>;
}

export interface Collection<K extends Kind, Serialized extends object, Change extends object> {
  readonly kind: K;
  /** In messages: "user", "agent group". */
  readonly what: string;
  /** Where it stands below `…/configuration/`. */
  readonly path: string;
  /** The documents of one record, of several, and of what is sent to make or change some. */
  readonly one: DocumentType<Serialized>;
  readonly many: DocumentType<Serialized[]>;
  readonly change: DocumentType<(Change & { readonly id?: number })[]>;
  readonly serialize: (
    record: Stored<K>,
    setup: AccountConfiguration,
    state: RecordState,
  ) => Serialized;
  /** @throws WireError 403 for a caller who may read no record of this kind, or not this one. */
  readonly checkReach: (call: ConfigurationCall, id: number | null) => void;
  /** Whether the caller may see the record. */
  readonly shows: (call: ConfigurationCall, record: Stored<K>) => boolean;
  /** Adds a record; answers its id. */
  readonly add: (draft: Draft, change: Change) => number | Promise<number>;
  readonly alter: (draft: Draft, id: number, change: Change) => void | Promise<void>;
  readonly remove: (draft: Draft, id: number) => void;
  readonly views?: Views<K, Serialized>;
}

/** A collection of the original API: it can be asked for changes, and be changed by lists. */
export interface LeCollection<K extends Kind, Serialized extends object, Change extends object>
  extends Collection<K, Serialized, Change> {
  readonly answers: ChangesAnswers<Serialized>;
}
