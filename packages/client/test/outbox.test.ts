/** Lines that wait, in a storage that several tabs share. */
import { expect, it, vi } from 'vitest';
import { Outbox, type Pending } from '../src/core/outbox.js';
import { tabStorage, type WebStorage } from '../src/tabs/index.js';

/** Web Storage, as all tabs of a browser have it. */
class LocalStorage implements WebStorage {
  readonly #kept = new Map<string, string>();

  get length(): number {
    return this.#kept.size;
  }

  key(index: number): string | null {
    return [...this.#kept.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }

  removeItem(key: string): void {
    this.#kept.delete(key);
  }
}

/** An outbox that sends nothing before it may. */
function tab(local: WebStorage, sent: string[] = []) {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const send = async ({ event }: Pending) => {
    await opened;
    sent.push(String(event.text));
    return String(event.text);
  };
  const outbox = new Outbox<string>(
    'parley:outbox:c',
    tabStorage(local),
    send,
    () => {},
    () => false,
  );
  return { outbox, open };
}

const texts = (outbox: Outbox<string>) => outbox.pending.map(({ event }) => event.text);

it('[CLIENT86] tabs that share a storage keep their lines beside each other, and none is lost', async () => {
  const storage = new LocalStorage();
  const one = tab(storage);
  const two = tab(storage);
  one.outbox.add({ text: 'one, a' }).catch(() => {});
  two.outbox.add({ text: 'two, a' }).catch(() => {});
  one.outbox.add({ text: 'one, b' }).catch(() => {});
  // What one tab has sent is kept no more; what the others wait for is.
  two.open();
  await vi.waitFor(() => expect(two.outbox.pending).toEqual([]));

  // All tabs are closed and another one is opened.
  const sent: string[] = [];
  const later = tab(storage, sent);
  await later.outbox.restore();
  expect(texts(later.outbox)).toEqual(['one, a', 'one, b']);
  later.open();
  await vi.waitFor(() => expect(sent).toEqual(['one, a', 'one, b']));
  expect(storage.length).toBe(0);
});

it('[CLIENT86] lines that an earlier version left in one list are sent as well', async () => {
  const storage = new LocalStorage();
  storage.setItem('parley:outbox:c', JSON.stringify([{ key: 'k', event: { text: 'old' } }]));
  const sent: string[] = [];
  const { outbox, open } = tab(storage, sent);
  await outbox.restore();
  expect(texts(outbox)).toEqual(['old']);
  open();
  await vi.waitFor(() => expect(sent).toEqual(['old']));
  expect(storage.length).toBe(0);
});
