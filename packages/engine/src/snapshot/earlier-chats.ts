/**
 * Chats as earlier versions of snapshots have them. In those of version 1 and 2 a stage said who had a chat or
 * was asked, since only one could be in it. Up to version 3 two fields had other names.
 */
import type { Chat, ChatParticipant, Offer, Phase, Waiting } from '../chats/chat.js';
import type { Source } from '../chats/entries.js';
import type { RoutingReason } from '../routing/reason.js';

/** `transferredBy` was `givenAwayBy`. */
type EarlierWaiting = Omit<Waiting, 'transferredBy'> & {
  readonly givenAwayBy: number | null;
};

type Stage =
  | { readonly name: 'waiting'; readonly waiting: EarlierWaiting }
  | {
      readonly name: 'ringing';
      readonly userId: number;
      readonly since: number;
      readonly until: number;
      readonly why: RoutingReason;
      readonly waiting: EarlierWaiting;
    }
  | { readonly name: 'chatting'; readonly userId: number; readonly since: number }
  | {
      readonly name: 'ended';
      readonly lastUserId: number | null;
      readonly at: number;
      readonly by: Source;
      readonly readableUntil: number;
    };

type EarlierPhase =
  | (Stage & { readonly name: 'waiting' })
  | Exclude<Phase, { readonly name: 'waiting' }>;

/** `busyAnnounced` was `busyTold`. */
type EarlierNames = Omit<Chat, 'phase' | 'busyAnnounced'> & { readonly busyTold: boolean };

/** A chat in a snapshot of version 1 or 2. */
type ChatInStages = Omit<EarlierNames, 'participants' | 'offers'> & { readonly stage: Stage };

/** A chat in a snapshot of version 3. */
type ChatInPhases = EarlierNames & { readonly phase: EarlierPhase };

export type EarlierChat = ChatInStages | ChatInPhases;

/** Whether a chat is of an earlier version. */
export function isEarlier(chat: Chat | EarlierChat): chat is EarlierChat {
  return 'busyTold' in chat;
}

/** The chat as it is kept now. */
export function liftChat({ busyTold, ...chat }: EarlierChat): Chat {
  if (!('stage' in chat)) {
    const { phase, ...rest } = chat;
    return { ...rest, busyAnnounced: busyTold, phase: phaseOf(phase) };
  }
  const { stage, ...rest } = chat;
  return { ...rest, busyAnnounced: busyTold, ...standing(stage, rest.seq) };
}

function phaseOf(phase: EarlierPhase): Phase {
  return phase.name === 'waiting' ? { name: 'waiting', waiting: waitingOf(phase.waiting) } : phase;
}

function waitingOf({ givenAwayBy, ...waiting }: EarlierWaiting): Waiting {
  return { ...waiting, transferredBy: givenAwayBy };
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
      return { phase: phaseOf(stage), participants: [], offers: [] };
    case 'ringing': {
      const { userId, since, until, why, waiting } = stage;
      const offer = { id: seq, userId, role: 'agent', since, until, why } as const;
      const phase = { name: 'waiting', waiting: waitingOf(waiting) } as const;
      return { phase, participants: [], offers: [offer] };
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
