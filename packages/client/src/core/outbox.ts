/**
 * What waits to be sent in one chat: in order, each with its idempotency key from the moment it is
 * handed over, so that it is stored once however often it is sent. With a storage it survives a
 * reload; tabs that share one keep it in the storage that `@parley/client/tabs` makes.
 */
import { onAbort } from './clock.js';
import { newKey } from './keys.js';

/** Storage that survives a reload: `localStorage`, or any object with these three methods. */
export interface KeyValueStorage {
  /** The text stored under a key; null for none. */
  getItem(key: string): string | null | Promise<string | null>;
  /** Stores a text under a key, and replaces an earlier one. */
  setItem(key: string, value: string): unknown;
  /** Removes the text under a key. */
  removeItem(key: string): unknown;
}

/** What waits to be sent. */
export interface Pending {
  /** `Idempotency-Key`. */
  readonly key: string;
  /** The event as it is posted. */
  readonly event: { readonly text?: string; readonly [field: string]: unknown };
}

/** How a line is handed over. */
export interface Handing {
  /** Its idempotency key, where it has one already. */
  readonly key?: string | undefined;
  /** Takes the line back while it waits; once it was sent, only its answer is not waited for. */
  readonly signal?: AbortSignal | undefined;
}

export class Outbox<T> {
  readonly #send: (pending: Pending, signal?: AbortSignal) => Promise<T>;
  readonly #changed: (pending: readonly Pending[]) => void;
  readonly #keeps: (error: unknown) => boolean;
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
    send: (pending: Pending, signal?: AbortSignal) => Promise<T>,
    changed: (pending: readonly Pending[]) => void,
    keeps: (error: unknown) => boolean,
  ) {
    this.#name = name;
    this.#storage = storage;
    this.#changed = changed;
    this.#send = send;
    this.#keeps = keeps;
  }

  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /**
   * Sends an event after all that were handed over before it.
   * @throws the signal's reason, when it is aborted before there is an answer
   */
  add(event: Pending['event'], { key = newKey(), signal }: Handing = {}): Promise<T> {
    return this.#queue({ key, event }, signal);
  }

  /** Sends what an earlier life, or another tab, left in the storage. */
  async restore(): Promise<void> {
    const kept = await this.#storage?.getItem(this.#name);
    const left: readonly Pending[] = kept ? JSON.parse(kept) : [];
    for (const pending of left) {
      if (!this.#pending.some(({ key }) => key === pending.key)) {
        this.#queue(pending).catch(() => {});
      }
    }
  }

  #queue(pending: Pending, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#set([...this.#pending, pending]);
      const off = onAbort(signal, () => {
        this.#drop(pending);
        reject(signal?.reason);
      });
      // One that was taken back meanwhile is not sent: its signal is aborted.
      const sent = this.#last.then(() => this.#send(pending, signal));
      this.#last = sent
        .then(
          (answer) => {
            this.#drop(pending);
            resolve(answer);
          },
          (error: unknown) => {
            if (!this.#keeps(error)) this.#drop(pending);
            reject(error);
          },
        )
        .finally(off);
    });
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
