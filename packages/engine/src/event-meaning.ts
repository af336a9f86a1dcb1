/**
 * What each type of event means beside what `evolve` makes of it: one total table, so that a new type
 * does not compile before all of this was thought of.
 */
import type { AccountEvent, AccountEventType } from './events.js';
import {
  type Topic,
  agentTopic,
  back,
  beside,
  chatAlone,
  chatTopic,
  noTopic,
  offer,
  outbox,
  sessionTopic,
  severalChats,
  waits,
} from './topics.js';

type EventOf<T extends AccountEventType> = Extract<AccountEvent, { readonly type: T }>;

type FieldOf<T extends AccountEventType> = Exclude<keyof EventOf<T>, 'type'>;

export interface EventMeaning<T extends AccountEventType = AccountEventType> {
  /** Afterwards a chat may find an agent that found none before, or an agent a chat: routing looks. */
  readonly freesCapacity: boolean;
  /** Afterwards a queue may have nobody left who serves it. */
  readonly thinsOut: boolean;
  /** It concerns who is there, in which state and with how many chats, or how many chats wait. */
  readonly changesRoster: boolean;
  /** Fields that hold what visitors said, or that identify them. */
  readonly personalData: readonly FieldOf<T>[];
  /** What it wakes: whoever watches what it changes. */
  readonly topics: (event: EventOf<T>) => readonly Topic[];
}

type Table = { readonly [T in AccountEventType]: EventMeaning<T> };

const NOTHING = { freesCapacity: false, thinsOut: false, changesRoster: false } as const;

const ROSTER = { ...NOTHING, changesRoster: true } as const;

const CAPACITY = { ...ROSTER, freesCapacity: true } as const;

const PRESENCE = { ...CAPACITY, thinsOut: true } as const;

export const EVENT_MEANING: Table = {
  'session.opened': {
    ...CAPACITY,
    personalData: [],
    topics: ({ sessionId, userId, takesOver }) => [
      sessionTopic(sessionId),
      ...(takesOver === null ? [] : [sessionTopic(takesOver)]),
      agentTopic(userId),
      'roster',
    ],
  },
  'session.cookieRenewed': { ...NOTHING, personalData: [], topics: noTopic },
  'session.availability': {
    ...PRESENCE,
    personalData: [],
    topics: ({ sessionId }) => [sessionTopic(sessionId), 'roster'],
  },
  'session.ended': {
    ...PRESENCE,
    personalData: [],
    topics: ({ sessionId, userId }) => [sessionTopic(sessionId), agentTopic(userId), 'roster'],
  },
  'chat.requested': {
    ...CAPACITY,
    personalData: ['visitor', 'feed', 'variables', 'preChat', 'conversationId'],
    topics: waits,
  },
  'chat.busy': { ...ROSTER, personalData: ['feed'], topics: chatAlone },
  'chat.held': { ...CAPACITY, personalData: [], topics: waits },
  'chat.rang': { ...ROSTER, personalData: [], topics: offer },
  'rings.extended': { ...ROSTER, personalData: [], topics: severalChats },
  'chat.offerWithdrawn': { ...CAPACITY, personalData: [], topics: offer },
  'chat.accepted': { ...CAPACITY, personalData: ['feed'], topics: offer },
  'chat.line': { ...NOTHING, personalData: ['feed'], topics: chatAlone },
  'chat.requeued': { ...CAPACITY, personalData: ['feed'], topics: back },
  'chat.transferred': { ...CAPACITY, personalData: ['feed'], topics: back },
  'chat.reassigned': { ...CAPACITY, personalData: ['feed'], topics: waits },
  'chat.ended': {
    ...CAPACITY,
    personalData: ['feed'],
    // Who has it, or is rung for it, watches the chat itself.
    topics: ({ chatId }) => [chatTopic(chatId), 'roster', 'queue'],
  },
  'chat.invited': { ...ROSTER, personalData: ['invitation'], topics: beside },
  'chat.uninvited': { ...CAPACITY, personalData: ['invitation'], topics: beside },
  'chat.joined': { ...ROSTER, personalData: [], topics: beside },
  'chat.left': { ...CAPACITY, personalData: [], topics: beside },
  'chat.takenOver': {
    ...CAPACITY,
    personalData: ['feed'],
    topics: ({ chatId, userId, fromUserId }) => [
      chatTopic(chatId),
      agentTopic(userId),
      ...(fromUserId === null ? [] : [agentTopic(fromUserId)]),
      'roster',
      'queue',
    ],
  },
  'session.delegated': {
    ...NOTHING,
    personalData: [],
    topics: ({ sessionId }) => [sessionTopic(sessionId)],
  },
  'session.delegationEnded': {
    ...NOTHING,
    personalData: [],
    topics: ({ sessionId }) => [sessionTopic(sessionId)],
  },
  'chat.suggested': { ...NOTHING, personalData: ['suggestion'], topics: chatAlone },
  'chat.suggestionClosed': { ...NOTHING, personalData: [], topics: chatAlone },
  'chat.escalated': { ...CAPACITY, personalData: ['feed'], topics: back },
  'answers.extended': { ...NOTHING, personalData: [], topics: severalChats },
  'chat.visitorNamed': { ...ROSTER, personalData: ['name'], topics: chatAlone },
  'chat.read': { ...NOTHING, personalData: [], topics: chatAlone },
  'chats.forgotten': { ...ROSTER, personalData: [], topics: severalChats },
  'chat.variables': { ...NOTHING, personalData: ['variables'], topics: chatAlone },
  'chat.surveyAnswered': { ...NOTHING, personalData: ['survey'], topics: chatAlone },
  'offline.surveyLeft': { ...NOTHING, personalData: ['visitor', 'survey'], topics: noTopic },
  'visit.seen': {
    ...NOTHING,
    personalData: ['sessionId', 'visitorId', 'facts', 'pages', 'attributes', 'pageId'],
    topics: noTopic,
  },
  'visits.forgotten': { ...NOTHING, personalData: ['sessionIds'], topics: noTopic },
  'participant.identified': {
    ...NOTHING,
    personalData: ['conversationId', 'participantId', 'visitorId', 'profile'],
    topics: noTopic,
  },
  'participants.forgotten': { ...NOTHING, personalData: [], topics: noTopic },
  'transcript.requested': { ...NOTHING, personalData: ['email', 'subject'], topics: outbox },
  'transcript.sent': { ...NOTHING, personalData: [], topics: outbox },
  // Mail servers like to repeat the address.
  'transcript.failed': { ...NOTHING, personalData: ['reason'], topics: outbox },
  // Prints can be made by nobody who has not the server's secret.
  'request.answered': { ...NOTHING, personalData: [], topics: noTopic },
  'clock.moved': {
    ...NOTHING,
    personalData: [],
    // Held chats open at another time.
    topics: () => ['queue'],
  },
};

/** The topics that an event concerns. */
export function topicsOf<T extends AccountEventType>(event: EventOf<T>): readonly Topic[] {
  return EVENT_MEANING[event.type as T].topics(event);
}

/** The topics that any of these events concern, each once. */
export function topicsOfAll(events: readonly AccountEvent[]): ReadonlySet<Topic> {
  const topics = new Set<Topic>();
  for (const event of events) for (const topic of topicsOf(event)) topics.add(topic);
  return topics;
}
