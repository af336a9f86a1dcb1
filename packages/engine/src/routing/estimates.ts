/**
 * What can be said of a queue before a chat is asked for: free slots, the wait to expect, whether
 * anybody is there. Reads only.
 *
 * The wait is found by playing the queue forward: each place of each Online agent becomes free when
 * its chat may be expected to be over, given how long it lasts already and how long chats took of
 * late; the chats that wait now take those places in the order in which routing gives them out; then
 * it is the newcomer's turn. Places do not become free all at once, so their remaining times are
 * spread over what was seen, and the whole is played several times with other draws. Nothing is
 * random: the same state gives the same answer.
 */
import { agentIn, queuedAs } from '../chats/service.js';
import type { AccountConfig, User } from '../config.js';
import { type AgentSession, loadOf } from '../sessions/session.js';
import { counts } from '../sessions/beside.js';
import type { AccountState } from '../state.js';
import { isOpen } from './opening-hours.js';
import { freeSlots, holds, someoneOnline, staff } from './routing.js';
import type { WaitSample } from './sample.js';
import { WAIT_WINDOW_MS } from './samples.js';

/** Time-to-accept samples below which no estimate is given (rules EST…). */
const MIN_SAMPLES = 5;

/** What a chat takes where none has been seen yet, ms. */
const UNKNOWN_HANDLING_MS = 5 * 60_000;

/** From ring to acceptance, where none has been seen yet, ms. */
const UNKNOWN_PICKUP_MS = 5_000;

/** Acceptances that the pace is taken from: the latest. */
const PACE_SAMPLES = 10;

/** The weight of each thing seen beside the queue played forward; found by the simulated afternoons. */
const SEEN_WEIGHT = 0.2;

/** Below this the wait of the first in the queue means nothing, ms. */
const SHORT_WAIT_MS = 5_000;

/** How often the queue is played forward; less often when it is long, so that a question stays cheap. */
const MAX_ROUNDS = 9;

const MAX_STEPS = 4_000;

/** Comparisons of waiting chats with places; of a longer queue only the first are played. */
const MAX_COMPARISONS = 60_000;

const MIN_AHEAD = 50;

/** Whom a question about availability is about. */
export type Audience =
  | { readonly skillId: number | null; readonly userId?: undefined }
  | { readonly userId: number; readonly skillId?: undefined };

/**
 * Free slots (rules EST…): free places of Online agents, minus chats waiting for
 * them, never below 0; -1 when an agent has no cap. None outside of opening hours.
 */
export function availableSlots(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  now: number,
): number {
  if (!isOpen(config.settings, now)) return 0;
  let slots = 0;
  const skillId = of.userId === undefined ? of.skillId : null;
  for (const [session, user] of onlineStaff(state, config, skillId)) {
    if (of.userId !== undefined && user.id !== of.userId) continue;
    if (user.maxChats < 0) return -1;
    slots += freeSlots(session, user);
  }
  return Math.max(0, slots - waitingFor(state, of));
}

/** Who of those who may take chats of a skill is Online. */
function* onlineStaff(state: AccountState, config: AccountConfig, skillId: number | null) {
  for (const each of staff(state, config, skillId)) {
    if (each[0].availability === 'Online') yield each;
  }
}

function waitingFor(state: AccountState, of: Audience): number {
  const length = (key: string) => state.queues.get(key)?.length ?? 0;
  if (of.userId !== undefined) return length(`agent:${of.userId}`);
  if (of.skillId !== null) return length(`skill:${of.skillId}`);
  let all = 0;
  for (const queue of state.queues.values()) all += queue.length;
  return all;
}

/**
 * Estimated seconds until an agent accepts: 0 with a free slot; -1 nobody online, or outside of
 * opening hours; -2 with fewer than five accepted chats of the skill in the last 30 minutes.
 */
export function estimatedWait(
  state: AccountState,
  config: AccountConfig,
  skillId: number | null,
  now: number,
): number {
  if (!isOpen(config.settings, now)) return -1;
  return expectedWait(state, config, { skillId }, now);
}

/**
 * Whether a chat started now would find somebody: someone Online for it; with `maxWait` 0 someone
 * free at this moment, with more someone expected to be free within that many seconds.
 */
export function isAvailable(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  maxWait: number | null,
  now: number,
): boolean {
  if (!isOpen(config.settings, now)) return false;
  const skillId = of.userId === undefined ? of.skillId : null;
  if (!someoneOnline(state, config, skillId, of.userId ?? null)) return false;
  if (maxWait === null || availableSlots(state, config, of, now) !== 0) return true;
  if (maxWait === 0) return false;
  const wait = expectedWait(state, config, of, now);
  return wait === -2 || wait <= maxWait;
}

