/** An agent session that all tabs of a browser work in: what it is made of, and what is asked of the tabs. */
import type { Listen } from './stream.js';

/**
 * The login that one tab hands to the others, so that they can call as it does. It stays within the browser, in
 * memory.
 */
export interface SharedSession {
  /** The session's address. */
  readonly uri: string;
  readonly bearer: string;
  /** The token that refreshes and ends the login; null if the login can do neither. */
  readonly csrf: string | null;
  /** Whether the login said that this user administers the account. */
  readonly isAdmin: boolean;
}

/** How a tab works with the other tabs of a session. */
export interface SessionTab {
  /** The login of the other tabs; null if there is no other tab, or none that answers. */
  ask(): Promise<SharedSession | null>;
  /** Runs `act` in one tab at a time. */
  alone(act: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** From now on, the tab uses this login and hands it to the other tabs. */
  share(session: SharedSession): void;
  /** The session was closed in this tab: it is over for all tabs. */
  close(): void;
  /** This tab leaves the session; the others continue. */
  leave(): void;
}

/** Events from the other tabs. */
export interface TabEvents {
  /** Another tab closed the session. */
  closed(): void;
  /** Another tab has a new login. */
  loggedIn(): void;
  /**
   * This tab leads now, because it was the first, or because the leading tab has gone. Or this tab was
   * suspended, and another one leads.
   */
  leads(is: boolean): void;
}

/** Lets the tabs of a browser work in one agent session, over one stream. `agentTabs()` creates it. */
export interface AgentTabs {
  readonly listen: Listen;
  /**
   * Joins the tabs of a session.
   * @param name the session's name: tabs with the same name share the session
   */
  join(name: string, events: TabEvents): SessionTab;
}

/** The user whose session it is. */
export interface TabUser {
  readonly account: string;
  readonly domainApi: string;
  readonly username: string;
  /** As in the options of `connectAgent`. */
  readonly role?: 'supervisor' | undefined;
}

export function sessionName({ account, domainApi, username, role }: TabUser): string {
  return JSON.stringify([new URL(domainApi).origin, account, username, role ?? 'agent']);
}
