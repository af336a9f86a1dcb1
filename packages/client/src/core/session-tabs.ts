/** An agent session that all tabs of a browser work in: what it is made of, and what is asked of the tabs. */
import type { Listen } from './stream.js';

/** What one tab hands to the others: with it they call as it does. It stays within the browser, and in memory. */
export interface SharedSession {
  /** Where the session is. */
  readonly uri: string;
  readonly bearer: string;
  /** What the login is refreshed and ended with; null where it is neither. */
  readonly csrf: string | null;
  /** Whether the login said that this user administers the account. */
  readonly isAdmin: boolean;
}

/** How a tab works with the others of a session. */
export interface SessionTab {
  /** What the others work with; null where there is nobody else, or nobody that answers. */
  ask(): Promise<SharedSession | null>;
  /** Runs in one tab at a time. */
  alone(act: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** From now on the tab works with this, and hands it to the others. */
  share(session: SharedSession): void;
  /** The session was closed here: it is over for all. */
  close(): void;
  /** This tab works in the session no more; the others go on. */
  leave(): void;
}

/** What is heard of the other tabs. */
export interface TabEvents {
  /** Another tab closed the session. */
  closed(): void;
  /** Another tab has a new login. */
  loggedIn(): void;
  /** This tab leads now: it came first, or the one that did has gone. Or it was stopped, and another one does. */
  leads(is: boolean): void;
}

/** Lets the tabs of a browser work in one agent session, over one stream: `agentTabs()` makes it. */
export interface AgentTabs {
  readonly listen: Listen;
  /**
   * Works with the tabs of a session.
   * @param name of the session: tabs that name the same share it
   */
  join(name: string, events: TabEvents): SessionTab;
}

/** Whose session it is. */
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
