/**
 * What can be watched in an account; event-meaning.ts says which events concern it. Who waits for news of something (a
 * long poll, a delivery) watches its topics and looks again when one of them is in a committed batch:
 * a topic says where to look, never what is to be seen, and by whom.
 */
/**
 * - `session:{id}`: one agent session: its availability, and that it is there at all.
 * - `agent:{user id}`: which chats ring for a user and which the user has, in whatever session.
 * - `chat:{id}`: one chat: its feed, its facts, who has it, and that it is there at all.
 * - `roster`: who is there, in which state, with how many chats.
 * - `queue`: which chats wait, and for whom.
 * - `outbox`: mails that are asked for, and what became of them.
 */
export type Topic =
  | `session:${string}`
  | `agent:${number}`
  | `chat:${string}`
  | 'roster'
  | 'queue'
  | 'outbox';

/** An event that concerns one chat and nothing else. */
export const chatAlone = ({ chatId }: { readonly chatId: string }): readonly Topic[] => [
  chatTopic(chatId),
];

/** Chats that wait, or wait otherwise. */
export const waits = ({ chatId }: { readonly chatId: string }): readonly Topic[] => [
  chatTopic(chatId),
  'queue',
];

/** A chat comes to an agent, or does not any more. */
export const offer = ({
  chatId,
  userId,
}: {
  readonly chatId: string;
  readonly userId: number;
}): readonly Topic[] => [chatTopic(chatId), agentTopic(userId), 'roster', 'queue'];

/** Somebody is asked into a chat beside its agent, comes or goes. */
export const beside = ({
  chatId,
  userId,
}: {
  readonly chatId: string;
  readonly userId: number;
}): readonly Topic[] => [chatTopic(chatId), agentTopic(userId), 'roster'];

/** A chat goes from its agent back into a queue. */
export const back = ({
  chatId,
  fromUserId,
}: {
  readonly chatId: string;
  readonly fromUserId: number;
}): readonly Topic[] => [chatTopic(chatId), agentTopic(fromUserId), 'roster', 'queue'];

export const severalChats = ({
  chatIds,
}: {
  readonly chatIds: readonly string[];
}): readonly Topic[] => chatIds.map(chatTopic);

export const outbox = (): readonly Topic[] => ['outbox'];

/** Nobody can watch what the event concerns. */
export const noTopic = (): readonly Topic[] => [];

export function sessionTopic(sessionId: string): Topic {
  return `session:${sessionId}`;
}

export function agentTopic(userId: number): Topic {
  return `agent:${userId}`;
}

export function chatTopic(chatId: string): Topic {
  return `chat:${chatId}`;
}
