/**
 * Routing as its rules say it, without any thought of speed: everything is looked at anew for every
 * ring. What the engine does must be the same.
 */
import type { AccountConfig, AccountEvent, AccountState, AgentSession, Chat } from '@parley/engine';
import { nextGroup } from '../../src/routing/group-share.js';
import { canRing, relativeLoad, takers } from '../../src/routing/routing.js';
import { queuedAs } from '../../src/chats/service.js';
import { HELD } from '../../src/routing/queue-key.js';
import { ruleOfFirst } from '../../src/routing-rules/answer-first.js';
import type { Waiting } from '../../src/chats/chat.js';

interface Candidate {
  readonly session: AgentSession;
  readonly groupId: number;
  readonly load: number;
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
    if (user.id === waiting.transferredBy) {
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
      const waiting = chat === undefined ? null : queuedAs(chat);
      if (chat === undefined || waiting === null) continue;
      const alike = `${chat.skillId} ${waiting.transferredBy} ${waiting.forPeople} ${chat.failed}`;
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
      if (state.transferredWaiting === 0 || chat.acceptedAt === null) break;
      nobodyFor.add(alike);
    }
  }
  if (chosen === null) return null;
  const { chat, waiting, free } = chosen;
  const named = waiting.forUserId !== null;
  const first = ruleOfFirst(config, chat, waiting, now, (userId) =>
    free.some(({ session }) => session.userId === userId),
  );
  const { agents, reason } =
    first === null
      ? nextGroup(state, config, named ? null : chat.skillId, free)
      : { agents: free.filter(({ session }) => session.userId === first.userId) };
  const best = agents.reduce(better);
  return {
    type: 'chat.rang',
    chatId: chat.id,
    userId: best.session.userId,
    until: now + config.settings.ringSeconds * 1000,
    why: {
      ...(first === null
        ? { rule: named ? ('named-agent' as const) : ('queue' as const) }
        : { rule: 'answer-first' as const, ruleId: first.id }),
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
