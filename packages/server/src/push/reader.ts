/** Who reads a stream: what is theirs, and what is watched for them. */
import { agentTopic, type Chat, chatTopic, sessionTopic, type Topic } from '@parley/engine';
import type { StreamAnswer, StreamReader } from '../http/stream.js';

/** One agent session, or the visitor of one chat: streams of one reader are counted together. */
export function placeOf(reader: StreamReader): string {
  return reader.by === 'agent' ? reader.session.id : reader.chat.id;
}

/** Whose positions they are: a takeover goes on where the session before it was. */
export function nameOf(reader: StreamReader): string {
  return reader.by === 'agent' ? `agent:${reader.session.userId}` : `chat:${reader.chat.id}`;
}

/** Chats that are theirs now. */
export function chatsOf({ account, reader }: StreamAnswer): readonly Chat[] {
  if (reader.by === 'visitor') return [reader.chat];
  const { chats } = account.host.state;
  return reader.session.chatting.flatMap((id) => chats.get(id) ?? []);
}

/** @param told chats that the reader is told of */
export function topicsOf(reader: StreamReader, told: Iterable<string>): readonly Topic[] {
  if (reader.by === 'visitor') return [chatTopic(reader.chat.id)];
  const { id, userId, ringing, chatting } = reader.session;
  const chats = new Set([...chatting, ...ringing, ...told]);
  return [sessionTopic(id), agentTopic(userId), ...[...chats].map(chatTopic)];
}
