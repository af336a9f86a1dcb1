/** A collection of the configuration: users, skills and the like. */
import type { Http, HttpRequest, Reply } from '../core/http.js';
import { newKey } from '../core/keys.js';

/** A stored record: it has an id. */
export type Stored<T> = T & { readonly id: number };

/**
 * Records with the revision of their collection. Pass the revision with a change, so that a change based on an
 * old list is refused.
 */
export interface Listed<T> {
  readonly items: readonly Stored<T>[];
  /** Null if the server sends none. */
  readonly revision: string | null;
}

/** Options of a change. */
export interface ChangeOptions {
  /**
   * The revision that was listed. If the collection has changed since, the change is refused (RefusedError
   * 412).
   */
  readonly revision?: string | null;
  readonly signal?: AbortSignal;
}

/** What a list contains. */
export interface ListOptions {
  /** Also deleted records. */
  readonly includeDeleted?: boolean;
  /** Fields to return, in the API's form: `$all`, `id,name`. */
  readonly select?: string;
  readonly signal?: AbortSignal;
}

/** Calls with an administrator's login. */
export interface ConfigurationCalls {
  readonly http: Http;
  /** `https://{host}/api/account/{account}/configuration` */
  readonly base: string;
  /** Logs in again when the login has ended. */
  send(request: HttpRequest): Promise<Reply>;
}

/**
 * Records of one kind.
 * @typeParam T a record as it is returned
 * @typeParam C the input that creates or changes a record
 */
export class Collection<T, C> {
  readonly #calls: ConfigurationCalls;
  readonly #url: string;
  readonly #version: string;

  constructor(calls: ConfigurationCalls, path: string, version: string) {
    this.#calls = calls;
    this.#url = `${calls.base}/${path}`;
    this.#version = version;
  }

  /** All records that the caller may see. */
  async list({ includeDeleted, select, signal }: ListOptions = {}): Promise<Listed<T>> {
    const query = new URLSearchParams({ v: this.#version });
    if (includeDeleted) query.set('include_deleted', 'true');
    if (select !== undefined) query.set('select', select);
    const reply = await this.#calls.send({ url: `${this.#url}?${query}`, signal });
    return { items: (reply.body ?? []) as readonly Stored<T>[], revision: revisionOf(reply) };
  }

  /** @throws RefusedError 404 when no record has that id */
  async get(id: number, signal?: AbortSignal): Promise<Stored<T>> {
    return (await this.#calls.send({ url: this.#at(id), signal })).body as Stored<T>;
  }

  /** @throws RefusedError 400 naming the field, 409 for a name that is taken, 412 */
  create(record: C, options: ChangeOptions = {}): Promise<Stored<T>> {
    return this.#change('POST', this.#all(), record, options) as Promise<Stored<T>>;
  }

  /** All or none. */
  createAll(records: readonly C[], options: ChangeOptions = {}): Promise<readonly Stored<T>[]> {
    return this.#change('POST', this.#all(), records, options) as Promise<readonly Stored<T>[]>;
  }

  /** Changes the given fields and keeps the others. */
  update(id: number, change: C, options: ChangeOptions = {}): Promise<Stored<T>> {
    return this.#change('PUT', this.#at(id), change, options) as Promise<Stored<T>>;
  }

  /** Deletes a record. Its id is never used again. */
  async delete(id: number, options: ChangeOptions = {}): Promise<void> {
    await this.#change('DELETE', this.#at(id), undefined, options);
  }

  async #change(
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body: unknown,
    { revision, signal }: ChangeOptions,
  ): Promise<unknown> {
    const reply = await this.#calls.send({
      method,
      url,
      body,
      signal,
      ...(revision ? { headers: { 'if-match': revision } } : {}),
      // What is changed or deleted twice is what it was after the first time.
      ...(method === 'POST' ? { key: newKey() } : {}),
    });
    return reply.body;
  }

  #all(): string {
    return `${this.#url}?v=${this.#version}`;
  }

  #at(id: number): string {
    return `${this.#url}/${id}?v=${this.#version}`;
  }
}

/** The revision that an answer carries. */
export function revisionOf({ headers }: Reply): string | null {
  return headers.get('etag') ?? headers.get('ac-revision');
}
