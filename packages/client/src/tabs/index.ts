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

/** Options of streams that tabs share. */
export interface TabsOptions {
  /** Constructor of WebSockets; by default the browser's. Null: no WebSockets, streams use `fetch`. */
  readonly webSocket?: WebSocketConstructor | null;
}

/**
 * Shares one stream among all tabs of the browser that follow the same chat or agent session, over a WebSocket
 * if one gets through, otherwise over `fetch`. This also works on pages served over plain HTTP. If the browser
 * denies the page BroadcastChannel or storage, as in a sandbox, each tab has a stream of its own.
 * @example
 * const chat = await startChat({ account, domainApi, appKey, listen: acrossTabs() });
 */
export function acrossTabs({ webSocket }: TabsOptions = {}): Listen {
  return shared((http, streamed) => transportOf(http, streamed, webSocketOf(webSocket)));
}

/**
 * Like `acrossTabs`, but only over `fetch`: for pages whose `connect-src` does not allow `wss:`, or that need
 * the smaller code.
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
 * Lets all tabs of a browser in which one user works share that user's agent session and its stream. The second
 * tab joins the first tab's session with the same login, instead of taking the session over; when one tab is
 * closed, the others continue. `agent.close()` in one tab logs all of them out. The login is passed from tab to
 * tab within the browser, only to pages of the same origin. This also works on pages served over plain HTTP. If
 * the browser denies the page BroadcastChannel or storage, as in a sandbox, each tab works separately.
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

/**
 * Whether another tab of this browser works in the user's session. If so, `connectAgent` with `agentTabs` needs
 * no login.
 */
export function worksInTab(user: TabUser): Promise<boolean> {
  return isShared(sessionName(user));
}

/**
 * Runs `act` in one tab of the browser at a time; other tabs wait for their turn.
 * @param name a name that all tabs use
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
