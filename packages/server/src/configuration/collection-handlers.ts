/** What the methods of a collection and of its records do. */
import { answerEmpty, answerWith } from '../http/reply.js';
import { changeContextOf, requireAdministrator } from './call.js';
import { readBody } from '../http/read-body.js';
import { pathParam, queryParam } from '../http/query.js';
import { recordIdsDocument, WireError } from '@parley/protocol';
import {
  type AccountConfiguration,
  type Kind,
  parseRecord,
  type Stored,
} from '@parley/configuration/records/records';
import type { Call } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { ConfigurationCall } from './call.js';
import {
  type Changed,
  type ChangeOptions,
  changeConfiguration,
} from '@parley/configuration/changes/change';
import type { Collection, View } from './collection.js';
import type { Draft, RecordState } from '@parley/configuration/changes/draft';
import { aboutOne } from '@parley/configuration/changes/fields';
import { isKnown, revisionHeaders, revisionsExpected } from './revision.js';
import { parseSelection, pick, type Selection } from './select.js';

/** A record that was read or changed, as it is answered. */
interface Shown<K extends Kind> {
  readonly record: Stored<K>;
  readonly state: RecordState;
}

/** Whether a body is one record or a list: the answer is the same. */
type Shape = 'one' | 'list';

export class CollectionHandlers<K extends Kind, T extends object, C extends object> {
  readonly #collection: Collection<K, T, C>;

  constructor(collection: Collection<K, T, C>) {
    this.#collection = collection;
  }

