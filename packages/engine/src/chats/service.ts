/**
 * How a chat stands with the one agent it is for: made from its phase, who is in it and who is asked.
 * Lists, refusals and rules about *the* agent ask for this; whoever else is in the chat changes
 * nothing of it.
 */
import type { Chat, ChatParticipant, Offer, Waiting } from './chat.js';
import type { Source } from './entries.js';

export type Service =
  /** Nobody is asked: it stands in a queue. */
  | { readonly name: 'waiting'; readonly waiting: Waiting }
  /** An agent is asked; `waiting` is how it waits again when nobody answers. */
  | {
      readonly name: 'ringing';
      readonly userId: number;
      readonly offer: Offer;
      readonly waiting: Waiting;
    }
  | { readonly name: 'chatting'; readonly userId: number; readonly since: number }
  | {
      readonly name: 'ended';
      /** Whose it was then; null for nobody's. */
      readonly lastUserId: number | null;
      readonly at: number;
      readonly by: Source;
      readonly readableUntil: number;
    };

/** The participant who is the chat's agent or, when it is over, was; null for none. */
export function agentIn({ participants }: Chat): ChatParticipant | null {
  return participants.find(({ role }) => role === 'agent') ?? null;
}

/** The open offer to become the chat's agent; null for none. */
export function agentOffer({ offers }: Chat): Offer | null {
  return offers.find(({ role }) => role === 'agent') ?? null;
}

/** How the chat waits in its queue; null when it does not stand in one. */
export function queuedAs(chat: Chat): Waiting | null {
  const { phase } = chat;
  return phase.name === 'waiting' && agentOffer(chat) === null ? phase.waiting : null;
}

export function isOver({ phase }: Chat): boolean {
  return phase.name === 'ended';
}

export function serviceOf(chat: Chat): Service {
  const { phase } = chat;
  switch (phase.name) {
    case 'waiting': {
      const { waiting } = phase;
      const offer = agentOffer(chat);
      if (offer === null) return { name: 'waiting', waiting };
      return { name: 'ringing', userId: offer.userId, offer, waiting };
    }
    case 'active': {
      const agent = agentIn(chat);
      if (agent === null) throw new Error(`chat ${chat.id} is active without an agent`);
      return { name: 'chatting', userId: agent.userId, since: agent.since };
    }
    case 'ended': {
      const { at, by, readableUntil } = phase;
      const lastUserId = agentIn(chat)?.userId ?? null;
      return { name: 'ended', lastUserId, at, by, readableUntil };
    }
    default:
      return phase satisfies never;
  }
}
