/**
 * What can be watched in an account, and which events concern it. Who waits for news of something (a
 * long poll, a delivery) watches its topics and looks again when one of them is in a committed batch:
 * a topic says where to look, never what is to be seen, and by whom.
 */
import type { AccountEvent, AccountEventType } from './events.js';

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

type EventOf<T extends AccountEventType> = Extract<AccountEvent, { readonly type: T }>;

const NONE: readonly Topic[] = [];

/** An event that concerns one chat and nothing else. */
const chatAlone = ({ chatId }: { readonly chatId: string }): readonly Topic[] => [
  chatTopic(chatId),
];

/** A chat comes to an agent, or does not any more. */
const offer = ({ chatId, userId }: { readonly chatId: string; readonly userId: number }) =>
  [chatTopic(chatId), agentTopic(userId), 'roster', 'queue'] as const;

/** A chat goes from its agent back into a queue. */
const back = ({ chatId, fromUserId }: { readonly chatId: string; readonly fromUserId: number }) =>
  [chatTopic(chatId), agentTopic(fromUserId), 'roster', 'queue'] as const;

const outbox = (): readonly Topic[] => ['outbox'];

/** A new type of event has to say here whom it concerns, or it does not compile. */
const TOPICS: {
  readonly [T in AccountEventType]: (event: EventOf<T>) => readonly Topic[];
} = {
  'session.opened': ({ sessionId, userId, takesOver }) => [
    sessionTopic(sessionId),
    ...(takesOver === null ? [] : [sessionTopic(takesOver)]),
    agentTopic(userId),
    'roster',
  ],
  'session.availability': ({ sessionId }) => [sessionTopic(sessionId), 'roster'],
  'session.ended': ({ sessionId, userId }) => [
    sessionTopic(sessionId),
    agentTopic(userId),
    'roster',
  ],
  'chat.requested': ({ chatId }) => [chatTopic(chatId), 'queue'],
  'chat.busy': chatAlone,
  'chat.held': ({ chatId }) => [chatTopic(chatId), 'queue'],
  'chat.rang': offer,
  'rings.extended': ({ chatIds }) => chatIds.map(chatTopic),
  'chat.unrang': offer,
  'chat.accepted': offer,
  'chat.line': chatAlone,
  'chat.requeued': back,
  'chat.transferred': back,
  'chat.reassigned': ({ chatId }) => [chatTopic(chatId), 'queue'],
  // Who has it, or is rung for it, watches the chat itself.
  'chat.ended': ({ chatId }) => [chatTopic(chatId), 'roster', 'queue'],
  'chat.visitorNamed': chatAlone,
  'chat.read': chatAlone,
  'chats.forgotten': ({ chatIds }) => chatIds.map(chatTopic),
  'chat.variables': chatAlone,
  'chat.surveyAnswered': chatAlone,
  'offline.surveyLeft': () => NONE,
  'visit.seen': () => NONE,
  'visits.forgotten': () => NONE,
  'participant.identified': () => NONE,
  'transcript.requested': outbox,
  'transcript.sent': outbox,
  'transcript.failed': outbox,
  // Held chats open at another time.
  'clock.moved': () => ['queue'],
};

/** The topics that an event concerns. */
export function topicsOf<T extends AccountEventType>(event: EventOf<T>): readonly Topic[] {
  return TOPICS[event.type as T](event);
}

/** The topics that any of these events concern, each once. */
export function topicsOfAll(events: readonly AccountEvent[]): ReadonlySet<Topic> {
  const topics = new Set<Topic>();
  for (const event of events) for (const topic of topicsOf(event)) topics.add(topic);
  return topics;
}

export function sessionTopic(sessionId: string): Topic {
  return `session:${sessionId}`;
}

export function agentTopic(userId: number): Topic {
  return `agent:${userId}`;
}

export function chatTopic(chatId: string): Topic {
  return `chat:${chatId}`;
}
