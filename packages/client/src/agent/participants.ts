/** Who is in a chat beside its visitor, and who is asked to come. */
import { type Doc, linkOf, listOf } from '../core/document.js';

/**
 * What somebody is in a chat:
 * - `agent`: has it; there is one at most
 * - `assistant`: speaks to the visitor too, under their own name
 * - `listener`: hears all, and whispers
 * - `supervisor`: hears all, whispers, and may take the chat over
 */
export type ChatRole = 'agent' | 'assistant' | 'listener' | 'supervisor';

/** Whom an invitation goes to: one agent, or whoever is free of a skill. */
export type Invited = { readonly agentId: number } | { readonly skillId: number };

/** As what somebody is invited, and what they are told about it. */
export interface InviteOptions {
  readonly role: 'assistant' | 'listener';
  /** For whoever is asked; the visitor never sees it. 2,000 characters at most. */
  readonly text?: string;
  readonly signal?: AbortSignal;
}

/** An invitation that was made. It rings at whoever is asked as a chat does. */
export interface Invitation {
  /** Of its channel: the participant who comes has it too. */
  readonly id: string;
  /** Takes it back; sends away who came by it. @returns false when neither is there any more */
  withdraw(signal?: AbortSignal): Promise<boolean>;
}

/** Somebody of the account who is in the chat, or is asked to come. */
export interface Participant {
  /** Of their channel; `agent` for the agent. */
  readonly id: string;
  readonly agentId: number;
  /** Their nickname. */
  readonly name: string;
  readonly role: ChatRole;
  /** `ringing`: they are asked to come. */
  readonly state: 'joined' | 'ringing';
  /** Who invited them: the id of an agent; null for who came otherwise. */
  readonly invitedBy: number | null;
  /** What the inviter said about it. */
  readonly text: string | null;
  /**
   * Sends them away, or takes the invitation back: for the agent, and for who supervises.
   * @returns false when they were not there any more
   * @throws RefusedError 403 for whom they may not be sent away by
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
