/** Who reads a stream: what is theirs, and what is watched for them. */
import {
  access,
  type AgentSession,
  agentTopic,
  type Chat,
  chatsBeside,
  chatTopic,
  sessionTopic,
  type Topic,
} from '@parley/engine';
import type { Arrival } from './recent.js';
import type { StreamAnswer, StreamReader } from '../http/stream.js';

/** One agent session, or the visitor of one chat: streams of one reader are counted together. */
export function placeOf(reader: StreamReader): string {
  return reader.by === 'agent' ? reader.session.id : reader.chat.id;
}

/** Whose positions they are: a takeover goes on where the session before it was. */
export function nameOf(reader: StreamReader): string {
  return reader.by === 'agent' ? `agent:${reader.session.userId}` : `chat:${reader.chat.id}`;
}

/** Chats that the agent has, and those of others that they are in. */
export function ownChats(session: AgentSession): readonly string[] {
  return [...session.chatting, ...chatsBeside(session, 'in')];
}

/** Chats that are theirs now. */
export function chatsOf({ account, reader }: StreamAnswer): readonly Chat[] {
  if (reader.by === 'visitor') return [reader.chat];
  const { chats } = account.host.state;
  return ownChats(reader.session).flatMap((id) => chats.get(id) ?? []);
}

/** Chats that ended while the reader was not there, and are theirs still, though none of those they are in. */
export function chatsEnded(
  { account, reader }: StreamAnswer,
  missed: readonly Arrival[],
): readonly Chat[] {
  if (reader.by === 'visitor') return [];
  const { id: sessionId } = reader.session;
  const own = new Set(ownChats(reader.session));
  const ids = new Set(missed.map(({ chatId }) => chatId));
  return [...ids].flatMap((id) => {
    if (own.has(id)) return [];
    const { state, config } = account.host;
    return access(state, config, { by: 'session', sessionId }, id)?.chat ?? [];
  });
}

/** @param followed chats whose news the reader gets */
export function topicsOf(reader: StreamReader, followed: Iterable<string>): readonly Topic[] {
  if (reader.by === 'visitor') return [chatTopic(reader.chat.id)];
  const { id, userId, ringing } = reader.session;
  const asked = chatsBeside(reader.session, 'asked');
  const chats = new Set([...ownChats(reader.session), ...ringing, ...asked, ...followed]);
  return [sessionTopic(id), agentTopic(userId), ...[...chats].map(chatTopic)];
}
