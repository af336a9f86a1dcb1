/** What chats become by what happens beside their agents. */
import type { Offer } from '../chats/chat.js';
import { addToFeed, setOpenDeadline } from '../chats/evolve.js';
import {
  becomeAgent,
  comeBeside,
  leaveAgent,
  leaveBeside,
  ringKey,
  withdraw,
  withoutAgent,
} from '../chats/people.js';
import { serviceOf } from '../chats/service.js';
import { setAnswerDue } from '../escalation/answer-limit.js';
import { requireChat, requireSessionOfUser } from '../require.js';
import { withRouted } from '../routing/reason.js';
import { dequeue } from '../routing/queues.js';
import { addHandling } from '../routing/samples.js';
import type { AccountState } from '../state.js';
import type { CollaborationEvent } from './events.js';

/**
 * Folds an event into the state, in place.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveCollaboration(
  state: AccountState,
  event: CollaborationEvent,
  at: number,
): void {
  const chat = requireChat(state, event.chatId);
  const { userId } = event;
  switch (event.type) {
    case 'chat.invited': {
      const { role, until, why, invitation } = event;
      const offer: Offer = { id: state.seq, userId, role, since: at, until, why, invitation };
      chat.offers = [...chat.offers, offer];
      chat.routed = withRouted(chat.routed, { userId, role, at, why });
      const { sessionId } = invitation;
      if (sessionId !== undefined) chat.attached = [...(chat.attached ?? []), sessionId];
      chat.seq = state.seq;
      const session = requireSessionOfUser(state, userId);
      session.beside = [...session.beside, { chatId: chat.id, role, is: 'asked' }];
      session.seq = state.seq;
      state.deadlines.set(ringKey(chat.id, offer), until);
      return;
    }
    case 'chat.uninvited': {
      const { channel } = event.invitation;
      const offer = chat.offers.find(({ invitation }) => invitation?.channel === channel);
      if (offer === undefined) throw new Error(`chat ${chat.id} has no invitation ${channel}`);
      withdraw(state, chat, offer);
      chat.seq = state.seq;
      return;
    }
    case 'chat.joined': {
      const { role, channel } = event;
      comeBeside(state, chat, { userId, role, since: at, channel });
      addToFeed(state, chat, event.feed, at);
      return;
    }
    case 'chat.left':
      leaveBeside(state, chat, userId);
      addToFeed(state, chat, event.feed, at);
      return;
    case 'chat.takenOver': {
      const service = serviceOf(chat);
      if (service.name === 'waiting') dequeue(state, chat, service.waiting);
      else if (service.name === 'ringing') withdraw(state, chat, service.offer);
      else if (service.name === 'chatting') {
        addHandling(state, chat, service.since, at);
        leaveAgent(state, chat, at);
        withoutAgent(chat);
      }
      if (chat.heldUntil !== undefined) {
        chat.heldUntil = undefined;
        setOpenDeadline(state, chat);
      }
      becomeAgent(state, chat, userId, at);
      setAnswerDue(state, chat, event.answerBy);
      chat.acceptedAt ??= at;
      requireSessionOfUser(state, userId).idleSince = at;
      addToFeed(state, chat, event.feed, at);
      return;
    }
    default:
      event satisfies never;
  }
}
