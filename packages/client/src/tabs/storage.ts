/** A storage of waiting lines that all tabs of a browser share. */
import type { KeyValueStorage, Pending } from '../core/outbox.js';

/** What of Web Storage is needed: `localStorage`. */
export interface WebStorage {
  /** How many keys there are. */
  readonly length: number;
  /** The key at an index; null beyond the last. */
  key(index: number): string | null;
  /** What is kept under a key; null for nothing. */
  getItem(key: string): string | null;
  /** Keeps a text in place of what was there. */
  setItem(key: string, value: string): void;
  /** Keeps nothing there any more. */
  removeItem(key: string): void;
}

/**
 * Keeps each line that waits under a key of its own, so that no tab writes over what another one keeps. Whichever
 * tab opens the chat later sends all that are left, in the order in which they were said, each once.
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