/** The same for a skill or for one agent, whose chats' waits are taken from the whole account. */
function expectedWait(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  now: number,
): number {
  const skillId = of.userId === undefined ? of.skillId : null;
  if (!someoneOnline(state, config, skillId, of.userId ?? null)) return -1;
  if (availableSlots(state, config, of, now) !== 0) return 0;
  const recent = samplesOf(state.waits, skillId).filter(({ at }) => at >= now - WAIT_WINDOW_MS);
  if (recent.length < MIN_SAMPLES) return -2;
  return rememberedFor(state, config, of, now, () => {
    const wait = waitOf(state, config, of, recent, now);
    return Math.max(1, Math.round(wait / 1000));
  });
}

interface Remembered {
  readonly rosterSeq: number;
  readonly config: AccountConfig;
  readonly second: number;
  readonly answers: Map<string, number>;
}

const remembered = new WeakMap<AccountState, Remembered>();

/** Who waits asks again and again: until something changes, an answer is good for a second. */
function rememberedFor(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  now: number,
  find: () => number,
): number {
  const { rosterSeq } = state;
  const second = Math.floor(now / 1000);
  let last = remembered.get(state);
  if (last?.rosterSeq !== rosterSeq || last.config !== config || last.second !== second) {
    last = { rosterSeq, config, second, answers: new Map() };
    remembered.set(state, last);
  }
  const key = of.userId === undefined ? `skill:${of.skillId}` : `agent:${of.userId}`;
  let answer = last.answers.get(key);
  if (answer === undefined) {
    answer = find();
    last.answers.set(key, answer);
  }
  return answer;
}

/**
 * The wait in ms: mostly what the queue played forward says, drawn towards what is seen of it, the
 * pace at which chats were taken of late and the wait that the first in the queue has behind it.
 * Each of the two is a poor estimate by itself, and right where the play is wrong: when rings are
 * missed, agents leave, or chats drag on.
 */
function waitOf(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  recent: readonly WaitSample[],
  now: number,
): number {
  const played = playForward(state, config, of, recent, now);
  if (of.userId !== undefined) return played;
  const seen: number[] = [];
  const last = recent.toSorted((a, b) => a.at - b.at).slice(-PACE_SAMPLES);
  const pace = (now - (last[0]?.at ?? now)) / last.length;
  seen.push(pace * (waitingFor(state, of) + 1));
  const behind = waitOfFirst(state, of, now);
  if (behind > SHORT_WAIT_MS) seen.push(behind);
  let log = (1 - SEEN_WEIGHT * seen.length) * Math.log(Math.max(1000, played));
  for (const value of seen) log += SEEN_WEIGHT * Math.log(Math.max(1000, value));
  return Math.exp(log);
}

/** How long the chat that is next of this audience waits already, ms; 0 with an empty queue. */
function waitOfFirst(state: AccountState, of: Audience, now: number): number {
  let longest = 0;
  for (const [key, [first]] of state.queues) {
    if (of.skillId !== null && key !== `skill:${of.skillId}`) continue;
    const chat = first === undefined ? undefined : state.chats.get(first);
    if (chat !== undefined) longest = Math.max(longest, now - chat.requestedAt);
  }
  return longest;
}

/** A place for one chat at an agent. */
interface Place {
  readonly user: User;
  /** Ms from now until it is free. */
  free: number;
}

/** The median of what the newcomer waits, ms. */
function playForward(
  state: AccountState,
  config: AccountConfig,
  of: Audience,
  recent: readonly WaitSample[],
  now: number,
): number {
  const handling = handlingTimes(state);
  const pickup = mean(recent.map(({ pickupMs }) => pickupMs ?? UNKNOWN_PICKUP_MS));
  const atOnce = countPlaces(state, config);
  const most = Math.max(MIN_AHEAD, Math.floor(MAX_COMPARISONS / (atOnce + 1)));
  const { ahead, left } = waitingChats(state, Math.min(most, MAX_STEPS));
  const steps = ahead.length + atOnce + 1;
  const rounds = Math.max(1, Math.min(MAX_ROUNDS, Math.floor(MAX_STEPS / steps)));
  // What is not played goes at the pace of what is.
  const longer = 1 + left / (ahead.length + 1);
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const draw = drawsFrom(round / rounds);
    const places = placesOf(state, config, handling, draw, now);
    for (const { skillId, forUserId } of ahead) {
      const place = soonest(places, skillId, forUserId);
      if (place !== null) place.free += pickup + quantile(handling(skillId), draw());
    }
    const skillId = of.userId === undefined ? of.skillId : null;
    const place = soonest(places, skillId, of.userId ?? null);
    if (place !== null) waits.push((place.free + pickup) * longer);
  }
  return median(waits);
}

