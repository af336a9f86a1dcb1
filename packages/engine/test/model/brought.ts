/** What visitors bring in a story without a chat of their own, as commands. */
import { type AccountCommand, type AccountState, isOfVisitor, tracesOf } from '@parley/engine';
import type { Step } from './steps.js';
import { addressOf, filled } from './step-values.js';

type Brought<Kind extends Step['do']> = Step & { do: Kind };

export function offlineSurvey(): AccountCommand {
  const visitor = { visitorId: null, ip: null, userAgent: null, language: null };
  return { type: 'offline.leaveSurvey', skillId: null, visitor, survey: filled('yes') };
}

export function identification({ token, lasts }: Brought<'identify'>, now: number): AccountCommand {
  return {
    type: 'participant.identify',
    participantId: `person-${token}`,
    connectorId: 1,
    visitorId: null,
    tokenHash: `token-${token}`,
    tokenUntil: now + lasts,
    profile: { customerId: `customer-${token}` },
  };
}

/** A visitor is forgotten, with what their chats here name. */
export function forgetting({ visitor }: Brought<'forget'>, state: AccountState): AccountCommand {
  const visitorId = `visitor-${visitor}`;
  const chats = [...state.chats.values()]
    .filter((chat) => isOfVisitor(chat.visitor, visitorId))
    .map((chat) => ({
      visitor: chat.visitor,
      conversationId: chat.participant?.conversationId ?? null,
    }));
  return { type: 'visitor.forget', visitorId, traces: tracesOf(chats) };
}

export function visitReport(step: Brought<'visit'>, now: number): AccountCommand {
  const url = 'https://shop.example.com/';
  const page = { url, title: null, referrer: null, at: now, timeOnPage: null };
  return {
    type: 'visit.see',
    sessionId: `visit-${step.session}`,
    visitorId: `visitor-${step.visitor}`,
    ...(step.from === undefined ? {} : { facts: { ip: addressOf(step.from) } }),
    pages: Array.from({ length: step.pages }, (_, n) => ({ ...page, id: `p${n}` })),
    attributes: Array.from({ length: step.attributes }, () => ({
      type: 'lead',
      data: { topic: 'x'.repeat(step.attributes * 80) },
    })),
  };
}
