/** An account's state as plain data and back. What can be derived is left out. */
import type { Chat } from '../chats/chat.js';
import { queuedAs } from '../chats/service.js';
import { rebuildDeadlines } from '../evolve.js';
import type { TranscriptMail } from '../mail/mail.js';
import { bytesOfVisit } from '../memory/memory.js';
import type { Participant } from '../participants/participant.js';
import type { RetryRecord } from '../retries/retries.js';
import { HELD } from '../routing/queue-key.js';
import type { HandlingSample, WaitSample } from '../routing/sample.js';
import type { AgentSession } from '../sessions/session.js';
import { type AccountState, initialState } from '../state.js';
import type { SuggestionFigures } from '../suggestions/suggestion.js';
import type { Visit } from '../visits/visit.js';
import { type EarlierChat, isEarlier, liftChat } from './earlier-chats.js';

/** Version of the snapshots that were one such value. */
export const WHOLE_VERSION = 1;

export interface StateSnapshot {
  readonly version: number;
  readonly seq: number;
  readonly sessions: readonly AgentSession[];
  readonly chats: readonly (Chat | EarlierChat)[];
  readonly queues: readonly (readonly [string, readonly string[]])[];
  readonly waits: readonly (readonly [string, readonly WaitSample[]])[];
  /** Absent from snapshots of before there was handling. */
  readonly handling?: readonly (readonly [string, readonly HandlingSample[]])[];
  readonly offlineSince: readonly (readonly [number, number])[];
  /** Absent from snapshots of before there were shares. */
  readonly groupShares?: readonly (readonly [number, readonly (readonly [number, number])[]])[];
  /** Absent from snapshots of before there were visits and transcripts. */
  readonly visits?: readonly Visit[];
  readonly outbox?: readonly TranscriptMail[];
  /** Absent from snapshots of before visitors could be authenticated. */
  readonly participants?: readonly Participant[];
  readonly usedTokens?: readonly (readonly [string, number])[];
  /** Absent from snapshots of before requests could come again. */
  readonly answered?: readonly RetryRecord[];
  /** Absent from snapshots of before there were suggestions. */
  readonly suggested?: readonly (readonly [number, SuggestionFigures])[];
}

/**
 * The whole state as data for JSON, to be looked at or compared; snapshots are written by
 * `StateFreeze`. It shares objects with the state: turn it into text at once.
 */
export function takeSnapshot(state: AccountState): StateSnapshot {
  return {
    version: WHOLE_VERSION,
    seq: state.seq,
    sessions: [...state.sessions.values()],
    chats: [...state.chats.values()],
    queues: [...state.queues],
    waits: [...state.waits],
    handling: [...state.handling],
    offlineSince: [...state.offlineSince],
    groupShares: [...state.groupShares].map(([skillId, behind]) => [skillId, [...behind]]),
    visits: [...state.visits.values()],
    outbox: [...state.outbox.values()],
    participants: [...state.participants.values()],
    usedTokens: [...state.usedTokens],
    answered: [...state.retries.records.values()],
    suggested: [...state.suggestionFigures],
  };
}

/** What chats in snapshots of before there was this do without. */
const NEW_IN_CHATS = {
  variables: null,
  surveys: null,
  transcripts: 0,
  read: null,
  formerAgents: [],
  participant: null,
};

/** What agent sessions in snapshots of before there was this do without. */
const NEW_IN_SESSIONS = { reasonId: null, beside: [] };

/** The state again; owns the objects of the snapshot from now on. */
export function fromSnapshot(snapshot: StateSnapshot): AccountState {
  if (snapshot.version !== WHOLE_VERSION) {
    throw new Error(`snapshot version ${snapshot.version}, this build reads ${WHOLE_VERSION}`);
  }
  const state = initialState();
  state.seq = snapshot.seq;
  state.rosterSeq = snapshot.seq;
  for (const session of snapshot.sessions) addSession(state, session);
  for (const [userId, at] of snapshot.offlineSince) state.offlineSince.set(userId, at);
  for (const chat of snapshot.chats) addChat(state, chat);
  for (const [key, ids] of snapshot.queues) state.queues.set(key, [...ids]);
  for (const [key, samples] of snapshot.waits) state.waits.set(key, [...samples]);
  for (const [key, samples] of snapshot.handling ?? []) state.handling.set(key, [...samples]);
  for (const [skillId, behind] of snapshot.groupShares ?? []) {
    state.groupShares.set(skillId, new Map(behind));
  }
  for (const visit of snapshot.visits ?? []) addVisit(state, visit);
  for (const mail of snapshot.outbox ?? []) addMail(state, mail);
  for (const participant of snapshot.participants ?? []) {
    state.participants.set(participant.conversationId, participant);
  }
  for (const [hash, until] of snapshot.usedTokens ?? []) state.usedTokens.set(hash, until);
  for (const record of snapshot.answered ?? []) addRetry(state, record);
  for (const [userId, figures] of snapshot.suggested ?? []) {
    state.suggestionFigures.set(userId, figures);
  }
  separateHeld(state);
  rebuildDeadlines(state);
  return state;
}

/** In snapshots of before they had queues of their own, held chats stand among the others. */
function separateHeld(state: AccountState): void {
  for (const [key, queue] of [...state.queues]) {
    if (key.startsWith(HELD)) continue;
    const isHeld = (id: string) => state.chats.get(id)?.heldUntil !== undefined;
    const held = queue.filter(isHeld);
    if (held.length === 0) continue;
    state.queues.set(HELD + key, held);
    if (held.length === queue.length) state.queues.delete(key);
    else {
      state.queues.set(
        key,
        queue.filter((id) => !isHeld(id)),
      );
    }
  }
}

/** Adds an agent session as a snapshot has it. */
export function addSession(state: AccountState, kept: AgentSession): void {
  // First and last: whoever writes the state down finds its fields in the order they had.
  const session = { ...kept, ...NEW_IN_SESSIONS, ...kept };
  state.sessions.set(session.id, session);
  state.sessionOfUser.set(session.userId, session);
}

/** Adds a chat as a snapshot has it. */
export function addChat(state: AccountState, written: Chat | EarlierChat): void {
  const kept = isEarlier(written) ? liftChat(written) : written;
  const chat = { ...kept, ...NEW_IN_CHATS, ...kept };
  state.chats.set(chat.id, chat);
  state.memory.addChat(chat);
  state.retries.addEntries(chat.id, chat.feed);
  const waiting = queuedAs(chat);
  if (waiting !== null && waiting.transferredBy !== null) state.transferredWaiting += 1;
}

/** Adds a visit as a snapshot has it; after the chats, which may claim it. */
export function addVisit(state: AccountState, visit: Visit): void {
  state.visits.set(visit.sessionId, visit);
  state.lastVisitOf.set(visit.visitorId, visit.sessionId);
  state.memory.seeVisit(visit, bytesOfVisit(visit));
}

/** Adds what was answered to a request, as a snapshot has it. */
export function addRetry(state: AccountState, record: RetryRecord): void {
  state.retries.add(record);
  state.memory.addRetry(record);
}

/** Adds a mail as a snapshot has it. */
export function addMail(state: AccountState, mail: TranscriptMail): void {
  state.outbox.set(mail.id, mail);
  state.memory.addMail(mail);
}
