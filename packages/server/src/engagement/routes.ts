/** Engagement and page tracking for pages and apps (rules ENG…). */
import { answerEmpty, answerWith, refuseCall } from '../http/reply.js';
import { pathParam, queryParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import { isAvailable, storedBytes, type Visit } from '@parley/engine';
import {
  type EngagementDocument,
  engagementDocument,
  engagementRequestDocument,
  WireError,
  type Parameter,
} from '@parley/protocol';
import { SKILL_QUERY, skillInQuery } from '../chat/audience.js';
import type { Answer } from '../http/answer.js';
import { connectionsOf } from '../identity/identity.js';
import type { Operation } from '../http/operation.js';
import type { ReportCall } from '../visitor/authorize.js';
import { VISIT_ID } from '../visits/state.js';
import { offerOf } from '../visits/offer.js';
import { attributesIn, factsOf, newPageId, newVisitId, pagesIn } from './report.js';

/** How long a page may rely on the answer, seconds. */
const VALID_FOR = 900;

const SID: Parameter = {
  description: 'The visit’s session id, from the first response.',
  schema: { type: 'string' },
};

const ENGAGEMENT_QUERY: Readonly<Record<string, Parameter>> = {
  sid: SID,
  ...SKILL_QUERY,
};

export const openEngagement: Operation<ReportCall> = {
  summary: 'Begins or continues a visit, and returns what can be offered to the visitor.',
  description:
    'The response has the ids for later calls: send visitorId in the path and sessionId as sid. So that the agent sees the visit, start the chat with engagementId and campaignId, and send visitorId and sessionId as LETagVisitorId and LETagSessionId.',
  query: ENGAGEMENT_QUERY,
  body: engagementRequestDocument,
  answers: { 200: engagementDocument },
  errors: ['badVisitorId', 'badSessionId', 'unknownSkill', 'invalidQuery', 'invalidField'],
  handle(call) {
    const visitorId = visitorIdOf(call);
    const visit = visitorId === null ? null : visitOf(call, visitorId);
    const skillId = skillInQuery(call);
    return open(call, visitorId ?? newVisitId(), visit, skillId);
  },
};

export const updateEngagement: Operation<ReportCall> = {
  summary: 'Adds pages and engagement attributes to a visit.',
  query: { sid: { ...SID, required: true } },
  body: engagementRequestDocument,
  answers: { 200: null },
  errors: ['badVisitorId', 'badSessionId', 'visitExpired', 'invalidField'],
  async handle(call) {
    const visitorId = visitorIdOf(call) ?? '';
    const visit = visitOf(call, visitorId);
    if (visit !== null) {
      await report(call, visitorId, visit);
      return answerEmpty(call);
    }
    return refuseCall(
      call,
      new WireError(
        'visitExpired',
        'There is no such visit, or it was silent for 6 hours: begin one with POST.',
      ),
    );
  },
};

/** The visitor in the path; null when none is. */
function visitorIdOf(call: ReportCall): string | null {
  const visitorId = pathParam(call, 'visitor');
  if (visitorId === '') return null;
  if (VISIT_ID.test(visitorId)) return visitorId;
  throw new WireError(
    'badVisitorId',
    `"${visitorId.slice(0, 40)}" cannot be a visitor id: use it as it was given, or leave it out.`,
  );
}

/** The visitor's live visit that `sid` names; null when it names none of theirs. */
function visitOf(call: ReportCall, visitorId: string): Visit | null {
  const sessionId = queryParam(call, 'sid');
  if (!sessionId) return null;
  if (!VISIT_ID.test(sessionId)) {
    throw new WireError(
      'badSessionId',
      `Query parameter sid must be the session id as it was given, got "${sessionId.slice(0, 40)}".`,
    );
  }
  const visit = call.account.host.state.visits.get(sessionId);
  return visit?.visitorId === visitorId ? visit : null;
}

async function open(
  call: ReportCall,
  visitorId: string,
  visit: Visit | null,
  skillId: number | null,
): Promise<Answer> {
  const ids = await report(call, visitorId, visit);
  return answerWith(call, engagementDocument, { ...offered(call, skillId), ...ids, visitorId });
}

/** Keeps what the request reports; resolves with the page's and the visit's ids once it is on disk. */
async function report(
  call: ReportCall,
  visitorId: string,
  visit: Visit | null,
): Promise<{ readonly pageId: string; readonly sessionId: string }> {
  const request = readBody(call, engagementRequestDocument);
  const { host } = call.account;
  const sessionId = visit?.sessionId ?? newVisitId();
  const pages = pagesIn(request, visit, host.now());
  const facts = factsOf(call, request, visit);
  const ip = facts.ip ?? visit?.facts.ip ?? '';
  call.server.visitors.authorizeReport(call, { ip, kept: storedBytes(facts) });
  const pageId = request.pageId || pages.at(-1)?.id || newPageId();
  await execute<'visit.see'>(call, {
    type: 'visit.see',
    sessionId,
    visitorId,
    facts,
    pages,
    attributes: attributesIn(request),
    pageId,
  });
  return { pageId, sessionId };
}

function offered(
  { account }: ReportCall,
  skillId: number | null,
): Pick<EngagementDocument, 'status' | 'engagementDetails'> {
  const { host, setup } = account;
  const of = { skillId };
  if (!isAvailable(host.state, host.config, of, null, host.now())) {
    return { status: 'NotAvailable' };
  }
  const skill = skillId === null ? undefined : host.config.skills.get(skillId);
  const [connection] = connectionsOf(account);
  const { campaignId, engagementId, contextId, windowId, engagementRevision } = offerOf(setup);
  return {
    status: 'Available',
    engagementDetails: {
      campaignId,
      engagementId,
      contextId,
      windowId,
      language: host.config.settings.language,
      engagementRevision,
      validForSeconds: VALID_FOR,
      ...(skill === undefined ? {} : { skillId: skill.id, skillName: skill.name }),
      ...(connection === undefined ? {} : { connectorId: connection.id }),
    },
  };
}