  async readAll(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const view = this.#view(call, 'list');
    this.#collection.checkReach(call, null);
    const { shown, revision } = await this.#read(call);
    if (isKnown(call.request.headers, revision))
      return answerEmpty(call, 304, revisionHeaders(revision));
    const seen = shown
      .filter(({ record }) => this.#collection.shows(call, record) && view.keeps(record))
      .sort((a, b) => a.record.id - b.record.id);
    const entries = seen.map(({ record, state }) => ({
      record,
      serialized: pick(view.shape(this.#serialize(call, record, state)), selection),
    }));
    const headers = revisionHeaders(revision);
    if (view.grouped !== undefined) return view.grouped(call, entries, headers);
    const serialized = entries.map((entry) => entry.serialized);
    return answerWith(call, this.#collection.many, serialized, 200, headers);
  }

  async readOne(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const id = idOf(call);
    const view = this.#view(call, 'one');
    this.#collection.checkReach(call, id);
    const { shown, revision } = await this.#read(call, id);
    const found = shown.find(({ record }) => record.id === id);
    if (found === undefined || !this.#collection.shows(call, found.record)) {
      throw this.#none(id);
    }
    if (isKnown(call.request.headers, revision))
      return answerEmpty(call, 304, revisionHeaders(revision));
    const serialized = pick(
      view.shape(this.#serialize(call, found.record, found.state)),
      selection,
    );
    return answerWith(call, this.#collection.one, serialized, 200, revisionHeaders(revision));
  }

  async create(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const { changes, shape } = this.#changesAsked(call);
    const { add, kind, path } = this.#collection;
    const created = (
      { result, revisions }: Changed<readonly Stored<K>[]>,
      setup: AccountConfiguration,
    ): Answer => {
      const revision = revisions[kind] ?? 0;
      const shown = result.map((record) => ({ record, state: 'live' }) as const);
      const [first] = shown;
      if (shape === 'list' || first === undefined) {
        return this.#answerMany(call, shown, revision, selection, 201, setup);
      }
      const location = `${call.base}/configuration/${path}/${first.record.id}`;
      return this.#answerOne(call, first, revision, selection, 201, { location }, setup);
    };
    const { attempt } = call;
    const answered =
      attempt === null
        ? undefined
        : (changed: Changed<readonly Stored<K>[]>, after: AccountConfiguration) =>
            attempt.kept(created(changed, after), call.server.clock.now());
    const work = async (draft: Draft) => {
      const ids: number[] = [];
      for (const [index, fields] of changes.entries()) {
        ids.push(await naming(shape, index, () => add(draft, fields)));
      }
      return ids.map((id) => draft.require(kind, id));
    };
    const done = await changeAndApply<readonly Stored<K>[]>(call, kind, work, answered);
    return created(done, call.account.setup);
  }

  async changeOne(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const id = idOf(call);
    const { changes } = this.#changesAsked(call);
    const [fields] = changes;
    const { what } = this.#collection;
    if (changes.length !== 1 || fields === undefined) {
      throw new WireError('invalidField', `The body must be one ${what}.`);
    }
    if (fields.id !== undefined && fields.id !== id) {
      throw new WireError('invalidField', `id ${fields.id} is not the one in the path, ${id}.`);
    }
    const { shown, revision } = await this.#alterAll(call, [{ ...fields, id }], 'one');
    const [first] = shown;
    if (first === undefined) throw this.#none(id);
    return this.#answerOne(call, first, revision, selection, 200);
  }

  async changeMany(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const { changes } = this.#changesAsked(call);
    const { shown, revision } = await this.#alterAll(call, changes, 'list');
    return this.#answerMany(call, shown, revision, selection, 200);
  }

  async removeOne(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    const id = idOf(call);
    const { shown, revision } = await this.#removeAll(call, [id]);
    const [first] = shown;
    if (first === undefined) throw this.#none(id);
    return this.#answerOne(call, first, revision, selection, 200);
  }

  async removeMany(call: ConfigurationCall): Promise<Answer> {
    const selection = selectionOf(call);
    requireAdministrator(call);
    const { shown, revision } = await this.#removeAll(call, readBody(call, recordIdsDocument));
    return this.#answerMany(call, shown, revision, selection, 200);
  }

  /** Live records from memory; deleted ones, when they are asked for, from the store. */
  async #read(
    call: ConfigurationCall,
    id?: number,
  ): Promise<{ shown: Shown<K>[]; revision: number }> {
    const { kind } = this.#collection;
    const { setup } = call.account;
    const records: ReadonlyMap<number, Stored<K>> = setup.records[kind];
    const asked = id === undefined ? records.values() : [records.get(id)];
    const shown: Shown<K>[] = [];
    for (const record of asked) {
      if (record !== undefined) shown.push({ record, state: 'live' });
    }
    if (queryParam(call, 'include_deleted')?.toLowerCase() === 'true') {
      requireAdministrator(call);
      const options = { includeDeleted: true };
      const { items } = await call.server.store.config.list(call.account.id, kind, options);
      for (const item of items) {
        if (item.deleted) shown.push({ record: parseRecord(kind, item), state: 'deleted' });
      }
    }
    return { shown, revision: setup.revisions[kind] ?? 0 };
  }

  async #alterAll(
    call: ConfigurationCall,
    changes: readonly (C & { readonly id?: number })[],
    shape: Shape,
  ): Promise<{ shown: Shown<K>[]; revision: number }> {
    const { kind, alter } = this.#collection;
    const { result, revisions } = await this.#change(call, async (draft) => {
      const ids: number[] = [];
      for (const [index, fields] of changes.entries()) {
        await naming(shape, index, async () => {
          const { id } = fields;
          if (id === undefined) throw new WireError('invalidField', 'id is required.');
          if (!draft.records[kind].has(id)) throw this.#none(id);
          await alter(draft, id, fields);
          ids.push(id);
        });
      }
      return ids.map((id) => draft.require(kind, id));
    });
    const shown = result.map((record) => ({ record, state: 'live' }) as const);
    return { shown, revision: revisions[kind] ?? 0 };
  }

  async #removeAll(
    call: ConfigurationCall,
    ids: readonly number[],
  ): Promise<{ shown: Shown<K>[]; revision: number }> {
    const { kind, remove } = this.#collection;
    const { result, revisions } = await this.#change(call, (draft) =>
      ids.map((id) => {
        if (!draft.records[kind].has(id)) throw this.#none(id);
        const record = draft.require(kind, id);
        remove(draft, id);
        return record;
      }),
    );
    const shown = result.map((record) => ({ record, state: 'deleted' }) as const);
    return { shown, revision: revisions[kind] ?? 0 };
  }

