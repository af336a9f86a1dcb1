/** `@parley/client/tabs`: one stream for all tabs of a browser. */
import { sse } from '../core/sse.js';
import type { Listen, Streamed, StreamHttp, Transport } from '../core/stream.js';
import { listenTo } from '../core/stream.js';
import { transportOf, type WebSocketConstructor, webSocketOf } from '../core/web-socket.js';
import type { AgentTabs, TabUser } from '../core/session-tabs.js';
import { sessionName } from '../core/session-tabs.js';
import { holdOf } from './locks.js';
import { isShared, joinSession } from './shared-session.js';
import { listenShared } from './shared-stream.js';

/** How tabs share a stream. */
export interface TabsOptions {
  /** What makes WebSockets: by default the browser's. Null: none, streams come over `fetch`. */
  readonly webSocket?: WebSocketConstructor | null;
}

/**
 * Listens to one stream with all tabs of the browser that follow the same chat or agent session, over a
 * WebSocket where one gets through, else over `fetch`. It works on pages that came by plain HTTP, too. Where the
 * browser keeps BroadcastChannel or storage from the page, as in a sandbox, each tab has a stream of its own.
 * @example
 * const chat = await startChat({ account, domainApi, appKey, listen: acrossTabs() });
 */
export function acrossTabs({ webSocket }: TabsOptions = {}): Listen {
  return shared((http, streamed) => transportOf(http, streamed, webSocketOf(webSocket)));
}

/**
 * As `acrossTabs`, over `fetch` alone: for pages whose `connect-src` names no `wss:`, or that count bytes.
 * @example
 * const chat = await startChat({ account, domainApi, appKey, listen: acrossTabsByFetch() });
 */
export function acrossTabsByFetch(): Listen {
  return shared((http, streamed) => (streamed.address('stream', '') ? sse(http, streamed) : null));
}

function shared(transportFor: (http: StreamHttp, streamed: Streamed) => Transport | null): Listen {
  return async (http, streamed, signal) => {
    const transport = transportFor(http, streamed);
    if (transport === null) return;
    const hold = await holdOf();
    await (hold === null
      ? listenTo(http, streamed, transport, signal)
      : listenShared(http, streamed, transport, hold, signal));
  };
}

/**
 * Lets all tabs of a browser in which one user works share that user's agent session and its stream: the second
 * tab joins the first one's session with its login, instead of taking it over, and when one is closed the others
 * go on. `agent.close()` in one logs all of them out. The login is handed from tab to tab within the browser, to
 * pages of the same origin alone. It works on pages that came by plain HTTP, too. Where the browser keeps
 * BroadcastChannel or storage from the page, as in a sandbox, each tab is a place of its own.
 * @example
 * const agent = await connectAgent({ ...place, login, tabs: agentTabs(), storage: tabStorage(localStorage) });
 */
export function agentTabs(options: TabsOptions = {}): AgentTabs {
  return {
    listen: acrossTabs(options),
    join(name, events) {
      if ('BroadcastChannel' in globalThis) return joinSession(name, events);
      return {
        ask: () => Promise.resolve(null),
        alone: (act) => act(),
        share: () => events.leads(true),
        close() {},
        leave() {},
      };
    },
  };
}

/** Whether a tab of this browser works in the user's session: then `connectAgent` with `agentTabs` needs no login. */
export function worksInTab(user: TabUser): Promise<boolean> {
  return isShared(sessionName(user));
}

/**
 * Acts in one tab of the browser at a time: others wait for their turn.
 * @param name what tabs agree on
 * @throws what `act` throws
 * @example
 * const chat = await oneTabAtATime('start-chat', () => savedChat() ?? startChat(place));
 */
export async function oneTabAtATime<T>(name: string, act: () => Promise<T>): Promise<T> {
  return (await holdOf())?.(name, act) ?? act();
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
