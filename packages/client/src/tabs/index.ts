/** `@parley/client/tabs`: one stream for all tabs of a browser. */
import type { Listen } from '../core/stream.js';
import { listenTo } from '../core/stream.js';
import { transportOf, type WebSocketConstructor, webSocketOf } from '../core/web-socket.js';
import type { AgentTabs, TabUser } from '../core/session-tabs.js';
import { sessionName } from '../core/session-tabs.js';
import { joinSession, membersOf } from './shared-session.js';
import { listenShared, type Locks } from './shared-stream.js';

/** How tabs share a stream. */
export interface TabsOptions {
  /** What makes WebSockets: by default the browser's. Null: none, streams come over `fetch`. */
  readonly webSocket?: WebSocketConstructor | null;
}

/**
 * Listens to one stream with all tabs of the browser that follow the same chat or agent session, over a
 * WebSocket where one gets through, else over `fetch`. Where the browser has neither Web Locks nor
 * BroadcastChannel, or keeps them from the page, each tab has a stream of its own.
 * @example
 * const chat = await startChat({ account, domainApi, appKey, listen: acrossTabs() });
 */
export function acrossTabs({ webSocket }: TabsOptions = {}): Listen {
  return async (http, streamed, signal) => {
    const transport = transportOf(http, streamed, webSocketOf(webSocket));
    if (transport === null) return;
    const locks = locksOf();
    await (locks === null
      ? listenTo(http, streamed, transport, signal)
      : listenShared(http, streamed, transport, locks, signal));
  };
}

/**
 * Lets all tabs of a browser in which one user works share that user's agent session and its stream: the second
 * tab joins the first one's session with its login, instead of taking it over, and when one is closed the others
 * go on. `agent.close()` in one logs all of them out. The login is handed from tab to tab within the browser, to
 * pages of the same origin alone. Where the browser has neither Web Locks nor BroadcastChannel, as without TLS,
 * each tab is a place of its own.
 * @example
 * const agent = await connectAgent({ ...place, login, tabs: agentTabs(), storage: tabStorage(localStorage) });
 */
export function agentTabs(options: TabsOptions = {}): AgentTabs {
  return {
    listen: acrossTabs(options),
    join(name, events) {
      const locks = locksOf();
      if (locks !== null) return joinSession(locks, name, events);
      return {
        ask: () => Promise.resolve(null),
        alone: (act) => act(),
        share: () => events.leads(),
        close() {},
        leave() {},
      };
    },
  };
}

/** Whether a tab of this browser works in the user's session: then `connectAgent` with `agentTabs` needs no login. */
export async function worksInTab(user: TabUser): Promise<boolean> {
  const locks = locksOf();
  return locks !== null && (await membersOf(locks, sessionName(user))) > 0;
}

function locksOf(): Locks | null {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } };
  return 'BroadcastChannel' in globalThis ? (navigator?.locks ?? null) : null;
}

export { tabStorage, type WebStorage } from './storage.js';
export type { Via } from '../core/connection.js';
export type { Doc } from '../core/document.js';
export type { KeyValueStorage, Pending } from '../core/outbox.js';
export type {
  AgentTabs,
  SessionTab,
  SharedSession,
  TabEvents,
  TabUser,
} from '../core/session-tabs.js';
export type { Carrier, Frame, Listen, Streamed, StreamHttp } from '../core/stream.js';
export type { WebSocketConstructor, WebSocketLike } from '../core/web-socket.js';
