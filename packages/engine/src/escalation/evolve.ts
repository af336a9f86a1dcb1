/** What chats become when a program does not answer, or cannot. */
import { addToFeed } from '../chats/evolve.js';
import { leaveAgent, withoutAgent } from '../chats/people.js';
import { requireChat, requireService } from '../require.js';
import { enqueue } from '../routing/queues.js';
import { addHandling } from '../routing/samples.js';
import type { AccountState } from '../state.js';
import { setAnswerDue } from './answer-limit.js';
import type { EscalationEvent } from './events.js';
import { enqueueFailed, gaveUp } from './failed.js';

/**
 * Folds an event into the state, in place.
 * @param at when it happened, epoch ms
 * @throws Error when the event does not fit the state
 */
export function evolveEscalation(state: AccountState, event: EscalationEvent, at: number): void {
  switch (event.type) {
    case 'chat.escalated': {
      const chat = requireChat(state, event.chatId);
      const { fromUserId, skillId } = event;
      addHandling(state, chat, requireService(chat, 'chatting').since, at);
      leaveAgent(state, chat, at);
      withoutAgent(chat);
      addToFeed(state, chat, event.feed, at);
      chat.skillId = skillId;
      if (event.reason !== 'handed-over') enqueueFailed(state, chat, fromUserId, at);
      else enqueue(state, chat, { ...gaveUp(fromUserId, at), forPeople: true });
      return;
    }
    case 'answers.extended': {
      for (const chatId of event.chatIds) {
        const chat = requireChat(state, chatId);
        setAnswerDue(state, chat, event.until);
        chat.seq = state.seq;
      }
      return;
    }
    default:
      event satisfies never;
  }
}
