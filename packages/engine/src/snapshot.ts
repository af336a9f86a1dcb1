/** An account's state as plain data and back. What can be derived is left out. */
import { Alarms } from './alarms.js';
import { LateChats } from './late.js';
import { rebuildAlarms } from './evolve.js';
import { Memory, recount } from './memory/memory.js';
import type { TranscriptMail } from './outbox.js';
import type { Participant } from './participants.js';
import {
  type AccountState,
  type AgentSession,
  type Chat,
  HELD,
  type HandlingSample,
  type WaitSample,
} from './state.js';
import type { Visit } from './visits.js';

/** Raised when the shape changes; a snapshot of another version is passed over. */
export const SNAPSHOT_VERSION = 1;

export interface StateSnapshot {
  readonly version: number;
  readonly seq: number;
  readonly sessions: readonly AgentSession[];
  readonly chats: readonly Chat[];
  readonly queues: readonly (readonly [string, readonly string[]])[];
  readonly waits: readonly (readonly [string, readonly WaitSample[]])[];
  readonly offlineSince: readonly (readonly [number, number])[];
  /** Absent from snapshots of before handling times were noted. */
  readonly handling?: readonly (readonly [string, readonly HandlingSample[]])[];
  /** Absent from snapshots of before there were shares. */
  readonly groupShares?: readonly (readonly [number, readonly (readonly [number, number])[]])[];
  /** Absent from snapshots of before there were visits and transcripts. */
  readonly visits?: readonly Visit[];
  readonly outbox?: readonly TranscriptMail[];
  /** Absent from snapshots of before visitors could be authenticated. */
  readonly participants?: readonly Participant[];
  readonly usedTokens?: readonly (readonly [string, number])[];
}

/** The state as data for JSON. It shares objects with the state: turn it into text at once. */
export function takeSnapshot(state: AccountState): StateSnapshot {
  return {
    version: SNAPSHOT_VERSION,
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
  };
}

/** What chats in snapshots of before there was this do without. */
const NEW_IN_CHATS = {
  variables: null,
  surveys: null,
  transcripts: 0,
  read: null,
  participant: null,
};

/** What agent sessions in snapshots of before there was this do without. */
const NEW_IN_SESSIONS = { reasonId: null };

/** The state again; owns the objects of the snapshot from now on. */
export function fromSnapshot(snapshot: StateSnapshot): AccountState {
  if (snapshot.version !== SNAPSHOT_VERSION) {
    throw new Error(`snapshot version ${snapshot.version}, this build reads ${SNAPSHOT_VERSION}`);
  }
  const { visits = [], outbox = [], participants = [], usedTokens = [] } = snapshot;
  // First and last: whoever writes the state down finds its fields in the order they had.
  const sessions = snapshot.sessions.map((session) => ({
    ...session,
    ...NEW_IN_SESSIONS,
    ...session,
  }));
  const state: AccountState = {
    seq: snapshot.seq,
    rosterSeq: snapshot.seq,
    sessions: new Map(sessions.map((session) => [session.id, session])),
    sessionOfUser: new Map(sessions.map((session) => [session.userId, session])),
    offlineSince: new Map(snapshot.offlineSince),
    chats: new Map(snapshot.chats.map((chat) => [chat.id, { ...chat, ...NEW_IN_CHATS, ...chat }])),
    queues: new Map(snapshot.queues.map(([key, ids]) => [key, [...ids]])),
    givenAwayWaiting: snapshot.chats.filter(
      ({ stage }) => stage.name === 'waiting' && stage.waiting.givenAwayBy !== null,
    ).length,
    waits: new Map(snapshot.waits.map(([key, samples]) => [key, [...samples]])),
    handling: new Map((snapshot.handling ?? []).map(([key, samples]) => [key, [...samples]])),
    groupShares: new Map(
      (snapshot.groupShares ?? []).map(([skillId, behind]) => [skillId, new Map(behind)]),
    ),
    visits: new Map(visits.map((visit) => [visit.sessionId, visit])),
    lastVisitOf: new Map(visits.map((visit) => [visit.visitorId, visit.sessionId])),
    outbox: new Map(outbox.map((mail) => [mail.id, mail])),
    participants: new Map(participants.map((each) => [each.conversationId, each])),
    usedTokens: new Map(usedTokens),
    alarms: new Alarms(),
    late: new LateChats(),
    unfinished: new Map(),
    memory: new Memory(),
  };
  separateHeld(state);
  recount(state, state.memory);
  rebuildAlarms(state);
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
