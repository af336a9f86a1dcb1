/**
 * Who gets which chat, and what can be said of a queue. Reads only.
 */
import type { AccountConfig, User } from './config.js';
import type { AccountEvent } from './events.js';
import { nextGroup } from './group-share.js';
import { isOpen } from './opening-hours.js';
import type { AccountState, AgentSession, Chat, Waiting } from './state.js';
import { HELD, loadOf } from './state.js';

/** A cap that stands for "none" where loads are compared: such an agent counts as almost idle. */
const UNCAPPED = 1_000_000;

interface Candidate {
  readonly session: AgentSession;
  readonly groupId: number;
  readonly load: number;
}

/** Chats ÷ cap: 0 idle, 1 full. */
export function relativeLoad(session: AgentSession, user: User): number {
  return loadOf(session) / (user.maxChats < 0 ? UNCAPPED : Math.max(user.maxChats, 1));
}

/**
 * Chats that ring at one agent at most, with a cap or without: the next one rings when they take one.
 * A bot that does not answer turns Away, and all that ring there go back at once.
 */
export const MAX_RINGING = 100;

/** How many more chats the agent may have; Infinity without a cap. */
export function freeSlots(session: AgentSession, user: User): number {
  return user.maxChats < 0
    ? Number.POSITIVE_INFINITY
    : Math.max(0, user.maxChats - loadOf(session));
}

/** Whether routing may ring the agent with one more chat. */
function canRing(session: AgentSession, user: User): boolean {
  return session.ringing.length < MAX_RINGING && freeSlots(session, user) > 0;
}

/** Whether the agent's skills fit: a chat without a skill may go to anyone. */
export function holds(user: User, skillId: number | null): boolean {
  return skillId === null || user.skillIds.includes(skillId);
}

/** Whether the agent's availability allows such a chat: Occupied takes only what another agent gave away. */
function open(session: AgentSession, { givenAwayBy }: Waiting): boolean {
  if (session.availability === 'Online') return true;
  return (
    session.availability === 'Occupied' && givenAwayBy !== null && givenAwayBy !== session.userId
  );
}

/** The sessions whose agent could ever take a chat of this skill as things stand, with their user. */
export function* staff(
  state: AccountState,
  config: AccountConfig,
  skillId: number | null,
): Generator<readonly [AgentSession, User]> {
  for (const session of state.sessions.values()) {
    const user = config.users.get(session.userId);
    if (user?.enabled && user.maxChats !== 0 && holds(user, skillId)) yield [session, user];
  }
}

/** Whether an Online agent could take the chat, now or when free. */
export function someoneOnline(
  state: AccountState,
  config: AccountConfig,
  skillId: number | null,
  forUserId: number | null = null,
  exceptUserId: number | null = null,
): boolean {
  for (const [session, user] of staff(state, config, forUserId === null ? skillId : null)) {
    if (session.availability !== 'Online' || user.id === exceptUserId) continue;
    if (forUserId === null || user.id === forUserId) return true;
  }
  return false;
}

/**
 * Whether an agent is there who may take this waiting chat, now or when they have room; nobody while
 * it waits for the account to open.
 */
export function someoneFor(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  waiting: Waiting,
  now: number,
): boolean {
  const held = chat.heldUntil !== undefined && !isOpen(config.settings, now);
  return !held && takers(state, config, chat, waiting).next().done === false;
}

/** The sessions whose agent may take this waiting chat, now or when they have room. */
function* takers(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  waiting: Waiting,
): Generator<readonly [AgentSession, User]> {
  const { forUserId } = waiting;
  for (const member of staff(state, config, forUserId === null ? chat.skillId : null)) {
    const [session, user] = member;
    if ((forUserId === null || user.id === forUserId) && open(session, waiting)) yield member;
  }
}

/** The agents free for the chat at this moment. */
function candidatesFor(state: AccountState, config: AccountConfig, chat: Chat, waiting: Waiting) {
  const free: Candidate[] = [];
  let giver: Candidate | null = null;
  let others = 0;
  for (const [session, user] of takers(state, config, chat, waiting)) {
    const { groupId } = user;
    const candidate = { session, groupId, load: relativeLoad(session, user) };
    const hasSlot = canRing(session, user);
    if (user.id === waiting.givenAwayBy) {
      if (hasSlot) giver = candidate;
    } else {
      others += 1;
      if (hasSlot) free.push(candidate);
    }
  }
  // Never back to who gave it away, unless there is nobody else.
  if (others === 0 && giver !== null) free.push(giver);
  return free;
}

