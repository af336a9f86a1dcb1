/**
 * Authenticated visitors: who an identity provider says somebody is, from when that was checked until
 * the chat that it is for is gone. The engine believes what it is given; tokens are checked before.
 */
import { requireNewId } from '../actor.js';
import type { AccountCommand, Replies } from '../commands.js';
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';
import type { Participant } from './participant.js';

/** How long who was identified may ask for the chat, ms. */
export const PARTICIPANT_LIFE_MS = 60 * 60_000;

/** Most participants of an account without a chat; beyond this the oldest go. */
export const MAX_PARTICIPANTS = 2_000;

/** Most tokens that are remembered as used; beyond this none is taken until one has expired. */
export const MAX_USED_TOKENS = 100_000;

type Identify = Extract<AccountCommand, { type: 'participant.identify' }>;

type ParticipantEvent = Extract<
  AccountEvent,
  { type: 'participant.identified' | 'participants.forgotten' }
>;

/** Key of the one deadline for who was identified the longest ago. */
export const PARTICIPANTS_DEADLINE = 'participants:';

/** Participants that are forgotten at once, at most: the others follow right behind. */
const MAX_FORGOTTEN_AT_ONCE = 100;

/** A token is taken once: it stands for somebody until it has expired. */
export function identify(
  context: DecisionContext,
  { type: _, ...given }: Identify,
): Decision<Replies['participant.identify']> {
  const { state, now } = context;
  const { participantId, tokenHash } = given;
  const conversationId = requireNewId(context);
  if ((state.usedTokens.get(tokenHash) ?? 0) > now) return { rejected: 'token-replayed' };
  const [oldest = 0] = state.usedTokens.values();
  if (state.usedTokens.size >= MAX_USED_TOKENS && oldest > now) {
    return { rejected: 'too-many-participants' };
  }
  return {
    events: [{ type: 'participant.identified', conversationId, ...given }],
    reply: { conversationId, participantId },
  };
}

/** The participant that may have a chat now; null when there is none of these ids, or no more. */
export function waitingParticipant(
  { state, now }: DecisionContext,
  { conversationId, participantId }: Pick<Participant, 'conversationId' | 'participantId'>,
): Participant | null {
  const found = state.participants.get(conversationId);
  if (found?.participantId !== participantId) return null;
  return now < found.at + PARTICIPANT_LIFE_MS ? found : null;
}

/** Those whose time to ask for a chat is over, as the event that forgets them. */
export function forgetParticipants({ state, now }: DecisionContext): AccountEvent[] {
  const conversationIds: string[] = [];
  for (const { conversationId, at } of state.participants.values()) {
    const isOver = now >= at + PARTICIPANT_LIFE_MS;
    if (!isOver || conversationIds.length === MAX_FORGOTTEN_AT_ONCE) break;
    conversationIds.push(conversationId);
  }
  return conversationIds.length === 0 ? [] : [{ type: 'participants.forgotten', conversationIds }];
}

/** The deadline is always that of who was identified the longest ago. */
export function setParticipantsDeadline(state: AccountState): void {
  for (const { at } of state.participants.values()) {
    state.deadlines.set(PARTICIPANTS_DEADLINE, at + PARTICIPANT_LIFE_MS);
    return;
  }
  state.deadlines.clear(PARTICIPANTS_DEADLINE);
}

/** Who has a chat waits for none. */
export function forgetParticipant(state: AccountState, conversationId: string): void {
  state.participants.delete(conversationId);
  setParticipantsDeadline(state);
}

/** Their time to ask for a chat moves along with the account's. */
export function moveParticipants(state: AccountState, by: number): void {
  for (const [id, participant] of state.participants) {
    state.participants.set(id, { ...participant, at: participant.at + by });
  }
  setParticipantsDeadline(state);
}

/** Folds the event into the state; what has had its time is forgotten by the way. */
export function evolveParticipants(state: AccountState, event: ParticipantEvent, at: number): void {
  if (event.type === 'participants.forgotten') {
    for (const conversationId of event.conversationIds) state.participants.delete(conversationId);
    setParticipantsDeadline(state);
    return;
  }
  const { type: _, tokenHash, tokenUntil, ...participant } = event;
  // Both stand in the order in which they came, and none lives much longer than those before it.
  for (const [hash, until] of state.usedTokens) {
    if (until > at) break;
    state.usedTokens.delete(hash);
  }
  state.usedTokens.set(tokenHash, tokenUntil);
  for (const { conversationId, at: since } of state.participants.values()) {
    const live = at < since + PARTICIPANT_LIFE_MS && state.participants.size < MAX_PARTICIPANTS;
    if (live) break;
    state.participants.delete(conversationId);
  }
  state.participants.set(participant.conversationId, { ...participant, at });
  setParticipantsDeadline(state);
}
