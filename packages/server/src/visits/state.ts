/** Visit information: everything known of a visit (rules VISIT…). */
import { pathParam, queryParam } from '../http/query.js';
import { answerLive, refuseCall } from '../http/reply.js';
import { isIP } from 'node:net';
import { access, agentOf, type Visit } from '@parley/engine';
import { knownFields, type VisitState, visitStateDocument, WireError } from '@parley/protocol';
import type { UserCall } from '../agent/authorize.js';
import { offerOf } from './offer.js';
import type { Operation } from '../http/operation.js';
import { attributeFacts } from './attributes.js';
import { deviceOf } from './device.js';
import { factsOfVisit, stays } from './facts.js';
import type { GeoDatabase } from './geo.js';

/** What can be the id of a visitor or a session. */
export const VISIT_ID = /^[A-Za-z0-9._~-]{1,100}$/;

/** @param geo where addresses are */
export function getVisitState(geo: GeoDatabase): Operation<UserCall> {
  return {
    summary:
      'Returns everything known about a visit that is in progress, or was seen less than 6 hours ago.',
    query: {
      sid: { description: "The visit's session id.", schema: { type: 'string' }, required: true },
      filter: { description: 'The only value is "agent".', schema: { type: 'string' } },
    },
    answers: { 200: visitStateDocument },
    errors: ['badVisitorId', 'badSessionId', 'visitExpired'],
    handle(call) {
      const visitorId = pathParam(call, 'visitor');
      const sessionId = queryParam(call, 'sid') ?? '';
      if (!VISIT_ID.test(visitorId)) {
        throw new WireError(
          'badVisitorId',
          `"${visitorId.slice(0, 40)}" cannot be a visitor id: use it as it was given with the engagement.`,
        );
      }
      if (!VISIT_ID.test(sessionId)) {
        throw new WireError(
          'badSessionId',
          `Query parameter sid must be the session id given with the engagement, got "${sessionId.slice(0, 40)}".`,
        );
      }
      const visit = call.account.host.state.visits.get(sessionId);
      if (visit?.visitorId !== visitorId || !mayRead(call, visit)) {
        return refuseCall(
          call,
          new WireError(
            'visitExpired',
            'There is no such visit: it is unknown, or was silent for 6 hours.',
          ),
        );
      }
      const state = visitState(visit, geo, offerOf(call.account.setup));
      return answerLive(call, visitStateDocument, { ...state, appSessions: [state] }, visit.seq);
    },
  };
}

/**
 * A visit whose chats agents have is for those who have access to one of these chats, or supervise one. A
 * visit without a chat, or whose chats nobody has accepted, is open to every user who knows its ids.
 */
function mayRead({ account, user }: UserCall, visit: Visit): boolean {
  const { state, config, chats } = account.host;
  const accepted = [...chats.ofVisit(state, visit)].filter((chat) => agentOf(chat) !== null);
  if (accepted.length === 0) return true;
  const { id: userId } = user;
  return accepted.some(
    ({ id }) =>
      access(state, config, { by: 'user', userId }, id) !== null ||
      access(state, config, { by: 'supervisor', userId }, id) !== null,
  );
}

function visitState(visit: Visit, geo: GeoDatabase, offer: ReturnType<typeof offerOf>): VisitState {
  const { facts } = visit;
  const known = factsOfVisit(facts, geo);
  const { family, model } = known.device;
  const device = deviceOf(facts.userAgent);
  const deviceOS = facts.os ?? device.os ?? known.device.operatingSystem;
  const version = known.ip === null ? 0 : isIP(known.ip);
  return {
    id: visit.sessionId,
    visitorId: visit.visitorId,
    startTime: visit.startedAt,
    lastSeen: visit.lastSeen,
    pages: stays(visit).map(({ id, url, title, referrer, at, stayed }) => ({
      id,
      url,
      ...knownFields({ pageTitle: title, referrer }),
      startTime: at,
      timeOnPage: stayed,
    })),
    engagements: [
      {
        id: offer.contextId,
        engagement: {
          campaignEntity: { id: offer.campaignId },
          engagementEntity: { id: offer.engagementId, revision: offer.engagementRevision },
        },
      },
    ],
    ...knownFields({
      userAgent: known.userAgent,
      browser: known.device.browser,
      deviceOS,
      deviceFamily: family,
      mobileDeviceInfo:
        family === null
          ? null
          : { mobile: family !== 'DESKTOP', detected: true, ...knownFields({ model }) },
      ipv4: version === 4 ? known.ip : null,
      ipv6: version === 6 ? known.ip : null,
      geo: known.geo,
      externalReferrer: known.referrer,
      language: known.language,
      timeZone: facts.timeZone,
      screen: facts.screen,
    }),
    sections: [...(facts.sections ?? [])],
    ...attributeFacts(visit.attributes),
  };
}
