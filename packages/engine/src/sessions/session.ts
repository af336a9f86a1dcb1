/** An agent at work. */
import type { Availability } from './availability.js';
import type { Delegation } from '../delegations/delegation.js';
import { type Beside, counts } from './beside.js';

export interface AgentSession {
  readonly id: string;
  readonly userId: number;
  readonly openedAt: number;
  cookieHash: string | null;
  /** The user's last sign-out when it was opened, if that was kept: another one ends it. */
  readonly signedOutAt?: number;
  availability: Availability;
  /** Since when it has this availability for this reason, epoch ms. */
  availabilitySince: number;
  /** The status reason that the agent gave, if one. */
  reasonId: number | null;
  /** When a chat last came to or left this agent: the longest idle is served first. */
  idleSince: number;
  /** Chats this agent is in, oldest first. */
  chatting: string[];
  /** Chats ringing here, longest first. */
  ringing: string[];
  /** Chats of other agents that this user is in, or is asked to come into, oldest first. */
  beside: readonly Beside[];
  /** Programs that the agent lets work here; absent until there is one. They end with the session. */
  delegations?: readonly Delegation[];
  /** A workplace to watch from: nothing ever rings there, and it is always Away. */
  readonly supervises?: true;
  /** Chats that came along from the session this one took over. */
  readonly takenOver: readonly string[];
  /** Journal position of the last event that changed it. */
  seq: number;
}

/** Chats that count against the agent's cap. */
export function loadOf(session: AgentSession): number {
  const { chatting, ringing, beside } = session;
  const own = chatting.length + ringing.length;
  return beside.length === 0 ? own : own + beside.filter(counts).length;
}
