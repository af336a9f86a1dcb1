import type { AccountEvent } from '@parley/engine';
import { describe, expect, it } from 'vitest';
import { Hub } from '@parley/runtime/hub';

const line = (chatId: string): AccountEvent => ({ type: 'chat.line', chatId, feed: [] });

function newHub() {
  const errors: string[] = [];
  return { hub: new Hub((message) => errors.push(message)), errors };
}

/** A watch that counts how often it was woken. */
function counting(hub: Hub, accountId: string, topics: readonly `chat:${string}`[]) {
  const watch = {
    topics,
    woken: 0,
    wake() {
      watch.woken += 1;
    },
  };
  hub.watch(accountId, watch);
  return watch;
}

describe('the commit feed', () => {
  it('[HUB2] gives every subscriber each batch once, in order, with its topics', () => {
    const { hub } = newHub();
    const heard: string[] = [];
    const note = (who: string) => ({
      committed: ({ seq, topics }: { seq: number; topics: ReadonlySet<string> }) =>
        heard.push(`${who} ${seq} ${[...topics].join()}`),
    });
    const leave = hub.subscribe(note('mail'));
    hub.subscribe(note('hooks'));
    hub.committed('shop', 2, [line('a'), line('a')]);
    leave();
    hub.committed('shop', 4, [line('a'), line('b')]);
    expect(heard).toEqual(['mail 2 chat:a', 'hooks 2 chat:a', 'hooks 4 chat:a,chat:b']);
  });

  it('[HUB3] wakes who watches a topic of the account, each once per batch and topic, and nobody else', () => {
    const { hub } = newHub();
    const a = counting(hub, 'shop', ['chat:a']);
    const both = counting(hub, 'shop', ['chat:a', 'chat:b']);
    const abroad = counting(hub, 'other', ['chat:a']);
    hub.committed('shop', 1, [line('a')]);
    expect([a.woken, both.woken, abroad.woken]).toEqual([1, 1, 0]);
    hub.committed('shop', 2, [line('b')]);
    expect([a.woken, both.woken, abroad.woken]).toEqual([1, 2, 0]);
    hub.unwatch('shop', both);
    hub.unwatch('shop', both);
    hub.committed('shop', 3, [line('a'), line('b')]);
    expect([a.woken, both.woken]).toEqual([2, 2]);
  });

  it('[HUB3] wakes all of an account, or one topic, when something else than an event changed it', () => {
    const { hub } = newHub();
    const a = counting(hub, 'shop', ['chat:a']);
    const b = counting(hub, 'shop', ['chat:b']);
    const abroad = counting(hub, 'other', ['chat:a']);
    hub.changed('shop');
    hub.changed('shop', 'chat:b');
    hub.loaded('shop');
    expect([a.woken, b.woken, abroad.woken]).toEqual([2, 3, 0]);
  });

  it('[HUB2] calls everybody though one fails, and lets a watch end and begin while it is woken', () => {
    const { hub, errors } = newHub();
    const heard: string[] = [];
    hub.subscribe({
      committed() {
        throw new Error('planted');
      },
    });
    hub.subscribe({ committed: () => heard.push('batch') });
    const again = {
      topics: ['chat:a'] as const,
      wake() {
        heard.push('watch');
        hub.unwatch('shop', again);
        hub.watch('shop', again);
      },
    };
    hub.watch('shop', again);
    const other = counting(hub, 'shop', ['chat:a']);
    hub.committed('shop', 1, [line('a')]);
    expect(heard).toEqual(['batch', 'watch']);
    expect(other.woken).toBe(1);
    expect(errors).toEqual(['what follows a change of account shop failed']);
  });
});
