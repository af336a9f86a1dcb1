/**
 * The commit feed: what the accounts of this process committed, for everything that follows from it. Mails,
 * waiting requests and streams all depend on this one place.
 *
 * - A subscriber gets every batch of every account: in the order of commit within an account, each
 *   once, never before it is on disk. What was committed before a start or a reload is not repeated:
 *   `loaded` says when to read the state instead.
 * - A watch is called when a batch has one of its topics, or when something else than an event changed
 *   what may be seen of the account (`changed`). It is passed nothing: it looks again.
 */
import { type AccountEvent, type Topic, topicsOfAll } from '@parley/engine';

/** What one command brought, in one append. */
export interface Batch {
  readonly accountId: string;
  /** Journal position of its last event. */
  readonly seq: number;
  readonly events: readonly AccountEvent[];
  /** What these concern, each once. */
  readonly topics: ReadonlySet<Topic>;
  /** The place in a trace of whoever brought it about, where that is recorded. */
  readonly cause?: string;
}

export interface Subscriber {
  committed?(batch: Batch): void;
  /** An account was loaded, at first or again, and can be had. */
  loaded?(accountId: string): void;
}

/** What is called when it is time to look again; it may come more often than there is news. */
export interface Watch {
  readonly topics: readonly Topic[];
  /** @param cause of the batch, where one woke it; see `Batch` */
  wake(cause?: string): void;
}

/** The watches of one topic: nearly always there is one alone. */
type Watches = Watch | Set<Watch>;

export class Hub {
  readonly #onError: (message: string, error: unknown) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #watches = new Map<string, Map<Topic, Watches>>();

  /** @param onError called with what subscribers and watches throw; the others are called all the same */
  constructor(onError: (message: string, error: unknown) => void) {
    this.#onError = onError;
  }

  /** Calls the subscriber from now on; returns what ends that. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** To be called once for each append, as soon as it is on disk. */
  committed(accountId: string, seq: number, events: readonly AccountEvent[], cause?: string): void {
    const topics = topicsOfAll(events);
    const from = cause === undefined ? {} : { cause };
    const batch: Batch = { accountId, seq, events, topics, ...from };
    for (const subscriber of this.#subscribers) {
      this.#safely(`a change of account ${accountId}`, () => subscriber.committed?.(batch));
    }
    const watched = this.#watches.get(accountId);
    if (watched === undefined) return;
    for (const topic of topics) this.#wake(accountId, watched.get(topic), cause);
  }

  /** To be called when an account can be had. */
  loaded(accountId: string): void {
    for (const subscriber of this.#subscribers) {
      this.#safely(`the loading of account ${accountId}`, () => subscriber.loaded?.(accountId));
    }
    this.changed(accountId);
  }

  /**
   * To be called when who may see what may have changed by something else than an event, or when the
   * account cannot be had any more.
   * @param topic concerned alone; all of them without one
   */
  changed(accountId: string, topic?: Topic): void {
    const watched = this.#watches.get(accountId);
    if (watched === undefined) return;
    if (topic !== undefined) this.#wake(accountId, watched.get(topic));
    else for (const watches of [...watched.values()]) this.#wake(accountId, watches);
  }

  /** Whether anybody watches the account. */
  isWatched(accountId: string): boolean {
    return this.#watches.has(accountId);
  }

  /** Calls the watch from now on, until `unwatch`. */
  watch(accountId: string, watch: Watch): void {
    let watched = this.#watches.get(accountId);
    if (watched === undefined) {
      watched = new Map();
      this.#watches.set(accountId, watched);
    }
    for (const topic of watch.topics) {
      const others = watched.get(topic);
      if (others === undefined) watched.set(topic, watch);
      else if (others instanceof Set) others.add(watch);
      else watched.set(topic, new Set([others, watch]));
    }
  }

  /** Calls it no more. Once is enough; again does nothing. */
  unwatch(accountId: string, watch: Watch): void {
    const watched = this.#watches.get(accountId);
    if (watched === undefined) return;
    for (const topic of watch.topics) {
      const watches = watched.get(topic);
      if (watches === watch) watched.delete(topic);
      else if (watches instanceof Set && watches.delete(watch) && watches.size === 0) {
        watched.delete(topic);
      }
    }
    if (watched.size === 0) this.#watches.delete(accountId);
  }

  #wake(accountId: string, watches: Watches | undefined, cause?: string): void {
    if (watches === undefined) return;
    // Whoever is woken may end its watch, or begin another.
    for (const watch of watches instanceof Set ? [...watches] : [watches]) {
      this.#safely(`a change of account ${accountId}`, () => watch.wake(cause));
    }
  }

  #safely(what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#report(`what follows ${what} failed`, error);
    }
  }

  #report(message: string, error: unknown): void {
    try {
      this.#onError(message, error);
    } catch {
      // A log that cannot be written is no reason for the others not to be called.
    }
  }
}
