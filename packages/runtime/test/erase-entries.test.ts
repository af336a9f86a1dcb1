/** What is written in place of an entry, also of one that is read as another type or version. */
import { decode } from '@parley/engine';
import { erasedEntry } from '@parley/runtime/retention/erase-entries';
import { describe, expect, it } from 'vitest';

function stored(type: string, event: object) {
  const data = JSON.stringify({ type, ...event });
  return { seq: 4, at: 1, type, version: 1, chatId: 'c', data };
}

describe('what takes the place of an entry', () => {
  it('[ERASE5] is nothing where the event has another name now and nothing personal', () => {
    const entry = stored('chat.unrang', { chatId: 'c', userId: 7, reason: 'timeout' });
    const event = decode(entry.type, entry.version, entry.data);
    expect(event.type).toBe('chat.offerWithdrawn');
    expect(erasedEntry(entry, event)).toBeNull();
  });

  it('[ERASE5] is the event without words, in the type and version that it is read as then', () => {
    const feed = [{ id: 0, at: 1, type: 'line', text: 'secret', source: 'visitor', by: 'Vera' }];
    const entry = stored('chat.line', { chatId: 'c', feed });
    const left = erasedEntry(entry, decode(entry.type, entry.version, entry.data));
    expect(left).toMatchObject({ seq: 4, type: 'chat.line', version: 1 });
    const data = left?.data ?? '';
    expect(data).not.toMatch(/secret|Vera/);
    // Once more there is nothing to erase.
    expect(erasedEntry({ ...entry, data }, decode('chat.line', 1, data))).toBeNull();
  });
});