function better(a: Candidate, b: Candidate): Candidate {
  if (a.load !== b.load) return a.load < b.load ? a : b;
  if (a.session.idleSince !== b.session.idleSince) {
    return a.session.idleSince < b.session.idleSince ? a : b;
  }
  return a.session.userId < b.session.userId ? a : b;
}

/**
 * The next chat to ring and the agent it rings, or null when nothing can be given out. Call again
 * after folding the event in, until null.
 */
export function routeNext(
  state: AccountState,
  config: AccountConfig,
  now: number,
): AccountEvent | null {
  if (state.queues.size === 0 || !anyoneFree(state, config)) return null;
  let chosen: { chat: Chat; waiting: Waiting; free: Candidate[] } | null = null;
  for (const [key, queue] of state.queues) {
    if (key.startsWith(HELD)) continue;
    const nobodyFor = new Set<string>();
    for (const chatId of queue) {
      const chat = state.chats.get(chatId);
      if (chat?.stage.name !== 'waiting') continue;
      const { waiting } = chat.stage;
      const alike = `${chat.skillId} ${waiting.givenAwayBy}`;
      if (nobodyFor.has(alike)) continue;
      const free = candidatesFor(state, config, chat, waiting);
      if (free.length > 0) {
        if (chosen === null || chat.requestedSeq < chosen.chat.requestedSeq) {
          chosen = { chat, waiting, free };
        }
        break;
      }
      // Chats further back can differ only where one was given away: its giver is passed over. Those
      // stand in front of all that no agent has served.
      if (state.givenAwayWaiting === 0 || chat.acceptedAt === null) break;
      nobodyFor.add(alike);
    }
  }
  if (chosen === null) return null;
  const { chat, waiting, free } = chosen;
  const named = waiting.forUserId !== null;
  const { agents, reason } = nextGroup(state, config, named ? null : chat.skillId, free);
  const best = agents.reduce(better);
  return {
    type: 'chat.rang',
    chatId: chat.id,
    userId: best.session.userId,
    until: now + config.settings.ringSeconds * 1000,
    why: {
      rule: named ? 'named-agent' : 'queue',
      candidates: free.length,
      load: best.load,
      idleMs: now - best.session.idleSince,
      ...(reason === undefined ? {} : { group: reason }),
    },
  };
}

function anyoneFree(state: AccountState, config: AccountConfig): boolean {
  for (const session of state.sessions.values()) {
    if (session.availability === 'Away') continue;
    const user = config.users.get(session.userId);
    if (user?.enabled && canRing(session, user)) return true;
  }
  return false;
}

/**
 * Whether an agent can be rung by a transfer aimed at them: Online or Occupied, and at most one
 * above their cap afterwards.
 */
export function canTakeTransfer(
  state: AccountState,
  config: AccountConfig,
  userId: number,
): boolean {
  const session = state.sessionOfUser.get(userId);
  const user = config.users.get(userId);
  if (session === undefined || !user?.enabled || session.availability === 'Away') return false;
  return user.maxChats < 0 || loadOf(session) <= user.maxChats;
}

/** Whether chats of one skill may be transferred to another: some skills keep theirs. */
export function mayTransfer(
  config: AccountConfig,
  fromSkillId: number | null,
  toSkillId: number,
): boolean {
  if (fromSkillId === null || fromSkillId === toSkillId) return true;
  return config.skills.get(fromSkillId)?.canTransfer ?? true;
}

/** Whether a skill has an agent other than `exceptUserId` who takes transfers (Online or Occupied). */
export function agentsForTransfer(
  state: AccountState,
  config: AccountConfig,
  skillId: number,
  exceptUserId: number,
): number {
  let count = 0;
  for (const [session, user] of staff(state, config, skillId)) {
    if (session.availability !== 'Away' && user.id !== exceptUserId) count += 1;
  }
  return count;
}
