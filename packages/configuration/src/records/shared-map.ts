/**
 * A map that is never changed: `with` makes another one, which shares with it what both have. What
 * reads a configuration keeps what it has read, and a change of one record in thousands costs as much
 * as a change of one in five.
 */

/** Changes kept beside the base, at least, before both are copied into a new base. */
const MIN_CHANGES = 16;

const GONE = Symbol('gone');

export class SharedMap<K, V> implements ReadonlyMap<K, V> {
  /** Never changed once it is in here. */
  readonly #base: ReadonlyMap<K, V>;
  /** What differs from the base. Never changed either. */
  readonly #changes: ReadonlyMap<K, V | typeof GONE>;
  readonly size: number;

  private constructor(
    base: ReadonlyMap<K, V>,
    changes: ReadonlyMap<K, V | typeof GONE>,
    size: number,
  ) {
    this.#base = base;
    this.#changes = changes;
    this.size = size;
  }

  /** @param entries of several with the same key the last one counts */
  static of<K, V>(entries: Iterable<readonly [K, V]> = []): SharedMap<K, V> {
    const base = new Map(entries);
    return new SharedMap(base, new Map(), base.size);
  }

  /**
   * This map with other values; `undefined` takes the key out. A value that is replaced stays at its
   * place in the order, a new one comes last. Costs about the square root of the size.
   */
  with(changes: Iterable<readonly [K, V | undefined]>): SharedMap<K, V> {
    const after = new Map(this.#changes);
    let { size } = this;
    for (const [key, value] of changes) {
      const had = has(this.#base, after, key);
      if (value === undefined) {
        // One that only the changes knew must come last when it comes back.
        if (this.#base.has(key)) after.set(key, GONE);
        else after.delete(key);
      } else {
        after.set(key, value);
      }
      size += Number(value !== undefined) - Number(had);
    }
    const changed = new SharedMap(this.#base, after, size);
    const most = Math.max(MIN_CHANGES, Math.sqrt(this.#base.size));
    return after.size <= most ? changed : SharedMap.of(changed);
  }

  get(key: K): V | undefined {
    const changed = this.#changes.get(key);
    if (changed === undefined) return this.#base.get(key);
    return changed === GONE ? undefined : changed;
  }

  has(key: K): boolean {
    return has(this.#base, this.#changes, key);
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.#base) {
      const changed = this.#changes.get(key);
      if (changed === undefined) yield [key, value];
      else if (changed !== GONE) yield [key, changed];
    }
    for (const [key, value] of this.#changes) {
      if (value !== GONE && !this.#base.has(key)) yield [key, value];
    }
  }

  *keys(): MapIterator<K> {
    for (const [key] of this) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}

function has<K, V>(
  base: ReadonlyMap<K, V>,
  changes: ReadonlyMap<K, V | typeof GONE>,
  key: K,
): boolean {
  const changed = changes.get(key);
  return changed === undefined ? base.has(key) : changed !== GONE;
}
