/** What an agent is connected with, and reports. */
import type { KeyValueStorage } from '../core/outbox.js';
import type { WebSocketConstructor } from '../core/web-socket.js';
import type { AgentChat } from './chat.js';
import type { ChatEnd } from './chat-types.js';
import type { Connection, SessionEnd } from './connection.js';
import type { Availability, ColleagueState } from './documents.js';
import type { Offer } from './incoming.js';
import type { Approval } from './programs.js';
import type { SessionOptions } from './session.js';

/** Options of `connectAgent`. */
export interface AgentOptions extends SessionOptions {
  /** Storage in which lines that wait to be stored survive a restart: `localStorage`, a file, a database. */
  readonly storage?: KeyValueStorage;
  /**
   * Minimum number of events of each chat that stay in memory; 1,000 by default. When a chat has twice as many,
   * the oldest are dropped: `history` then has only the last ones. Readers that are further behind get the
   * dropped events from the server.
   */
  readonly keep?: number;
  /**
   * Constructor of WebSockets. By default the browser's; in Node there is none, and streams use `fetch`. Null:
   * no WebSockets.
   */
  readonly webSocket?: WebSocketConstructor | null;
  /** Called with each state of the connection, from the first attempt on. */
  readonly onConnection?: (connection: Connection) => void;
}

/** Events of an agent session. */
export interface AgentEvents {
  readonly connection: Connection;
  /** The list of ringing offers changed. */
  readonly ringing: readonly Offer[];
  /** The agent has a new chat: accepted, or from an earlier session. */
  readonly chat: AgentChat;
  readonly chatOver: { readonly chat: AgentChat; readonly why: ChatEnd };
  readonly availability: Availability;
  /** Colleagues whose state changed, if a stream carries that. */
  readonly roster: readonly ColleagueState[];
  /** The lists of `supervision` have changed, if a stream carries that: read them again. */
  readonly supervision: undefined;
  /** A program's action waits for the agent's approval, or no longer waits, if a stream carries that. */
  readonly approval: Approval;
  /** Whether this tab is now the leader of the tabs that share the session: see `agent.leads`. */
  readonly leads: boolean;
  readonly ended: SessionEnd;
}

/** Which skill a call is for. */
export interface SkillOptions {
  /** The skill's name; all skills by default. */
  readonly skill?: string;
  readonly signal?: AbortSignal;
}
