/** Several chats in one document (agent.md, 12), for agents who poll all of theirs at once. */
import { agentAccess, FeedBudget } from '@parley/engine';
import { chatsDocument, WireError } from '@parley/protocol';
import { type ChatView, lastingChat } from '../chat/documents.js';
import { LARGEST_POSITION } from '../chat/positions.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { chatUri, type SessionCall } from './admit.js';
import { chatValue } from './chat-routes.js';

/** Chats asked for at once, at most. */
const MOST_CHATS = 100;

export const getSeveralChats: Operation<SessionCall> = {
  summary: 'Several chats of the session, each from its own position on.',
  query: {
    chatSessionKeys: {
      description: 'Chat ids, separated by commas. Unknown ones are left out of the answer.',
      schema: { type: 'string' },
      required: true,
    },
    fromEventIds: {
      description: 'The first event wanted of each chat, in the same order; 0 when left out.',
      schema: { type: 'string' },
    },
  },
  ...TAGGED,
  answers: { 200: chatsDocument, 304: null },
  errors: ['invalidQuery'],
  handle(call) {
    const { account, session, sessionUri } = call;
    const { state } = account.host;
    const keys = listOf(call, 'chatSessionKeys');
    const positions = listOf(call, 'fromEventIds').map(positionOf);
    check(keys, positions);
    let seq = session.seq;
    // One for all of them: what does not fit is told the next time.
    const budget = new FeedBudget();
    const chat = keys.flatMap((key, index) => {
      const access = agentAccess(state, session.id, key);
      if (access === null) return [];
      seq = Math.max(seq, access.chat.seq);
      const uri = chatUri(sessionUri, key);
      const view: ChatView = { account, chat: access.chat, reader: 'agent', uri };
      return [chatValue(view, sessionUri, positions[index] ?? 0, budget)];
    });
    return call.showMeaning(chatsDocument, { chat }, seq, chat.map(lastingChat));
  },
};

function listOf(call: SessionCall, parameter: string): readonly string[] {
  const text = call.queryAll(parameter).join(',');
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
  if (keys.length === 0) {
    throw new WireError(
      'invalidQuery',
      'Query parameter chatSessionKeys is required: chat ids, separated by commas.',
    );
  }
  if (keys.length > MOST_CHATS) {
    throw new WireError(
      'invalidQuery',
      `Query parameter chatSessionKeys names ${keys.length} chats; ask for at most ${MOST_CHATS} at once.`,
    );
  }
  if (positions.length > keys.length) {
    throw new WireError(
      'invalidQuery',
      `Query parameter fromEventIds has ${positions.length} members for ${keys.length} chats: give one for each chat, in the same order.`,
    );
  }
}
