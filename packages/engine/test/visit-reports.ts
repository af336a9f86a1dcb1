/** Reports of a visit, from as little as a test cares about. */
import type { AttributeInput, Visit, VisitPage, VisitReport } from '@parley/engine';
import { START, type Fixture } from './fixture.js';

export function page(id: string, facts: Partial<VisitPage> = {}): VisitPage {
  const url = `https://shop.example.com/${id}`;
  return { id, url, title: null, referrer: null, at: START, timeOnPage: null, ...facts };
}

export function attribute(type: string, length = 10): AttributeInput {
  return { type, data: { topic: 'x'.repeat(length) } };
}

export function see(fixture: Fixture, report: Partial<VisitReport> = {}): Visit {
  const reported = { sessionId: 'session-1', visitorId: 'visitor-1', ...report };
  fixture.do<'visit.see'>({ type: 'visit.see', ...reported });
  return visit(fixture, reported.sessionId);
}

export function visit(fixture: Fixture, sessionId = 'session-1'): Visit {
  const found = fixture.state.visits.get(sessionId);
  if (found === undefined) throw new Error(`no visit ${sessionId}`);
  return found;
}
