/** A storage of waiting lines that all tabs of a browser share. */
import type { KeyValueStorage, Pending } from '../core/outbox.js';

/** The parts of Web Storage that are used: `localStorage`. */
export interface WebStorage {
  /** How many keys there are. */
  readonly length: number;
  /** The key at an index; null beyond the last. */
  key(index: number): string | null;
  /** The text stored under a key; null for none. */
  getItem(key: string): string | null;
  /** Stores a text under a key, and replaces an earlier one. */
  setItem(key: string, value: string): void;
  /** Removes the text under a key. */
  removeItem(key: string): void;
}

/**
 * Keeps each waiting line under a key of its own, so that no tab overwrites a line of another. The tab that
 * opens the chat later sends all lines that are left, each once, in the order in which they were said.
 * @param storage `localStorage`
 * @example
 * const chat = await startChat({ ...place, storage: tabStorage(localStorage), listen: acrossTabs() });
 */
export function tabStorage(storage: WebStorage): KeyValueStorage {
  /** What this tab keeps of each outbox: the slot of each line, by its idempotency key. */
  const kept = new Map<string, Map<string, string>>();
  let at = 0;

  const slotsOf = (name: string) => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return keys.filter((key) => key.startsWith(`${name}:`)).sort();
  };

  const keep = (name: string, lines: readonly Pending[]) => {
    const own = kept.get(name) ?? new Map<string, string>();
    kept.set(name, own);
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, slot] of own) {
      if (keys.has(key)) continue;
      storage.removeItem(slot);
      own.delete(key);
    }
    for (const line of lines) {
      if (own.has(line.key)) continue;
      // In the order in which they were said, whichever tab keeps them.
      at = Math.max(at + 1, Date.now());
      const slot = `${name}:${at}:${line.key}`;
      own.set(line.key, slot);
      storage.setItem(slot, JSON.stringify(line));
    }
  };

  return {
    getItem(name) {
      const own = kept.get(name) ?? new Map<string, string>();
      kept.set(name, own);
      // What was kept without this, in one list.
      const lines: Pending[] = JSON.parse(storage.getItem(name) ?? '[]');
      for (const slot of slotsOf(name)) {
        const text = storage.getItem(slot);
        if (text === null) continue;
        const line: Pending = JSON.parse(text);
        own.set(line.key, slot);
        lines.push(line);
      }
      if (storage.getItem(name) !== null) {
        storage.removeItem(name);
        keep(name, lines);
      }
      return lines.length === 0 ? null : JSON.stringify(lines);
    },
    setItem: (name, value) => keep(name, JSON.parse(value)),
    removeItem: (name) => keep(name, []),
  };
}
