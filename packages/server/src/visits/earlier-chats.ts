/**
 * Returning visitors: the earlier chats of a chat's visitor, for its agent. Who the visitor is rests
 * on the `visitorId` that came with the chat: it is believed because nobody can guess one. Visitors
 * themselves are never shown another chat by it.
 */
import { answerLive } from '../http/reply.js';
import { pathParam } from '../http/query.js';
import { type AccountEvent, FeedBudget } from '@parley/engine';
import { earlierChatsDocument, eventsDocument, formatTime, REL, WireError } from '@parley/protocol';
import type { JournalEntry } from '@parley/store';
import { eventValue } from '../chat/documents.js';
import { feedOf, readPastChat } from '@parley/runtime/accounts/journal-decoding';
import { FROM_QUERY, fromOf } from '../chat/event-ids.js';
import type { Operation } from '../http/operation.js';
import { keptSince } from '@parley/runtime/retention/age';
import type { VisitCall } from './authorize.js';

/** Most earlier chats listed: the latest. */
const MAX_LISTED = 50;

export const getEarlierChats: Operation<VisitCall> = {
  summary: 'Lists the visitor’s earlier chats that have ended, newest first.',
  answers: { 200: earlierChatsDocument },
  async handle(call) {
    const { account, chat, server, uri } = call;
    const { visitorId } = chat.visitor;
    const { projections } = server.store;
    const chats = await projections.chatsOfVisitor(account.id, visitorId, MAX_LISTED + 1);
    const time = (at: number) => formatTime(at, account.setup.engine.settings.timeZone);
    const since = keptSince(account.setup, account.host.now());
    const earlier = chats.flatMap(({ chatId, startedAt, endedAt }) => {
      if (chatId === chat.id || endedAt === null || startedAt > chat.requestedAt) return [];
      if (endedAt < since) return [];
      return [
        {
          link: { href: `${uri}/earlierChats/${chatId}`, rel: REL.transcript },
          chatSessionKey: chatId,
          startTime: time(startedAt),
          endTime: time(endedAt),
        },
      ];
    });
    const link = { href: `${uri}/earlierChats`, rel: REL.self };
    const value = { link, chat: earlier.slice(0, MAX_LISTED) };
    return answerLive(call, earlierChatsDocument, value, call.seq);
  },
};

export const getEarlierChat: Operation<VisitCall> = {
  summary:
    'Returns the transcript of an earlier chat of the visitor; a long one in pages, each with a link to the next.',
  query: FROM_QUERY,
  answers: { 200: eventsDocument },
  errors: ['invalidQuery'],
  async handle(call) {
    const { account, chat, server, uri } = call;
    const chatId = pathParam(call, 'earlier');
    const from = fromOf(call);
    const { entries, events } = await readPastChat(server.store.journal, account.id, chatId);
    if (chatId === chat.id || !isEarlier(events, entries, call)) {
      throw new WireError(
        'notFound',
        'There is no such earlier chat of this visitor: follow the links of those that are listed.',
      );
    }
    const href = `${uri}/earlierChats/${chatId}`;
    const view = { account, chat, reader: 'agent', uri: href } as const;
    const feed = feedOf(events).slice(from);
    const budget = new FeedBudget();
    const left = feed.findIndex((entry) => !budget.take(entry));
    const shown = left < 0 ? feed : feed.slice(0, left);
    const link = [
      { href, rel: REL.self },
      ...(left < 0 ? [] : [{ href: `${href}?from=${from + left}`, rel: REL.next }]),
    ];
    const event = shown.map((entry) => eventValue(view, entry));
    return answerLive(call, eventsDocument, { link, event }, call.seq);
  },
};

/**
 * Whether it is a chat of the same visitor that began before this one, and ended no longer ago than
 * chats are kept.
 */
function isEarlier(
  events: readonly AccountEvent[],
  entries: readonly JournalEntry[],
  { account, chat }: VisitCall,
): boolean {
  const [first] = events;
  const ended = entries[events.findIndex(({ type }) => type === 'chat.ended')];
  return (
    first?.type === 'chat.requested' &&
    first.visitor.visitorId === chat.visitor.visitorId &&
    (entries[0]?.at ?? 0) <= chat.requestedAt &&
    ended !== undefined &&
    ended.at >= keptSince(account.setup, account.host.now())
  );
}
