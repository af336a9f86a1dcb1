/**
 * What waits to be sent in one chat: in order, each with its idempotency key from the moment it is
 * handed over, so that it is stored once however often it is sent. With a storage it survives a
 * reload.
 */
import { newKey } from './keys.js';

/** Where things are kept over a reload: `localStorage`, or anything with these three. */
export interface KeyValueStorage {
  /** What is kept under a key; null for nothing. */
  getItem(key: string): string | null | Promise<string | null>;
  /** Keeps a text in place of what was there. */
  setItem(key: string, value: string): unknown;
  /** Keeps nothing there any more. */
  removeItem(key: string): unknown;
}

/** What waits to be sent. */
export interface Pending {
  /** `Idempotency-Key`. */
  readonly key: string;
  /** The event as it is posted. */
  readonly event: { readonly text?: string; readonly [field: string]: unknown };
}

export class Outbox<T> {
  readonly #send: (pending: Pending) => Promise<T>;
  readonly #changed: (pending: readonly Pending[]) => void;
  readonly #storage: KeyValueStorage | undefined;
  readonly #name: string;
  #pending: readonly Pending[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param name under which the storage keeps it
   * @param send sends until there is an answer; when it fails, the entry is dropped, unless `keeps` says
   *   that it shall stay for the next time
   */
  constructor(
    name: string,
    storage: KeyValueStorage | undefined,
    send: (pending: Pending) => Promise<T>,
    changed: (pending: readonly Pending[]) => void = () => {},
    keeps: (error: unknown) => boolean = () => false,
  ) {
    this.#name = name;
    this.#storage = storage;
    this.#changed = changed;
    this.#send = async (pending) => {
      try {
        const sent = await send(pending);
        this.#drop(pending);
        return sent;
      } catch (error) {
        if (!keeps(error)) this.#drop(pending);
        throw error;
      }
    };
  }

  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** Sends an event after all that were handed over before it. */
  add(event: Pending['event'], key: string = newKey()): Promise<T> {
    return this.#queue({ key, event });
  }

  /** Sends what an earlier life left in the storage. */
  async restore(): Promise<void> {
    const kept = await this.#storage?.getItem(this.#name);
    const left: readonly Pending[] = kept ? JSON.parse(kept) : [];
    const known = new Set(this.#pending.map(({ key }) => key));
    for (const pending of left) {
      if (!known.has(pending.key)) this.#queue(pending).catch(() => {});
    }
  }

  #queue(pending: Pending): Promise<T> {
    this.#set([...this.#pending, pending]);
    const sent = this.#last.then(() => this.#send(pending));
    this.#last = sent.catch(() => {});
    return sent;
  }

  #drop(pending: Pending): void {
    this.#set(this.#pending.filter((each) => each !== pending));
  }

  #set(pending: readonly Pending[]): void {
    this.#pending = pending;
    try {
      if (pending.length === 0) void this.#storage?.removeItem(this.#name);
      else void this.#storage?.setItem(this.#name, JSON.stringify(pending));
    } catch {
      // A storage that is full or closed to the page keeps nothing: the lines are sent all the same.
    }
    this.#changed(pending);
  }
}
