/**
 * Erasing: what is left of an event when all is taken out that visitors said and that identifies
 * them. What happened stays: which chats there were, when, with which agents, of how many lines; so an
 * account's state can still be made from its journal, and everything still be counted.
 *
 * Erase an event when nothing live depends on it any more: of a chat when the chat has been forgotten,
 * its transcripts were sent or given up, and its visits are over or were seen again since;
 * otherwise whenever its time has come: a visit that is still going on is known from its later reports.
 */
import type { Invitation } from '../chats/chat.js';
import type { FeedEntry } from '../chats/entries.js';
import type { VisitorFacts } from '../chats/visitor.js';
import { EVENT_MEANING } from '../event-meaning.js';
import type { AccountEvent, AccountEventType } from '../events.js';
import type { FilledSurvey } from '../surveys/surveys.js';

type EventOf<T extends AccountEventType> = Extract<AccountEvent, { type: T }>;

type Erasers = {
  readonly [T in AccountEventType]: 'nothing personal' | ((event: EventOf<T>) => EventOf<T>);
};

const ERASERS: Erasers = {
  'session.opened': 'nothing personal',
  'session.cookieRenewed': 'nothing personal',
  'session.availability': 'nothing personal',
  'session.ended': 'nothing personal',
  'chat.requested': (event) => {
    const { preChat, variables, ...rest } = withoutWords(event);
    return {
      ...rest,
      visitor: NOBODY,
      ...(variables === undefined ? {} : { variables: [] }),
      ...(preChat === undefined ? {} : { preChat: withoutAnswers(preChat) }),
    };
  },
  'chat.busy': withoutWords,
  'chat.held': 'nothing personal',
  'chat.rang': 'nothing personal',
  'rings.extended': 'nothing personal',
  'chat.offerWithdrawn': 'nothing personal',
  'chat.accepted': withoutWords,
  'chat.line': withoutWords,
  'chat.requeued': withoutWords,
  'chat.transferred': withoutWords,
  'chat.reassigned': withoutWords,
  'chat.ended': withoutWords,
  // What the inviter says of the chat.
  'chat.invited': withoutText,
  'chat.uninvited': withoutText,
  'chat.joined': 'nothing personal',
  'chat.left': 'nothing personal',
  'chat.takenOver': withoutWords,
  'session.delegated': 'nothing personal',
  'session.delegationEnded': 'nothing personal',
  // It answers what the visitor said.
  'chat.suggested': ({ suggestion: { source: _, ...rest }, ...event }) => ({
    ...{ ...event, suggestion: { ...rest, text: '', textType: 'plain' } },
  }),
  'chat.suggestionClosed': 'nothing personal',
  'chat.escalated': withoutWords,
  'answers.extended': 'nothing personal',
  'chat.visitorNamed': (event) => ({ ...event, name: '' }),
  'chat.read': 'nothing personal',
  'chats.forgotten': 'nothing personal',
  'chat.variables': (event) => ({ ...event, variables: [] }),
  'chat.surveyAnswered': (event) => ({ ...event, survey: withoutAnswers(event.survey) }),
  'offline.surveyLeft': ({ type, skillId, survey }) => ({
    ...{ type, skillId, survey: withoutAnswers(survey) },
    visitor: { visitorId: null, ip: null, userAgent: null, language: null },
  }),
  'visit.seen': ({ type }) => ({ type, sessionId: '', visitorId: '', erased: true }),
  'visits.forgotten': ({ type }) => ({ type, sessionIds: [] }),
  // That the token was used stays true.
  'participant.identified': (event) => ({
    ...{ ...event, participantId: '', visitorId: null, profile: {} },
  }),
  'participants.forgotten': 'nothing personal',
  'transcript.requested': (event) => ({ ...event, email: '', subject: null }),
  'transcript.sent': 'nothing personal',
  // Mail servers like to repeat the address.
  'transcript.failed': (event) => ({ ...event, reason: '' }),
  'request.answered': 'nothing personal',
  'clock.moved': 'nothing personal',
};

/** Types of events that say something about visitors. */
export const PERSONAL_EVENTS: readonly AccountEventType[] = (
  Object.keys(ERASERS) as AccountEventType[]
).filter((type) => EVENT_MEANING[type].personalData.length > 0);

/** The event without what visitors said and what identifies them. */
export function withoutPersonalData(event: AccountEvent): AccountEvent {
  const erase = ERASERS[event.type] as Erasers[AccountEventType];
  return erase === 'nothing personal'
    ? event
    : (erase as (event: AccountEvent) => AccountEvent)(event);
}

/** A visitor of whom nothing is known. */
const NOBODY: VisitorFacts = {
  name: null,
  visitorId: '',
  ip: null,
  userAgent: null,
  referrer: null,
  language: null,
  engagementId: null,
  campaignId: null,
  sharkVisitorId: null,
  sharkSessionId: null,
  sharkContextId: null,
};

/** The same entries, silent. Agents' names are theirs, and stay. */
function withoutWords<E extends { readonly feed: readonly FeedEntry[] }>(event: E): E {
  const feed = event.feed.map((entry): FeedEntry => {
    // Who came and went are agents.
    if (entry.type !== 'line') return entry;
    const { json: _, retry: __, ...line } = entry;
    const by = line.source === 'visitor' ? null : line.by;
    return { ...line, text: '', textType: 'plain', by };
  });
  return { ...event, feed };
}

function withoutText<E extends { readonly invitation: Invitation }>(event: E): E {
  return { ...event, invitation: { ...event.invitation, text: null } };
}

/** Which survey was filled in stays. */
function withoutAnswers(survey: FilledSurvey): FilledSurvey {
  return { ...survey, answers: [] };
}
