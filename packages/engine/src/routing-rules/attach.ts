/** Who is asked into chats by rules, and who goes when the agent does. */
import type { Chat } from '../chats/chat.js';
import { isOver } from '../chats/service.js';
import { MAX_IN_CHAT, left, uninvited, whyNotAsked } from '../collaboration/decide.js';
import type { DecisionContext } from '../context.js';
import type { AccountEvent } from '../events.js';
import { MAX_RINGING, relativeLoad } from '../routing/routing.js';
import { chatsBeside } from '../sessions/beside.js';
import type { AgentSession } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import { rulesInOrder, whyNotRuled } from './matching.js';
import { ruled } from './ruled-chat.js';

/**
 * The events by which those are asked into a chat whom rules attach to it, and who are not there. Each is
 * asked once for as long as chat and session stay with them: who declines is left alone.
 */
export function attachments(context: DecisionContext, chat: Chat): AccountEvent[] {
  const { state, config, now } = context;
  if (chat.phase.name !== 'active') return [];
  const events: AccountEvent[] = [];
  for (const rule of rulesInOrder(config)) {
    const { userId, role } = rule;
    const isAsked = events.some((event) => 'userId' in event && event.userId === userId);
    if (rule.action !== 'attach' || isAsked) continue;
    if (whyNotRuled(config, rule, ruled(chat), now) !== null) continue;
    const session = state.sessionOfUser.get(userId);
    const user = config.users.get(userId);
    if (session === undefined || user === undefined) continue;
    if (wasAsked(chat, session)) continue;
    if (chat.participants.length + chat.offers.length + events.length >= MAX_IN_CHAT) break;
    const because = whyNotAsked(context, chat, userId, role);
    if (because === 'full') state.unattached.add(userId);
    if (because !== null) continue;
    const channel = `r${rule.id}-${state.seq}`;
    events.push({
      type: 'chat.invited',
      chatId: chat.id,
      userId,
      role,
      until: now + config.settings.ringSeconds * 1000,
      why: {
        ...{ rule: 'attached', ruleId: rule.id, candidates: 1 },
        ...{ load: relativeLoad(session, user), idleMs: now - session.idleSince },
      },
      invitation: {
        ...{ channel, byUserId: null, skillId: null, text: null, asked: [] },
        ...{ ruleId: rule.id, sessionId: session.id },
      },
    });
  }
  return events;
}

function wasAsked({ attached = [] }: Chat, { id }: AgentSession): boolean {
  return attached.includes(id);
}

/** Whether one of these events may make room for somebody whom rules attach. */
export function mayAttach(context: DecisionContext, events: readonly AccountEvent[]): boolean {
  const { state, config } = context;
  const attached = new Set(
    rulesInOrder(config).flatMap(({ action, userId }) => (action === 'attach' ? userId : [])),
  );
  if (attached.size === 0) return false;
  return events.some((event) => {
    switch (event.type) {
      case 'session.opened':
        return attached.has(event.userId);
      case 'session.availability': {
        const userId = state.sessions.get(event.sessionId)?.userId;
        return userId !== undefined && attached.has(userId) && event.availability !== 'Away';
      }
      case 'chat.joined':
      case 'chat.left':
      case 'chat.uninvited':
      case 'chat.ended':
        return hasRoomAgain(state);
      default:
        return false;
    }
  });
}

/** Somebody at whom no more could ring has half of that left, or could not assist in more. */
function hasRoomAgain(state: AccountState): boolean {
  for (const userId of state.unattached) {
    const session = state.sessionOfUser.get(userId);
    if (session === undefined || chatsBeside(session, 'asked').length <= MAX_RINGING / 2) {
      return true;
    }
  }
  return false;
}

/** Chats into which somebody may have to be asked, by id. */
export function chatsToAttach({ state }: DecisionContext): string[] {
  state.unattached.clear();
  return [...state.chats.values()].flatMap(({ id, phase }) => (phase.name === 'active' ? id : []));
}

/** Whether the agent goes by this event, and the chat goes on. */
export function agentGoes(event: AccountEvent): boolean {
  switch (event.type) {
    case 'chat.transferred':
    case 'chat.requeued':
    case 'chat.escalated':
      return true;
    case 'chat.takenOver':
      return event.fromUserId !== null;
    default:
      return false;
  }
}

/**
 * The agent is gone: where the account says so, the event by which the next of those who came beside them
 * goes too, or is not asked any more. Who supervises stays.
 */
export function goesWithAgent(context: DecisionContext, chat: Chat): AccountEvent | null {
  if (context.config.settings.besideWhenAgentLeaves !== 'leave' || isOver(chat)) return null;
  const offer = chat.offers.find(({ role }) => role !== 'agent');
  const over = offer === undefined ? null : uninvited(chat.id, offer, 'withdrawn');
  if (over !== null) return over;
  const beside = chat.participants.find(({ role }) => role === 'assistant' || role === 'listener');
  return beside === undefined ? null : left(context, chat, beside, 'agent-left');
}
