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

/** How an agent connects. */
export interface AgentOptions extends SessionOptions {
  /** Where lines that wait to be stored survive a restart: `localStorage`, a file, a database. */
  readonly storage?: KeyValueStorage;
  /**
   * How many events of each chat stay in memory at least; 1,000 by default. Once a chat has twice as many the
   * oldest go: `history` has the last ones then, and whoever reads behind them is given them all the same, from
   * the server.
   */
  readonly keep?: number;
  /**
   * What makes WebSockets: by default the browser's, and none in Node, where streams come over `fetch`. Null:
   * none at all.
   */
  readonly webSocket?: WebSocketConstructor | null;
  /** Called with how the connection goes, from the first try on. */
  readonly onConnection?: (connection: Connection) => void;
}

/** What can be heard of an agent session. */
export interface AgentEvents {
  readonly connection: Connection;
  /** What rings changed. */
  readonly ringing: readonly Offer[];
  /** A chat came: accepted, or of the session before. */
  readonly chat: AgentChat;
  readonly chatOver: { readonly chat: AgentChat; readonly why: ChatEnd };
  readonly availability: Availability;
  /** Colleagues whose state changed, where a stream carries that. */
  readonly roster: readonly ColleagueState[];
  /** What `supervision` lists has changed, where a stream carries that: read it again. */
  readonly supervision: undefined;
  /** What a program wants to do here waits for the agent, or waits no more, where a stream carries that. */
  readonly approval: Approval;
  /** Whether of all tabs that share the session this one leads now: see `agent.leads`. */
  readonly leads: boolean;
  readonly ended: SessionEnd;
}

/** Of which skill. */
export interface SkillOptions {
  /** By its name; all by default. */
  readonly skill?: string;
  readonly signal?: AbortSignal;
}
