/** Several chats in one document, for agents who poll all of theirs at once. */
import { answerByMeaning } from '../http/reply.js';
import { queryParams } from '../http/query.js';
import {
  access,
  agentTopic,
  type ChatRole,
  chatsBeside,
  chatTopic,
  FeedBudget,
  sessionTopic,
} from '@parley/engine';
import { chatsDocument, WireError } from '@parley/protocol';
import { type ChatView, lastingChat } from '../chat/documents.js';
import { hasNews } from '../chat/watched.js';
import { asksForCollaboration, COLLABORATION_QUERY, LARGEST_POSITION } from '../chat/event-ids.js';
import type { Answer } from '../http/answer.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { answerOrWait, WAIT_QUERY, type Watched } from '../waits/answer-or-wait.js';
import { chatUri, type SessionCall } from './authorize.js';
import { chatValue } from './chat-routes.js';

/** Chats asked for at once, at most. */
const MAX_CHATS = 100;

export const getSeveralChats: Operation<SessionCall> = {
  summary: 'Reads several chats of the session, each from its own position.',
  query: {
    chatSessionKeys: {
      description:
        'Chat ids, separated by commas. Unknown ids are left out of the response. If omitted: all chats that the agent is in, each with the agent’s role.',
      schema: { type: 'string' },
    },
    fromEventIds: {
      description: 'The first event to return of each chat, in the same order. 0 if omitted.',
      schema: { type: 'string' },
    },
    ...COLLABORATION_QUERY,
    ...WAIT_QUERY,
  },
  ...TAGGED,
  answers: { 200: chatsDocument, 304: null },
  errors: ['invalidQuery', 'tooManyRequests'],
  handle(call) {
    const asked = askedOf(call);
    return answerOrWait(
      call,
      () => watchedOf(call, asked),
      () => severalChats(call, asked),
    );
  },
};

/** A chat that was asked for, or is one of all, and is the session's, and the first event wanted of it. */
interface Asked {
  readonly view: ChatView & { readonly role?: ChatRole };
  readonly from: number;
  /** What the agent is in it, where no chats were named. */
  readonly role?: ChatRole;
}

/** @throws WireError 400 for a list that cannot be. */
function askedOf(call: SessionCall): readonly Asked[] {
  const { account, session, sessionUri } = call;
  const named = listOf(call, 'chatSessionKeys');
  const positions = listOf(call, 'fromEventIds').map(positionOf);
  check(named, positions);
  const keys = named.length === 0 ? [...session.chatting, ...chatsBeside(session, 'in')] : named;
  const collaboration = asksForCollaboration(call);
  return keys.flatMap((key, index) => {
    const { state, config } = account.host;
    const found = access(state, config, { by: 'session', sessionId: session.id }, key);
    if (found === null) return [];
    const { chat, reads: reader, role } = found;
    const own = role === 'visitor' ? {} : { role };
    const view = { account, chat, reader, uri: chatUri(sessionUri, key), collaboration, ...own };
    const shown = named.length > 0 ? {} : own;
    return [{ view, from: positions[index] ?? 0, ...shown }];
  });
}

function severalChats(call: SessionCall, asked: readonly Asked[]): Answer {
  // One for all of them: what does not fit comes the next time.
  const budget = new FeedBudget();
  const chat = asked.map(({ view, from, role }) => ({
    ...chatValue(view, call.sessionUri, from, budget),
    ...(role === undefined ? {} : { role }),
  }));
  const seq = Math.max(call.session.seq, ...asked.map(({ view }) => view.chat.seq));
  return answerByMeaning(call, chatsDocument, { chat }, seq, chat.map(lastingChat));
}

/** What is new are events of any of them, and that one of the chats asked for came or left. */
function watchedOf({ session, turn, alive }: SessionCall, asked: readonly Asked[]): Watched {
  const ids = asked.map(({ view }) => view.chat.id);
  const seen = ids.join();
  return {
    isNew:
      ('seen' in turn && turn.seen !== seen) || asked.some(({ view, from }) => hasNews(view, from)),
    alive,
    place: `${session.id}/chat`,
    topics: [sessionTopic(session.id), agentTopic(session.userId), ...ids.map(chatTopic)],
    seen,
  };
}

function listOf(call: SessionCall, parameter: string): readonly string[] {
  const text = queryParams(call, parameter).join(',');
  return text === '' ? [] : text.split(',').map((member) => member.trim());
}

function positionOf(text: string): number {
  if (text === '') return 0;
  const position = Number(text);
  if (/^\d{1,10}$/.test(text) && position <= LARGEST_POSITION) return position;
  throw new WireError(
    'invalidQuery',
    `Query parameter fromEventIds must be event ids separated by commas, got "${text.slice(0, 40)}".`,
  );
}

function check(keys: readonly string[], positions: readonly number[]): void {
  if (keys.length === 0 && positions.length > 0) {
    throw new WireError(
      'invalidQuery',
      'Query parameter fromEventIds goes with chatSessionKeys, position by position: name the chats too.',
    );
  }
  if (keys.length > MAX_CHATS) {
    throw new WireError(
      'invalidQuery',
      `Query parameter chatSessionKeys names ${keys.length} chats; ask for at most ${MAX_CHATS} at once.`,
    );
  }
  if (positions.length > keys.length) {
    throw new WireError(
      'invalidQuery',
      `Query parameter fromEventIds has ${positions.length} members for ${keys.length} chats: give one for each chat, in the same order.`,
    );
  }
}
