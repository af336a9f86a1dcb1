/** What was seen of late, for estimates: how long chats waited, and how long they then took. */
import type { Chat } from '../chats/chat.js';
import type { AccountState } from '../state.js';

/** How long a time-to-accept counts for the estimate (rules EST…), ms. */
export const WAIT_WINDOW_MS = 30 * 60_000;

/** Most times-to-accept kept per skill; beyond this the oldest go, the mean hardly moves. */
const MAX_WAITS = 500;

/** Most handling times kept per skill: the latest. */
const MAX_HANDLING = 100;

/**
 * Notes that a waiting chat was accepted for the first time.
 * @param pickupMs from its last ring to the acceptance
 */
export function addWait(state: AccountState, chat: Chat, at: number, pickupMs: number): void {
  const samples = ofSkill(state.waits, chat);
  samples.push({ at, waitedMs: at - chat.requestedAt, pickupMs });
  while (samples.length > MAX_WAITS || (samples[0]?.at ?? at) < at - WAIT_WINDOW_MS) {
    samples.shift();
  }
}

/** Notes that an agent is done with a chat. */
export function addHandling(state: AccountState, chat: Chat, since: number, at: number): void {
  const samples = ofSkill(state.handling, chat);
  samples.push({ at, tookMs: at - since });
  if (samples.length > MAX_HANDLING) samples.shift();
}

function ofSkill<S>(samples: Map<string, S[]>, { skillId }: Chat): S[] {
  const key = skillId === null ? '' : String(skillId);
  let own = samples.get(key);
  if (own === undefined) {
    own = [];
    samples.set(key, own);
  }
  return own;
}
