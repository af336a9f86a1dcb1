/** What the board shows, computed from the live chats and the agents. */
import type { SupervisedAgent, SupervisedChat } from '@parley/client/administration';

/** An agent as the board shows it. */
export interface BoardAgent {
  /** As the server has it, to act on. */
  readonly record: SupervisedAgent;
  readonly id: number;
  readonly name: string;
  readonly state: 'Online' | 'Occupied' | 'Away' | 'Offline';
  /** The status reason that they gave. */
  readonly reasonId: number | null;
  /** Epoch ms since when. */
  readonly since: number;
  readonly chats: number;
  /** -1 without limit. */
  readonly maxChats: number;
  readonly skills: readonly { readonly id: number; readonly name: string }[];
}

export interface Tiles {
  readonly waiting: number;
  /** Milliseconds; null while nobody waits. */
  readonly longestWait: number | null;
  readonly online: number;
  readonly occupied: number;
  readonly away: number;
}

/** A queue: the chats of one skill, or of none. */
export interface Queue {
  /** null for chats that asked for no skill. */
  readonly skillId: number | null;
  readonly name: string | null;
  readonly waiting: number;
  readonly ringing: number;
  readonly chatting: number;
  /** Milliseconds; null while nobody waits. */
  readonly longestWait: number | null;
  /** Agents with the skill who take new chats now. */
  readonly online: number;
}

/** Whether nobody talks with the visitor yet. */
export function waits({ phase }: SupervisedChat): boolean {
  return phase === 'waiting' || phase === 'ringing';
}

/** @param now epoch ms */
export function tilesOf(
  chats: readonly SupervisedChat[],
  agents: readonly BoardAgent[],
  now: number,
): Tiles {
  const waiting = chats.filter(waits);
  const inState = (state: BoardAgent['state']) =>
    agents.filter((agent) => agent.state === state).length;
  return {
    waiting: waiting.length,
    longestWait: longest(waiting, now),
    online: inState('Online'),
    occupied: inState('Occupied'),
    away: inState('Away'),
  };
}

/** The queues that have chats or agents: those where somebody waits longest first. */
export function queuesOf(
  chats: readonly SupervisedChat[],
  agents: readonly BoardAgent[],
  now: number,
): readonly Queue[] {
  const names = new Map<number | null, string | null>();
  for (const { skills } of agents) for (const { id, name } of skills) names.set(id, name);
  for (const { skillId, skillName } of chats) {
    if (skillId === undefined) names.set(null, null);
    else if (!names.has(skillId)) names.set(skillId, skillName ?? null);
  }
  const queues = [...names].map(([skillId, name]): Queue => {
    const own = chats.filter((chat) => (chat.skillId ?? null) === skillId);
    const inPhase = (phase: SupervisedChat['phase']) =>
      own.filter((chat) => chat.phase === phase).length;
    return {
      skillId,
      name,
      waiting: inPhase('waiting'),
      ringing: inPhase('ringing'),
      chatting: inPhase('chatting'),
      longestWait: longest(own.filter(waits), now),
      online: agents.filter(
        ({ state, skills }) =>
          state === 'Online' && (skillId === null || skills.some(({ id }) => id === skillId)),
      ).length,
    };
  });
  return queues.sort(
    (a, b) =>
      (b.longestWait ?? -1) - (a.longestWait ?? -1) ||
      b.chatting - a.chatting ||
      (a.name ?? '').localeCompare(b.name ?? ''),
  );
}

function longest(chats: readonly SupervisedChat[], now: number): number | null {
  if (chats.length === 0) return null;
  return Math.max(0, ...chats.map(({ requestedAt }) => now - requestedAt));
}

/** What was seen at one moment, for the trend. */
export interface Sample {
  /** Epoch ms. */
  readonly at: number;
  readonly waiting: number;
  readonly chatting: number;
}

/** How far back the trend goes, milliseconds. */
export const TREND_MS = 30 * 60_000;

/** Samples are this far apart at least, up to the last one, milliseconds. */
const SAMPLE_MS = 5_000;

/** The trend is drawn once it is this long, milliseconds. */
export const TREND_FROM_MS = 60_000;

/** The samples with another, without those that are too old. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const kept = withoutOld(samples, next.at);
  const last = kept.at(-1);
  // Of those that come close together the last one is enough.
  const before = kept.at(-2);
  const isClose = last !== undefined && before !== undefined && last.at - before.at < SAMPLE_MS;
  return [...(isClose ? kept.slice(0, -1) : kept), next];
}

/** @param now epoch ms */
export function withoutOld(samples: readonly Sample[], now: number): readonly Sample[] {
  return samples.filter(({ at }) => now - at < TREND_MS);
}

/** The highest figures of each minute, the latest last. */
export function byMinute(samples: readonly Sample[]): readonly Sample[] {
  const minutes = new Map<number, Sample>();
  for (const { at, waiting, chatting } of samples) {
    const minute = Math.floor(at / 60_000) * 60_000;
    const before = minutes.get(minute);
    minutes.set(minute, {
      at: minute,
      waiting: Math.max(waiting, before?.waiting ?? 0),
      chatting: Math.max(chatting, before?.chatting ?? 0),
    });
  }
  return [...minutes.values()];
}
