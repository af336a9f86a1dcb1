/** Visits for tests: begun and reported as a page does, and read as an agent does. */
import type { Fixture } from './chat-fixture.js';
import { type CallOptions, type Reply, textAt } from './harness.js';

export const ENGAGEMENT = '/app/engagement/visitors';

export interface VisitIds {
  readonly visitorId: string;
  readonly sessionId: string;
  readonly pageId: string;
}

export function idsOf(reply: Reply): VisitIds {
  return {
    visitorId: textAt(reply.body, 'visitorId'),
    sessionId: textAt(reply.body, 'sessionId'),
    pageId: textAt(reply.body, 'pageId'),
  };
}

/** Begins a visit. @throws Error when it is refused. */
export async function beginVisit(
  fixture: Fixture,
  body: unknown = {},
  options: CallOptions = {},
): Promise<VisitIds> {
  const reply = await fixture.visit('POST', `${ENGAGEMENT}/?v=1.0`, { body, ...options });
  if (reply.status !== 200) throw new Error(`engagement: ${reply.text}`);
  return idsOf(reply);
}

/** Adds to a visit. */
export function report(
  fixture: Fixture,
  { visitorId, sessionId }: Pick<VisitIds, 'visitorId' | 'sessionId'>,
  body: unknown,
): Promise<Reply> {
  return fixture.visit('PUT', `${ENGAGEMENT}/${visitorId}?v=1.0&sid=${sessionId}`, { body });
}

/** The visit information, as the user of that name gets it. */
export async function visitState(
  fixture: Fixture,
  { visitorId, sessionId }: VisitIds,
  name = 'agent1',
): Promise<Reply> {
  const { bearer } = await fixture.login(name);
  const path = `/monitoring/visitors/${visitorId}/visits/current/state`;
  return fixture.server.call('GET', `${path}?v=1&filter=agent&sid=${sessionId}`, { bearer });
}