/** How many places Online agents have. */
function countPlaces(state: AccountState, config: AccountConfig): number {
  let count = 0;
  for (const [session, user] of onlineStaff(state, config, null)) {
    count += user.maxChats < 0 ? loadOf(session) + 1 : user.maxChats;
  }
  return count;
}

/** The places of Online agents; busy ones with what their chat may still take. */
function placesOf(
  state: AccountState,
  config: AccountConfig,
  handling: (skillId: number | null) => readonly number[],
  draw: () => number,
  now: number,
): Place[] {
  const places: Place[] = [];
  for (const [session, user] of onlineStaff(state, config, null)) {
    const busy = remainingTimes(state, session, handling, draw, now);
    // Above the cap those that are over first make no room; without a cap there is always room.
    busy.sort((a, b) => a - b);
    const cap = user.maxChats < 0 ? busy.length + 1 : user.maxChats;
    for (const free of busy.slice(Math.max(0, busy.length - cap))) places.push({ user, free });
    for (let idle = busy.length; idle < cap; idle += 1) places.push({ user, free: 0 });
  }
  return places;
}

function remainingTimes(
  state: AccountState,
  session: AgentSession,
  handling: (skillId: number | null) => readonly number[],
  draw: () => number,
  now: number,
): number[] {
  const assisted = session.beside.flatMap((one) => (counts(one) ? one.chatId : []));
  return [...session.chatting, ...session.ringing, ...assisted].map((chatId) => {
    const chat = state.chats.get(chatId);
    const times = handling(chat?.skillId ?? null);
    const active = chat?.phase.name === 'active' ? agentIn(chat) : null;
    const elapsed = active === null ? 0 : now - active.since;
    const longer = times.filter((ms) => ms > elapsed);
    // Longer than anything seen: it goes on about as long as chats do.
    return longer.length === 0 ? quantile(times, draw()) : quantile(longer, draw()) - elapsed;
  });
}

/** The first waiting chats as routing will give them out, the longest-waiting first, and how many are left. */
function waitingChats(state: AccountState, most: number) {
  const chats: { skillId: number | null; forUserId: number | null; seq: number }[] = [];
  let left = 0;
  for (const queue of state.queues.values()) {
    for (const chatId of queue.slice(0, most)) {
      const chat = state.chats.get(chatId);
      const waiting = chat === undefined ? null : queuedAs(chat);
      if (chat === undefined || waiting === null || chat.heldUntil !== undefined) continue;
      const { forUserId } = waiting;
      chats.push({ skillId: chat.skillId, forUserId, seq: chat.requestedSeq });
    }
    left += Math.max(0, queue.length - most);
  }
  const ahead = chats.sort((a, b) => a.seq - b.seq).slice(0, most);
  return { ahead, left: left + chats.length - ahead.length };
}

function soonest(
  places: readonly Place[],
  skillId: number | null,
  forUserId: number | null,
): Place | null {
  let best: Place | null = null;
  for (const place of places) {
    if (best !== null && place.free >= best.free) continue;
    if (forUserId === null ? holds(place.user, skillId) : place.user.id === forUserId) best = place;
  }
  return best;
}

/** How long chats of a skill took, sorted, ms; those of all skills where it has few of its own. */
function handlingTimes(state: AccountState): (skillId: number | null) => readonly number[] {
  const known = new Map<number | null, readonly number[]>();
  const timesOf = (skillId: number | null) =>
    samplesOf(state.handling, skillId)
      .map(({ tookMs }) => tookMs)
      .sort((a, b) => a - b);
  return (skillId) => {
    let times = known.get(skillId);
    if (times === undefined) {
      times = timesOf(skillId);
      if (times.length < MIN_SAMPLES) times = timesOf(null);
      if (times.length === 0) times = [UNKNOWN_HANDLING_MS];
      known.set(skillId, times);
    }
    return times;
  };
}

function samplesOf<S>(samples: ReadonlyMap<string, readonly S[]>, skillId: number | null) {
  return skillId === null ? [...samples.values()].flat() : (samples.get(String(skillId)) ?? []);
}

/** Numbers in [0, 1) that lie as evenly as can be however many are taken (van der Corput). */
function drawsFrom(shift: number): () => number {
  let index = 0;
  return () => {
    index += 1;
    let value = shift;
    let part = 0.5;
    for (let rest = index; rest > 0; rest >>= 1, part /= 2) value += (rest & 1) * part;
    return value % 1;
  };
}

/** @param sorted ascending, at least one */
function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}
