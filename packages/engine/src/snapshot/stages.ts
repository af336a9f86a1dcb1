/** Chats in snapshots of before several could be in one: a stage said who had it or was asked. */
import type { Chat, ChatParticipant, Offer, Phase, Waiting } from '../chats/chat.js';
import type { Source } from '../chats/entries.js';
import type { RoutingReason } from '../routing/reason.js';

type Stage =
  | { readonly name: 'waiting'; readonly waiting: Waiting }
  | {
      readonly name: 'ringing';
      readonly userId: number;
      readonly since: number;
      readonly until: number;
      readonly why: RoutingReason;
      readonly waiting: Waiting;
    }
  | { readonly name: 'chatting'; readonly userId: number; readonly since: number }
  | {
      readonly name: 'ended';
      readonly lastUserId: number | null;
      readonly at: number;
      readonly by: Source;
      readonly readableUntil: number;
    };

export type ChatInStages = Omit<Chat, 'phase' | 'participants' | 'offers'> & {
  readonly stage: Stage;
};

/** The chat as it is kept now. */
export function outOfStages({ stage, ...rest }: ChatInStages): Chat {
  return { ...rest, ...standing(stage, rest.seq) };
}

/** @param seq of the last change of the chat: of its ring, while it rings */
function standing(
  stage: Stage,
  seq: number,
): {
  readonly phase: Phase;
  readonly participants: readonly ChatParticipant[];
  readonly offers: readonly Offer[];
} {
  switch (stage.name) {
    case 'waiting':
      return { phase: stage, participants: [], offers: [] };
    case 'ringing': {
      const { userId, since, until, why, waiting } = stage;
      const offer = { id: seq, userId, role: 'agent', since, until, why } as const;
      return { phase: { name: 'waiting', waiting }, participants: [], offers: [offer] };
    }
    case 'chatting': {
      const { userId, since } = stage;
      const agent = { userId, role: 'agent', since } as const;
      return { phase: { name: 'active' }, participants: [agent], offers: [] };
    }
    case 'ended': {
      const { lastUserId, at, by, readableUntil } = stage;
      // Since when they had it was not kept beyond the end; nothing asks for it then.
      const last: readonly ChatParticipant[] =
        lastUserId === null ? [] : [{ userId: lastUserId, role: 'agent', since: at }];
      return { phase: { name: 'ended', at, by, readableUntil }, participants: last, offers: [] };
    }
    default:
      return stage satisfies never;
  }
}
