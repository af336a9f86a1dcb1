/**
 * Who may get which chat, and what can be said of a queue. Reads only; who gets one is found out by a
 * `RoutingPass`.
 */
import type { Chat, Waiting } from '../chats/chat.js';
import type { AccountConfig, User } from '../config.js';
import { hasPeople } from '../escalation/people.js';
import { type AgentSession, loadOf } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import { isOpen } from './opening-hours.js';

/** A cap that stands for "none" where loads are compared: such an agent counts as almost idle. */
const UNCAPPED = 1_000_000;

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
export function canRing(session: AgentSession, user: User): boolean {
  return session.ringing.length < MAX_RINGING && freeSlots(session, user) > 0;
}

/** Whether the agent's skills fit: a chat without a skill may go to anyone. */
export function holds(user: User, skillId: number | null): boolean {
  return skillId === null || user.skillIds.includes(skillId);
}

/** Whether the agent's availability allows such a chat: Occupied takes only what another agent gave away. */
export function isOpenTo(session: AgentSession, { transferredBy }: Waiting): boolean {
  if (session.availability === 'Online') return true;
  return (
    session.availability === 'Occupied' &&
    transferredBy !== null &&
    transferredBy !== session.userId
  );
}

/**
 * Whether the user may take the waiting chat, as far as being a program is concerned: where one could not
 * go on with it people come first.
 */
export function mayFollow(
  state: AccountState,
  config: AccountConfig,
  user: User,
  { skillId, failed }: Pick<Chat, 'skillId' | 'failed'>,
  waiting: Waiting,
): boolean {
  const { forPeople } = waiting;
  if (forPeople === undefined || user.kind !== 'bot' || !hasPeople(config, skillId)) return true;
  if (forPeople === true || failed?.includes(user.id) === true) return false;
  for (const [session, { kind }] of staff(state, config, skillId)) {
    if (kind === 'human' && isOpenTo(session, waiting)) return false;
  }
  return true;
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
export function* takers(
  state: AccountState,
  config: AccountConfig,
  chat: Chat,
  waiting: Waiting,
): Generator<readonly [AgentSession, User]> {
  const { forUserId } = waiting;
  for (const member of staff(state, config, forUserId === null ? chat.skillId : null)) {
    const [session, user] = member;
    if (!mayFollow(state, config, user, chat, waiting)) continue;
    if ((forUserId === null || user.id === forUserId) && isOpenTo(session, waiting)) yield member;
  }
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
