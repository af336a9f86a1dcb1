/** Events of an object, typed by a map from their names to what listeners get. */
export type Listener<T> = (value: T) => void;

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns a function that removes the listener */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    // Each gets an entry of its own, also the same function twice.
    const entry: Listener<Events[K]> = (value) => listener(value);
    set.add(entry);
    return () => set.delete(entry);
  }

  /** Calls all of them, though one may throw: that is nobody else's business, and reported apart. */
  emit<K extends keyof Events>(name: K, value: Events[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
