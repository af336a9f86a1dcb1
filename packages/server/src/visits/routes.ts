/** The visit of a chat, as its agent sees it (rules VISIT…), and participant info. */
import { answerLive } from '../http/reply.js';
import type { GeoDatabase } from './geo.js';
import {
  customVariablesDocument,
  formatTime,
  linkOrNull,
  REL,
  visitDocument,
  visitInfoDocument,
  visitPagesDocument,
  visitSurveysDocument,
} from '@parley/protocol';
import { idValue, rtSessionId } from '../chat/documents.js';
import type { Operation } from '../http/operation.js';
import { filledSurveyValue } from '../surveys/documents.js';
import type { VisitCall } from './authorize.js';
import { factsOfChat, pagesOf } from './facts.js';

/** Most chats of a visitor that are counted. */
const MAX_COUNTED = 1_000;

type Facts = Readonly<Record<string, string | number | null | undefined>>;

/** `{"@name":"…","$":"…"}` of what is known. */
function named(facts: Facts): { name: string; value: string | number }[] {
  return Object.entries(facts).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value }],
  );
}

function broughtId(id: string | number | null): string | number | null {
  return id === null ? null : idValue(id);
}

/** A page's address, as far as it may be shown as a link. */
function linkOf(address: string | null | undefined): string | null {
  return address ? linkOrNull('page', address) : null;
}

export const getVisit: Operation<VisitCall> = {
  summary: 'Returns the links of the visit.',
  answers: { 200: visitDocument },
  handle: (call) =>
    answerLive(
      call,
      visitDocument,
      {
        link: [
          { href: `${call.uri}/info`, rel: REL.info },
          { href: `${call.uri}/customVariables`, rel: REL.customVariables },
          { href: `${call.uri}/pages`, rel: REL.pages },
          { href: `${call.uri}/surveys`, rel: REL.surveys },
          { href: `${call.uri}/earlierChats`, rel: REL.earlierChats },
        ],
      },
      call.seq,
    ),
};

/** @param geo where addresses are */
export function getVisitInfo(geo: GeoDatabase): Operation<VisitCall> {
  return {
    summary:
      'Describes the visit: who the visitor is, their device and place, and when the visit began.',
    answers: { 200: visitInfoDocument },
    async handle(call) {
      const { account, chat, server, visit } = call;
      const { projections } = server.store;
      const { visitorId } = chat.visitor;
      const chats = await projections.chatsOfVisitor(account.id, visitorId, MAX_COUNTED);
      const facts = factsOfChat(chat, visit, geo);
      const pages = pagesOf(chat, visit);
      const since = Math.min(chat.requestedAt, visit?.startedAt ?? chat.requestedAt);
      const last = Math.max(chat.lastUpdate, visit?.lastSeen ?? 0);
      const until = chat.phase.name === 'ended' ? last : account.host.now();
      const time = (at: number) => formatTime(at, account.setup.engine.settings.timeZone);
      return answerLive(
        call,
        visitInfoDocument,
        {
          link: { href: `${call.uri}/info`, rel: REL.self },
          isInCurrentChat: chat.phase.name !== 'ended',
          visitorId: idValue(visitorId),
          sessionInfo: named({
            // Always known: so the list never has one member only, which JSON would write without a list.
            rtSessionId: rtSessionId(chat.id),
            sessionId: visit?.sessionId ?? chat.visitor.sharkSessionId,
            referrer: linkOf(facts.referrer),
            entryPage: linkOf(pages[0]?.url),
            currentPage: linkOf(pages.at(-1)?.url),
            chatPage: linkOf(chat.visitor.referrer),
            pagesViewed: pages.length,
            engagementId: broughtId(chat.visitor.engagementId),
            campaignId: broughtId(chat.visitor.campaignId),
          }),
          visitorInfo: named({
            visitorName: chat.visitorName,
            ip: facts.ip,
            host: facts.ip,
            browser: facts.device.browser,
            operatingSystem: facts.device.operatingSystem,
            device: facts.device.family,
            deviceModel: facts.device.model,
            screen: visit?.facts.screen,
            language: facts.language,
            timeZone: visit?.facts.timeZone,
            country: facts.geo?.country,
            countryCode: facts.geo?.countryCode,
            state: facts.geo?.state,
            city: facts.geo?.city,
            userAgent: facts.userAgent,
            numberOfVisits: Math.max(visit?.ordinal ?? 1, chats.length),
            numberOfChats: Math.max(1, chats.length),
          }),
          time: named({
            startTime: time(since),
            lastActivity: time(last),
            timeOnSite: Math.max(0, Math.floor((until - since) / 1000)),
          }),
        },
        call.seq,
      );
    },
  };
}

export const getVisitVariables: Operation<VisitCall> = {
  summary: 'Returns the custom variables of the chat.',
  answers: { 200: customVariablesDocument },
  handle(call) {
    const { timeZone } = call.account.setup.engine.settings;
    const customVariable = (call.chat.variables ?? []).map(({ name, value, at }) => ({
      source: 'chat',
      scope: 'session',
      name,
      time: formatTime(at, timeZone),
      displayName: name,
      value,
    }));
    const link = { href: `${call.uri}/customVariables`, rel: REL.self };
    return answerLive(call, customVariablesDocument, { link, customVariable }, call.seq);
  },
};

export const getVisitPages: Operation<VisitCall> = {
  summary: 'Lists the pages of the visit, newest first.',
  answers: { 200: visitPagesDocument },
  handle(call) {
    const { timeZone } = call.account.setup.engine.settings;
    const page = pagesOf(call.chat, call.visit)
      .map(({ url, title, referrer, at, stayed }) => ({
        url,
        ...(title === null ? {} : { title }),
        ...(referrer === null ? {} : { referrer }),
        time: formatTime(at, timeZone),
        timeOnPage: Math.floor(stayed / 1000),
      }))
      .reverse();
    const link = { href: `${call.uri}/pages`, rel: REL.self };
    return answerLive(call, visitPagesDocument, { link, page }, call.seq);
  },
};

export const getVisitSurveys: Operation<VisitCall> = {
  summary: 'Returns the visitor’s answers to the pre-chat survey.',
  answers: { 200: visitSurveysDocument },
  handle(call) {
    const preChat = call.chat.surveys?.preChat ?? null;
    const known = call.account.setup.surveys;
    const survey =
      preChat === null ? [] : [filledSurveyValue(known.get(preChat.surveyId), preChat)];
    const link = { href: `${call.uri}/surveys`, rel: REL.self };
    return answerLive(call, visitSurveysDocument, { link, survey }, call.seq);
  },
};