  #change<R>(call: ConfigurationCall, work: (draft: Draft) => R | Promise<R>): Promise<Changed<R>> {
    return changeAndApply(call, this.#collection.kind, work);
  }

  #changesAsked(call: ConfigurationCall) {
    requireAdministrator(call);
    const { change: document, what } = this.#collection;
    const body = typeof call.request.body === 'string' ? call.request.body : '';
    const lists = new RegExp(`^\\s*(?:\\[|(?:<\\?[^>]*>\\s*)?<${document.xmlRoot}[\\s>])`);
    const shape: Shape = lists.test(body) ? 'list' : 'one';
    const changes = readChanges(() => readBody(call, document), shape);
    if (changes.length === 0) {
      throw new WireError('invalidField', `The body must be a ${what}, or a list of them.`);
    }
    return { changes, shape };
  }

  #answerOne(
    call: ConfigurationCall,
    { record, state }: Shown<K>,
    revision: number,
    selection: Selection,
    status: number,
    headers: Readonly<Record<string, string>> = {},
    setup: AccountConfiguration = call.account.setup,
  ): Answer {
    const { one, serialize } = this.#collection;
    const serialized = pick(serialize(record, setup, state), selection);
    return answerWith(call, one, serialized, status, { ...revisionHeaders(revision), ...headers });
  }

  #answerMany(
    call: ConfigurationCall,
    shown: readonly Shown<K>[],
    revision: number,
    selection: Selection,
    status: number,
    setup: AccountConfiguration = call.account.setup,
  ): Answer {
    const { many, serialize } = this.#collection;
    const serialized = shown.map(({ record, state }) =>
      pick(serialize(record, setup, state), selection),
    );
    return answerWith(call, many, serialized, status, revisionHeaders(revision));
  }

  #view(call: ConfigurationCall, of: 'one' | 'list'): View<K, T> {
    return (
      this.#collection.views?.of(call, of) ?? {
        keeps: () => true,
        shape: (serialized) => serialized,
      }
    );
  }

  #serialize(call: ConfigurationCall, record: Stored<K>, state: RecordState): T {
    return this.#collection.serialize(record, call.account.setup, state);
  }

  #none(id: number): WireError {
    return new WireError(
      'notFound',
      `There is no ${this.#collection.what} ${id}: read the whole collection for the ids there are.`,
    );
  }
}

/**
 * Carries out a change that an administrator asks for, and waits until it is in force.
 * @param kind the collection that `If-Match` is about
 * @throws WireError 403 for who is none.
 */
export async function changeAndApply<R>(
  call: ConfigurationCall,
  kind: Kind,
  work: (draft: Draft) => R | Promise<R>,
  answered?: ChangeOptions<R>['answered'],
): Promise<Changed<R>> {
  requireAdministrator(call);
  const revisions = revisionsExpected(call.request.headers);
  const expects = revisions === undefined ? undefined : { kind, revisions };
  const done = await changeConfiguration(changeContextOf(call), { expects, answered }, work);
  await call.server.accounts.applied(call.account.id);
  return done;
}

function readChanges<T>(read: () => T, shape: Shape): T {
  try {
    return read();
  } catch (error) {
    if (shape === 'list' || !(error instanceof WireError)) throw error;
    throw new WireError(error.code, aboutOne(error.message), error.headers);
  }
}

/** Says of a wrong record of a list which one it is. */
async function naming<R>(shape: Shape, index: number, work: () => R | Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (shape === 'one' || !(error instanceof WireError)) throw error;
    throw new WireError(error.code, `[${index}]: ${error.message}`, error.headers);
  }
}

/** The fields that an answer is to show. @throws WireError 400 for what is not understood. */
export function selectionOf(call: ConfigurationCall): Selection {
  return parseSelection(queryParam(call, 'select'));
}

/**
 * The id in the path, which has one spelling: decimal digits, the first of them not 0.
 * @throws WireError 404 for anything else, whether a number could be made of it or not.
 */
export function idOf(call: Pick<Call, 'request'>): number {
  const text = pathParam(call, 'id');
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new WireError(
    'notFound',
    `"${text.slice(0, 40)}" is no id: ids are positive numbers, like those that the collection shows.`,
  );
}
