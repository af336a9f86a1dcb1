/** What the workspace knows, as one value. Views select from it; only the controller changes it. */
import type {
  AgentChat,
  AgentInfo,
  Availability,
  ChatEnd,
  ChatEvent,
  ChatInfo,
  ChatRole,
  Connection,
  Offer,
  Participant,
  Pending,
  Presence,
  Suggestion,
} from '@parley/client/agent';
import type { WorkspacePagesDocument } from '@parley/client/administration';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CannedContent } from '../compose/canned.js';

/** Whom a line is for: the visitor, or agents only. */
export type Mode = 'reply' | 'note';

/** A line that the server refused, or that came too late. */
export interface FailedLine {
  readonly key: string;
  readonly text: string;
  readonly mode: Mode;
  /** What the server said; null when the chat was over before. */
  readonly reason: string | null;
}

/** A line on its way. */
export interface Underway extends Pending {
  /** The last event before it can be stored: one of the same text up to there is another line. */
  readonly after: number;
  /** Its event, once that is known. */
  readonly id: number | null;
}

/** Structured content that waits for the agent to send it. */
export interface CardDraft {
  readonly json: unknown;
  /** What it says, for lists and for whoever sees no cards. */
  readonly text: string;
}

export interface ChatEntry {
  readonly id: string;
  /** The SDK's chat, to act on; what is shown stands beside it. */
  readonly chat: AgentChat;
  /** All events. The same array grows: `length` shows it. */
  readonly events: readonly ChatEvent[];
  readonly length: number;
  readonly info: ChatInfo;
  readonly pending: readonly Pending[];
  /** Lines on their way, with what is known of where they are stored. */
  readonly underway: readonly Underway[];
  readonly failed: readonly FailedLine[];
  readonly over: ChatEnd | null;
  /** What this agent is in it. */
  readonly role: ChatRole;
  /** What is suggested to say, to the chat's agent; the newest last. */
  readonly suggestions: readonly Suggestion[];
  /** Who of the account is in it, and who is asked to come. */
  readonly people: readonly Participant[];
  /** The last event that the agent has seen. */
  readonly readTo: number;
  /** Since when the visitor types, epoch ms; null when not. */
  readonly typingSince: number | null;
  readonly mode: Mode;
  /** What is written and not sent yet, for the list. */
  readonly draft: string;
  /** A card that a page put here, until the agent sends or removes it. */
  readonly card?: CardDraft | null;
  /** Epoch ms when it came here. */
  readonly since: number;
}

/** A reason for being in a state, which the account has. */
export interface StatusReason {
  readonly id: number;
  readonly text: string;
  readonly state: Presence;
}

/** What agents choose from: of the configuration, read with the agent's login. */
export interface Library {
  readonly canned: readonly CannedContent[];
  readonly reasons: readonly StatusReason[];
  /** Pages of others that are shown beside chats. */
  readonly pages: WorkspacePagesDocument;
}

/** Where the workspace stands: the page stays as it is while a login is asked for again. */
export type Phase =
  | {
      readonly is: 'signed-out';
      /** Why a login was refused. */
      readonly refused: string | null;
      /** Whether the server could not be told of the logout. */
      readonly unheard?: boolean;
    }
  | { readonly is: 'connecting' }
  /** Logs out: whoever closes the page before the server has heard of it may be Online for a while still. */
  | { readonly is: 'leaving' }
  | { readonly is: 'working' };

export interface Workspace {
  readonly phase: Phase;
  readonly account: string;
  readonly username: string;
  readonly me: AgentInfo | null;
  /** Whether the administration is shown. */
  readonly isAdmin: boolean;
  /** Whether this user takes chats; who administers only does not. */
  readonly isAgent: boolean;
  /** Whether there is an agent session, in which chats are heard. */
  readonly hasSession: boolean;
  /** Whether sounds and notifications are this tab's: of all that share the session one has them. */
  readonly leads: boolean;
  /** Whether this user supervises others: then there is a board. */
  readonly supervises: boolean;
  readonly connection: Connection;
  /** Epoch ms since when the connection is back after it was lost; null when it never was. */
  readonly backSince: number | null;
  /** When the session ended, epoch ms; null while it lasts. */
  readonly endedAt: number | null;
  readonly availability: Availability;
  /** Epoch ms. */
  readonly availabilitySince: number;
  /** Whom a ring was missed of, which turned the agent Away. */
  readonly missed: string | null;
  readonly ringing: readonly Offer[];
  readonly library: Library;
  readonly chats: Readonly<Record<string, ChatEntry>>;
  /** The chat on screen. */
  readonly shown: string | null;
  /** Set while a login is asked for above the page. */
  readonly loginAsked: boolean;
  /** Whether the browser keeps sounds from being heard. */
  readonly soundBlocked: boolean;
  /** Something that was tried went wrong: shown until it is dismissed. */
  readonly notice: Notice | null;
}

/** A notice names its text; the reason comes from the server. */
export interface Notice {
  readonly text:
    | 'ring-gone'
    | 'accept-failed'
    | 'availability-failed'
    | 'chat-gone'
    | 'end-failed'
    | 'leave-failed';
  readonly detail?: string;
}

export type WorkspaceStore = StoreApi<Workspace>;

export const EMPTY: Workspace = {
  phase: { is: 'signed-out', refused: null },
  account: '',
  username: '',
  me: null,
  isAdmin: false,
  isAgent: true,
  hasSession: false,
  leads: false,
  supervises: false,
  connection: { state: 'connecting' },
  backSince: null,
  endedAt: null,
  availability: { chat: 'Offline', reasonId: null },
  availabilitySince: 0,
  missed: null,
  ringing: [],
  library: { canned: [], reasons: [], pages: [] },
  chats: {},
  shown: null,
  loginAsked: false,
  soundBlocked: false,
  notice: null,
};

export function createWorkspace(): WorkspaceStore {
  return createStore<Workspace>(() => EMPTY);
}
