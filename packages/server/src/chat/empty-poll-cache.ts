/**
 * The answer to a poll that finds nothing new. Nearly all polls are such, and until something
 * happens in the chat each gets the same text as the one before: it is kept, not written anew.
 */
import { answerVersion } from '../http/reply.js';
import type { Chat, FeedReader } from '@parley/engine';
import type { DocumentType, EventsDocument, Representation } from '@parley/protocol';
import type { Answer } from '../http/answer.js';
import { strongTag } from '../http/entity-tag.js';
import { type ChatCall, type ChatView, eventsValue } from './documents.js';

interface Cached {
  readonly uri: string;
  readonly from: number;
  readonly representation: Representation;
  readonly collaboration: boolean;
  readonly body: string;
  readonly etag: string;
}

/** The last one of each chat, by who reads it; gone with the chat. */
const kept: Readonly<Record<FeedReader, WeakMap<Chat, Cached>>> = {
  agent: new WeakMap(),
  visitor: new WeakMap(),
};

/** Whether the chat has no event with an id ≥ `from`, for anybody. */
export function isNothingNew({ chat }: ChatCall, from: number): boolean {
  return from >= chat.feed.length;
}

/**
 * The events document of a chat in which nothing is new. It depends on what `Cached` names alone: a
 * reader has one kind of document.
 */
export function nothingNew(
  call: ChatCall,
  view: ChatView,
  document: DocumentType<EventsDocument>,
  from: number,
): Answer {
  const { representation } = call;
  const { chat, reader, uri, collaboration = false } = view;
  const last = kept[reader].get(chat);
  const isSame = last?.representation === representation && last.collaboration === collaboration;
  if (isSame && last.from === from && last.uri === uri) {
    return answerVersion(call, last.etag, () => last.body, chat.seq);
  }
  const body = document.write(eventsValue(view, from), representation);
  const etag = strongTag(body);
  kept[reader].set(chat, { uri, from, representation, collaboration, body, etag });
  return answerVersion(call, etag, () => body, chat.seq);
}
