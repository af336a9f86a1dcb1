/**
 * One agent session for all tabs of a browser. Each tab that works in it knows address and login, and hands
 * them to whoever comes; a lock sees to it that one tab at a time opens a session, since a second one would
 * take the first one over. Another lock, which the longest there has, says who leads.
 */
import { onAbort } from '../core/clock.js';
import type { SessionTab, SharedSession, TabEvents } from '../core/session-tabs.js';
import type { Locks } from './shared-stream.js';

/** How long another tab may take to answer, milliseconds: one in the background is slow. */
const ANSWER_MS = 2_000;

type Message = SharedSession | 'ask' | 'closed';

interface Channel {
  onmessage: ((event: { readonly data: Message }) => void) | null;
  postMessage(message: Message): void;
  close(): void;
}

const prefixOf = (name: string) => `parley:session:${name}`;
const memberOf = (name: string) => `${prefixOf(name)}:member`;

/** How many tabs work in the session of a name. */
export async function membersOf(locks: Locks, name: string): Promise<number> {
  // Pages without an origin of their own (a sandbox) have no locks: none works beside them.
  const { held = [] } = await locks.query().catch(() => ({ held: [] }));
  return held.filter((lock) => lock.name === memberOf(name)).length;
}

/** Works in the session of a name, beside the tabs that do so already. */
export function joinSession(locks: Locks, name: string, events: TabEvents): SessionTab {
  const channel = new BroadcastChannel(prefixOf(name)) as unknown as Channel;
  const left = new AbortController();
  const { signal } = left;
  let known: SharedSession | null = null;
  let answered = () => {};
  /** Settles once this tab counts as a member; null before it works in the session. */
  let member: Promise<void> | null = null;

  channel.onmessage = ({ data }) => {
    if (data === 'ask') {
      // Who only asks has nothing to hand on.
      if (member !== null && known !== null) channel.postMessage(known);
    } else if (data === 'closed') {
      known = null;
      if (member !== null) events.closed();
    } else {
      known = data;
      answered();
    }
  };

  /** Holds a lock until the tab leaves or is closed. */
  const hold = (lock: string, mode: 'shared' | 'exclusive') =>
    new Promise<void>((granted) => {
      const held = () => {
        granted();
        return new Promise<void>((release) => {
          onAbort(signal, release);
        });
      };
      locks.request(lock, { mode, signal }, held).catch(() => granted());
    });

  return {
    async ask() {
      await member;
      const others = (await membersOf(locks, name)) - (member === null ? 0 : 1);
      if (others < 1) return known;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ANSWER_MS);
        answered = () => {
          clearTimeout(timer);
          resolve();
        };
        channel.postMessage('ask');
      });
      return known;
    },
    async alone(act, until) {
      let begun = false;
      const begin = () => {
        begun = true;
        return act();
      };
      await locks
        .request(`${prefixOf(name)}:opens`, { signal: until }, begin)
        .catch((error: unknown) => {
          until.throwIfAborted();
          if (begun) throw error;
          return act();
        });
    },
    share(session) {
      known = session;
      channel.postMessage(session);
      if (member !== null || signal.aborted) return;
      member = hold(memberOf(name), 'shared');
      void hold(`${prefixOf(name)}:leads`, 'exclusive').then(() => {
        if (!signal.aborted) events.leads();
      });
    },
    close() {
      channel.postMessage('closed');
    },
    leave() {
      left.abort();
      channel.onmessage = null;
      channel.close();
    },
  };
}
