/** Who is in a chat beside its visitor, and who is asked to come. */
import { type Doc, linkOf, listOf } from '../core/document.js';

/**
 * What somebody is in a chat:
 * - `agent`: has the chat; a chat has at most one
 * - `assistant`: also speaks to the visitor, under their own name
 * - `listener`: reads everything, and whispers
 * - `supervisor`: reads everything, whispers, and may take the chat over
 */
export type ChatRole = 'agent' | 'assistant' | 'listener' | 'supervisor';

/** Whom an invitation asks: one agent, or anybody free who has a skill. */
export type Invited = { readonly agentId: number } | { readonly skillId: number };

/** The role in which somebody is invited, and a note for them. */
export interface InviteOptions {
  readonly role: 'assistant' | 'listener';
  /** A note for the invited agent; the visitor never sees it. 2,000 characters at most. */
  readonly text?: string;
  readonly signal?: AbortSignal;
}

/** An invitation. It rings for the invited agent as a chat does. */
export interface Invitation {
  /** The id of its channel, which is also the id of the participant who joins. */
  readonly id: string;
  /**
   * Withdraws the invitation, or removes the participant who joined through it. @returns false when neither
   * exists any more
   */
  withdraw(signal?: AbortSignal): Promise<boolean>;
}

/** A user of the account who is in the chat, or is invited to it. */
export interface Participant {
  /** The id of their channel; `agent` for the chat's agent. */
  readonly id: string;
  readonly agentId: number;
  /** Their nickname. */
  readonly name: string;
  readonly role: ChatRole;
  /** `ringing`: the invitation still rings. */
  readonly state: 'joined' | 'ringing';
  /** The id of the agent who invited them; null if they joined in another way. */
  readonly invitedBy: number | null;
  /** The inviter's note. */
  readonly text: string | null;
  /**
   * Removes them from the chat, or withdraws the invitation: for the chat's agent and its supervisors.
   * @returns false when they were no longer there
   * @throws RefusedError 403 if this agent may not remove them
   */
  remove(signal?: AbortSignal): Promise<boolean>;
}

/** @param close closes the channel at an address */
export function readParticipants(
  list: unknown,
  close: (href: string, signal?: AbortSignal) => Promise<boolean>,
): readonly Participant[] {
  return listOf(list).map((channel: Doc) => ({
    id: String(channel['id']),
    agentId: Number(channel['agentId']),
    name: String(channel['name'] ?? ''),
    role: String(channel['role']) as ChatRole,
    state: channel['state'] === 'ringing' ? 'ringing' : 'joined',
    invitedBy: channel['invitedBy'] === undefined ? null : Number(channel['invitedBy']),
    text: channel['text'] === undefined ? null : String(channel['text']),
    remove: (signal) => close(linkOf(channel, 'self'), signal),
  }));
}
