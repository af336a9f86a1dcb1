/**
 * One agent session for all tabs of a browser. Each tab that works in it knows address and login, and hands
 * them to whoever comes; a lock sees to it that one tab at a time opens a session, since a second one would
 * take the first one over. Another lock, which the longest there has, says who leads.
 */
import { onAbort } from '../core/clock.js';
import type { SessionTab, SharedSession, TabEvents } from '../core/session-tabs.js';
import { holdOf } from './locks.js';
import { enter, membersOf } from './members.js';

/** How long another tab may take to answer, milliseconds: one in the background is slow. */
const ANSWER_MS = 2_000;

type Message = SharedSession | 'ask' | 'closed';

interface Channel {
  onmessage: ((event: { readonly data: Message }) => void) | null;
  postMessage(message: Message): void;
  close(): void;
}

const prefixOf = (name: string) => `parley:session:${name}`;

/** Whether a tab works in the session of a name. */
export async function isShared(name: string): Promise<boolean> {
  return (await membersOf(prefixOf(name))) > 0;
}

/** Works in the session of a name, beside the tabs that do so already. */
export function joinSession(name: string, events: TabEvents): SessionTab {
  const held = holdOf();
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
      const isNew = data.bearer !== known?.bearer;
      known = data;
      answered();
      if (isNew) events.loggedIn();
    }
  };

  const join = async () => {
    const hold = await held;
    await enter(prefixOf(name), signal);
    const lead = (stop?: AbortSignal) =>
      new Promise<void>((_, reject) => {
        events.leads(true);
        onAbort(stop, () => {
          if (!signal.aborted) events.leads(false);
          reject(stop?.reason);
        });
      });
    const leads = hold === null ? lead() : hold(`${prefixOf(name)}:leads`, lead, signal);
    // It left.
    leads.catch(() => {});
  };

  return {
    async ask() {
      await member;
      const others = (await membersOf(prefixOf(name))) - (member === null ? 0 : 1);
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
      const hold = await held;
      if (hold === null) return act();
      let begun = false;
      const begin = () => {
        begun = true;
        return act();
      };
      await hold(`${prefixOf(name)}:opens`, begin, until).catch((error: unknown) => {
        until.throwIfAborted();
        if (begun) throw error;
        return act();
      });
    },
    share(session) {
      known = session;
      channel.postMessage(session);
      if (member !== null || signal.aborted) return;
      member = join();
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
