/** What a stream knows of a chat whose news its reader gets. */
import type { Chat } from '@parley/engine';
import type { FrameData } from '@parley/protocol';
import type { StreamAnswer } from '../http/stream.js';
import type { Facts } from './facts.js';
import { Suggested } from './suggested.js';
import { NOBODY_TYPES, type TypingSnapshot } from './typing-snapshot.js';

export interface OwnChat {
  readonly uri: string;
  /** Id of the first event that the reader was not sent. */
  next: number;
  /** What the reader knows; null while nothing of it is on disk. */
  facts: Facts | null;
  typing: TypingSnapshot;
  readonly suggested: Suggested;
}

/**
 * A chat that the stream begins to follow.
 * @param resumedAt journal position that the reader resumes from; null for whoever begins
 */
export function followedChat(
  chat: Pick<OwnChat, 'uri' | 'next' | 'facts'>,
  resumedAt: number | null,
): OwnChat {
  return { ...chat, typing: NOBODY_TYPES, suggested: new Suggested(resumedAt) };
}

/**
 * What is new of suggestions in the chats that a stream follows; nothing for visitors.
 * @param chatOf a chat that the reader may read at this moment
 * @param durable journal position up to which everything is on disk
 */
export function* suggestionsIn(
  chats: ReadonlyMap<string, OwnChat>,
  chatOf: (chatId: string) => Chat | null,
  { account, reader }: StreamAnswer,
  durable: number,
): Generator<FrameData<'suggestion'>, void> {
  if (reader.by === 'visitor') return;
  for (const [chatId, { uri, suggested }] of chats) {
    const chat = chatOf(chatId);
    if (chat !== null) yield* suggested.news(account, { chat, uri }, reader.session.id, durable);
  }
}
