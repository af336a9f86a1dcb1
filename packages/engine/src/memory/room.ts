/**
 * Who may bring in how much. What an account may hold is handed in with each command, since it
 * depends on what the other accounts of the process hold.
 *
 * 1. Of what is in use nothing ever goes, so what may come is bounded, in steps: strangers have three
 *    quarters of it, visitors whom an agent serves some more, and who logged in all. A network has a
 *    part of that at most, and no more than it leaves for others.
 * 2. Of what is idle the oldest goes when there is no more room: first that of the network which
 *    holds most. A network that holds less than its share loses nothing to a few others.
 */
import type { Chat } from '../chats/chat.js';
import type { AccountState } from '../state.js';
import { MAX_VISIT_BYTES } from './limits.js';
import type { Victim } from './memory.js';
import type { NoRoom } from './no-room.js';

/**
 * Whose word it is: a stranger's, a visitor's whom an agent serves, or that of somebody who logged in.
 */
export type Standing = 'stranger' | 'served' | 'user';

/** What an account may hold at this moment, bytes. */
export interface MemoryRoom {
  /** Of what is in use. */
  readonly live: number;
  /** Of what is idle. */
  readonly idle: number;
  /** What the process has left for what comes to be in use, by whose word it comes. */
  readonly left: Readonly<Record<Standing, number>>;
}

const WITHOUT_END = Number.POSITIVE_INFINITY;

export const UNLIMITED: MemoryRoom = {
  live: WITHOUT_END,
  idle: WITHOUT_END,
  left: { stranger: WITHOUT_END, served: WITHOUT_END, user: WITHOUT_END },
};

/** What each of them may have, as parts of all that may be in use. */
interface Step {
  /** All together, with everything else that is in use. */
  readonly all: number;
  /** One network, or one site. */
  readonly network: number;
  /** How many times what is left for others one network may have. */
  readonly timesLeft: number;
}

export const STEPS: Readonly<Record<Standing, Step>> = {
  stranger: { all: 3 / 4, network: 1 / 16, timesLeft: 1 },
  served: { all: 15 / 16, network: 1 / 8, timesLeft: 4 },
  user: { all: 1, network: 1, timesLeft: WITHOUT_END },
};

/** A network that has less than this part is not the one that fills up the account. */
const SMALL = 1 / 64;

/** One sharer in so many may hold its part of what is idle before it goes first. */
export const IDLE_SHARES = 256;

/** What somebody brings in. */
export interface Newcomer {
  /** Of the visitor, whoever speaks. */
  readonly ip: string | null;
  readonly standing: Standing;
  /** That come to be in use by it. */
  readonly bytes: number;
}

/**
 * Null when what somebody brings in finds room beside what is in use. Of who logged in only the room
 * of the account is asked: whose chat it is does not matter.
 */
export function refusalFor(
  { memory }: AccountState,
  room: MemoryRoom,
  { ip, standing, bytes }: Newcomer,
): NoRoom | null {
  const step = STEPS[standing];
  const ofAccount = step.all * room.live - memory.bytes.live;
  const left = Math.min(ofAccount, room.left[standing]) - bytes;
  const network = memory.sharers.of(ip);
  const held = network.bytes.live;
  const refused = (full: NoRoom['full']): NoRoom => ({ rejected: 'no-room', full, held });
  if (standing === 'user') return left < 0 ? refused('account') : null;
  const part = step.network * room.live;
  if (left < 0) return refused(held + bytes > part ? 'network' : 'account');
  const most = Math.min(part, step.timesLeft * left);
  // The networks of a site share what one address may have, and none of them has more than half of it.
  const { above } = network;
  const fits =
    above === null
      ? held + bytes <= most
      : above.bytes.live + bytes <= most && held + bytes <= most / 2;
  if (fits) return null;
  return refused(held + bytes > SMALL * room.live ? 'network' : 'account');
}

/** What the visitor of a chat is. */
export function standingOf({ acceptedAt }: Chat): Standing {
  return acceptedAt === null ? 'stranger' : 'served';
}

/** What must go for the account to be within its room; null when it is, or when nothing is idle. */
export function nextToGo({ memory, visits }: AccountState, { idle }: MemoryRoom): Victim | null {
  if (memory.bytes.idle <= idle) return null;
  return memory.victim(Math.max(idle / IDLE_SHARES, MAX_VISIT_BYTES), visits);
}
