/**
 * What each type of event means beside what `evolve` makes of it: one total table, so that a new type
 * does not compile before all of this was thought of.
 */
import type { AccountEvent, AccountEventType } from './events.js';

type FieldOf<T extends AccountEventType> = Exclude<
  keyof Extract<AccountEvent, { readonly type: T }>,
  'type'
>;

export interface EventMeaning<T extends AccountEventType = AccountEventType> {
  /** Afterwards a chat may find an agent that found none before, or an agent a chat: routing looks. */
  readonly freesCapacity: boolean;
  /** Afterwards a queue may have nobody left who serves it. */
  readonly thinsOut: boolean;
  /** It concerns who is there, in which state and with how many chats, or how many chats wait. */
  readonly changesRoster: boolean;
  /** Fields that hold what visitors said, or that tell who they are. */
  readonly personalData: readonly FieldOf<T>[];
}

type Table = { readonly [T in AccountEventType]: EventMeaning<T> };

const NOTHING = { freesCapacity: false, thinsOut: false, changesRoster: false } as const;
const ROSTER = { ...NOTHING, changesRoster: true } as const;
const CAPACITY = { ...ROSTER, freesCapacity: true } as const;
const PRESENCE = { ...CAPACITY, thinsOut: true } as const;

export const EVENT_MEANING: Table = {
  'session.opened': { ...CAPACITY, personalData: [] },
  'session.availability': { ...PRESENCE, personalData: [] },
  'session.ended': { ...PRESENCE, personalData: [] },
  'chat.requested': {
    ...CAPACITY,
    personalData: ['visitor', 'feed', 'variables', 'preChat', 'conversationId'],
  },
  'chat.busy': { ...ROSTER, personalData: ['feed'] },
  'chat.held': { ...CAPACITY, personalData: [] },
  'chat.rang': { ...ROSTER, personalData: [] },
  'rings.extended': { ...ROSTER, personalData: [] },
  'chat.unrang': { ...CAPACITY, personalData: [] },
  'chat.accepted': { ...CAPACITY, personalData: ['feed'] },
  'chat.line': { ...NOTHING, personalData: ['feed'] },
  'chat.requeued': { ...CAPACITY, personalData: ['feed'] },
  'chat.transferred': { ...CAPACITY, personalData: ['feed'] },
  'chat.reassigned': { ...CAPACITY, personalData: ['feed'] },
  'chat.ended': { ...CAPACITY, personalData: ['feed'] },
  'chat.visitorNamed': { ...ROSTER, personalData: ['name'] },
  'chat.read': { ...NOTHING, personalData: [] },
  'chats.forgotten': { ...ROSTER, personalData: [] },
  'chat.variables': { ...NOTHING, personalData: ['variables'] },
  'chat.surveyAnswered': { ...NOTHING, personalData: ['survey'] },
  'offline.surveyLeft': { ...NOTHING, personalData: ['visitor', 'survey'] },
  'visit.seen': {
    ...NOTHING,
    personalData: ['sessionId', 'visitorId', 'facts', 'pages', 'attributes', 'pageId'],
  },
  'visits.forgotten': { ...NOTHING, personalData: ['sessionIds'] },
  'participant.identified': {
    ...NOTHING,
    personalData: ['conversationId', 'participantId', 'visitorId', 'profile'],
  },
  'transcript.requested': { ...NOTHING, personalData: ['email', 'subject'] },
  'transcript.sent': { ...NOTHING, personalData: [] },
  // Mail servers like to repeat the address.
  'transcript.failed': { ...NOTHING, personalData: ['reason'] },
  'clock.moved': { ...NOTHING, personalData: [] },
};
