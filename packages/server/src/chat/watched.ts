/** What a call watches that waits for what is new in a chat. */
import { agentTopic, chatTopic, lastVisible, sessionTopic } from '@parley/engine';
import type { Watched } from '../waits/answer-or-wait.js';
import type { ChatCall, ChatView } from './documents.js';

/** Whether the chat has an event with an id ≥ `from` that its reader may see. */
export function hasNews({ chat, reader, collaboration }: ChatView, from: number): boolean {
  const last = lastVisible(chat, reader, Number.POSITIVE_INFINITY, collaboration);
  return last !== null && last >= from;
}

/** What is new are events with an id ≥ `from`, in the view that the call asks for. */
export function watchedFrom(call: ChatCall, view: ChatView, from: number): Watched {
  const { chat, session, alive } = call;
  const isNew = hasNews(view, from);
  if (session === null) {
    return { isNew, alive, place: chat.id, topics: [chatTopic(chat.id)] };
  }
  return {
    isNew,
    alive,
    place: `${session.id}/${chat.id}`,
    topics: [chatTopic(chat.id), sessionTopic(session.id), agentTopic(session.userId)],
  };
}
