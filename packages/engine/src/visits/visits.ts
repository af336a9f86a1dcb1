/**
 * Visits: what a visitor's browser or app reported of itself. A visit is known by its session id, which
 * nobody can guess, and lives until it has been silent for a while.
 */
import type { Decision } from '../decision.js';
import type { AccountEvent } from '../events.js';
import { bytesOf } from '../memory/bytes.js';
import {
  MAX_ATTRIBUTES_BYTES,
  MAX_PAGES_BYTES,
  MAX_SECTIONS_BYTES,
  MAX_VISITS_OF_VISITOR,
} from '../memory/limits.js';
import type { VisitBytes } from '../memory/memory.js';
import { refusalFor } from '../memory/room.js';
import type { DecisionContext } from '../context.js';
import type { AccountState } from '../state.js';
import type {
  AttributeInput,
  Visit,
  VisitAttribute,
  VisitFacts,
  VisitPage,
  VisitReport,
} from './visit.js';

/** How long a silent visit is kept (ENG10), ms. */
export const VISIT_LIFE_MS = 6 * 60 * 60_000;

/** Most pages kept of a visit: the last ones, as far as MAX_PAGES_BYTES goes. */
export const MAX_PAGES = 100;

/** Most engagement attributes kept of a visit: the newest, as far as MAX_ATTRIBUTES_BYTES goes. */
export const MAX_ATTRIBUTES = 200;

/** Silent visits that are forgotten at once, at most: the others follow right behind. */
const MAX_FORGOTTEN_AT_ONCE = 10;

type VisitEvent = Extract<AccountEvent, { type: 'visit.seen' | 'visits.forgotten' }>;

/** Key of the one deadline for the longest silent visit. */
export const VISITS_DEADLINE = 'visits:';

const NOTHING_KNOWN: VisitFacts = {
  ip: null,
  userAgent: null,
  referrer: null,
  language: null,
  timeZone: null,
  screen: null,
  appType: null,
  appVersion: null,
  os: null,
  osVersion: null,
  deviceFamily: null,
  sections: null,
};

/**
 * A heartbeat of a visit, and what came with it. A session belongs to one visitor for good. What a
 * live chat's visit grows by must find room; other visits make theirs (see `execute`).
 */
export function seeVisit(
  { state, room }: DecisionContext,
  given: VisitReport,
): Decision<Record<never, never>> {
  const { sessionId, visitorId } = given;
  const visit = state.visits.get(sessionId);
  if (visit !== undefined && visit.visitorId !== visitorId) {
    return { rejected: 'unknown-visit', sessionId };
  }
  const report = withinLimits(given);
  if (visit !== undefined && state.memory.useOfVisit(sessionId) === 'live') {
    const { facts = {}, pages = [], attributes = [] } = report;
    const bytes = bytesOf(facts) + bytesOf(pages) + bytesOf(attributes);
    const { ip } = { ...visit.facts, ...facts };
    const refusal = refusalFor(state, room, { ip, standing: 'stranger', bytes });
    if (refusal !== null) return refusal;
  }
  const seen: AccountEvent = { type: 'visit.seen', ...report };
  const before = visit === undefined ? oneTooMany(state, visitorId) : null;
  if (before === null) return { events: [seen], reply: {} };
  return { events: [{ type: 'visits.forgotten', sessionIds: [before] }, seen], reply: {} };
}

/** The report with as many sections as are kept. */
function withinLimits(report: VisitReport): VisitReport {
  const sections = report.facts?.sections;
  if (!sections) return report;
  let bytes = 0;
  const kept = sections.filter((section) => {
    bytes += bytesOf(section);
    return bytes <= MAX_SECTIONS_BYTES;
  });
  return { ...report, facts: { ...report.facts, sections: kept } };
}

/** The visit of a visitor that makes way for another of theirs; null when they may have one more. */
function oneTooMany({ memory }: AccountState, visitorId: string): string | null {
  const own = memory.visitsOf(visitorId);
  if (own.size < MAX_VISITS_OF_VISITOR) return null;
  for (const sessionId of own) if (!memory.isNamed(sessionId)) return sessionId;
  return null;
}

/**
 * Visits that have been silent for too long, as the event that forgets them. Those of a live chat are
 * not silent: their time begins when it is over.
 */
export function forgetSilentVisits({ state, now }: DecisionContext): AccountEvent[] {
  const sessionIds: string[] = [];
  for (const sessionId of state.memory.idleVisits()) {
    const { lastSeen } = requireVisit(state, sessionId);
    if (now < lastSeen + VISIT_LIFE_MS || sessionIds.length === MAX_FORGOTTEN_AT_ONCE) break;
    sessionIds.push(sessionId);
  }
  return sessionIds.length === 0 ? [] : [{ type: 'visits.forgotten', sessionIds }];
}

function requireVisit(state: AccountState, sessionId: string): Visit {
  const visit = state.visits.get(sessionId);
  if (visit === undefined) throw new Error(`no visit ${sessionId}`);
  return visit;
}

/** The visit that a chat belongs to: by its session, else the visitor's last one. */
export function visitOfChat(
  state: AccountState,
  { visitor }: { readonly visitor: ChatVisitor },
): Visit | null {
  const { sharkSessionId, sharkVisitorId, visitorId } = visitor;
  const bySession = sharkSessionId === null ? undefined : state.visits.get(sharkSessionId);
  if (bySession !== undefined) return bySession;
  const last =
    (sharkVisitorId === null ? undefined : state.lastVisitOf.get(sharkVisitorId)) ??
    state.lastVisitOf.get(visitorId);
  return last === undefined ? null : (state.visits.get(last) ?? null);
}

interface ChatVisitor {
  readonly visitorId: string;
  readonly sharkVisitorId: string | null;
  readonly sharkSessionId: string | null;
}

/** Folds an event about visits into the state. */
export function evolveVisits(state: AccountState, event: VisitEvent, at: number): void {
  if (event.type === 'visit.seen') {
    if (event.erased) return;
    const visit = state.visits.get(event.sessionId) ?? newVisit(state, event, at);
    const { facts, pages, attributes, pageId = null } = event;
    let bytes = state.memory.visitBytes(visit.sessionId);
    if (facts !== undefined || bytes.facts === 0) {
      visit.facts = { ...visit.facts, ...facts };
      bytes = { ...bytes, facts: bytesOf(visit.facts) };
    }
    if (pages?.length) bytes = { ...bytes, pages: addPages(visit, pages) };
    if (attributes?.length) {
      bytes = { ...bytes, attributes: addAttributes(visit, attributes, pageId, at) };
    }
    seen(state, visit, bytes, at);
    return;
  }
  for (const sessionId of event.sessionIds) {
    const visit = state.visits.get(sessionId);
    // One that was erased before.
    if (visit === undefined) continue;
    state.visits.delete(sessionId);
    const last = state.memory.forgetVisit(visit);
    if (state.lastVisitOf.get(visit.visitorId) !== sessionId) continue;
    if (last === null) state.lastVisitOf.delete(visit.visitorId);
    else state.lastVisitOf.set(visit.visitorId, last);
  }
  setVisitsDeadline(state);
}

/** A visit was seen just now: it is its visitor's last one, and the last to go. */
export function touchVisit(state: AccountState, visit: Visit, at: number): void {
  seen(state, visit, state.memory.visitBytes(visit.sessionId), at);
}

function seen(state: AccountState, visit: Visit, bytes: VisitBytes, at: number): void {
  visit.lastSeen = at;
  visit.seq = state.seq;
  state.visits.delete(visit.sessionId);
  state.visits.set(visit.sessionId, visit);
  state.lastVisitOf.set(visit.visitorId, visit.sessionId);
  state.memory.seeVisit(visit, bytes);
  setVisitsDeadline(state);
}

/** A chat is over: the visits that were of no other live chat have been seen until now. */
export function releaseVisits(
  state: AccountState,
  sessionIds: readonly string[],
  at: number,
): void {
  for (const sessionId of sessionIds) touchVisit(state, requireVisit(state, sessionId), at);
}

/** The deadline is always that of the longest silent visit. */
export function setVisitsDeadline(state: AccountState): void {
  for (const sessionId of state.memory.idleVisits()) {
    state.deadlines.set(VISITS_DEADLINE, requireVisit(state, sessionId).lastSeen + VISIT_LIFE_MS);
    return;
  }
  state.deadlines.clear(VISITS_DEADLINE);
}

function newVisit(state: AccountState, { sessionId, visitorId }: VisitReport, at: number): Visit {
  const last = state.visits.get(state.lastVisitOf.get(visitorId) ?? '');
  return {
    sessionId,
    visitorId,
    ordinal: (last?.ordinal ?? 0) + 1,
    startedAt: at,
    lastSeen: at,
    facts: NOTHING_KNOWN,
    pages: [],
    attributes: [],
    seq: state.seq,
  };
}

/** @returns what the visit's pages weigh now, bytes */
function addPages(visit: Visit, news: readonly VisitPage[]): number {
  // Setting a key that is there keeps its place.
  const byId = new Map(visit.pages.map((page) => [page.id, page]));
  for (const page of news) byId.set(page.id, page);
  const kept: VisitPage[] = [];
  let bytes = 0;
  for (const page of [...byId.values()].reverse()) {
    const more = bytesOf(page);
    // The last one is kept in any case.
    if (kept.length > 0 && (kept.length === MAX_PAGES || bytes + more > MAX_PAGES_BYTES)) break;
    kept.push(page);
    bytes += more;
  }
  visit.pages = kept.reverse();
  return bytes;
}

/** @returns what the visit's attributes weigh now, bytes */
function addAttributes(
  visit: Visit,
  given: readonly AttributeInput[],
  pageId: string | null,
  at: number,
): number {
  const news = given.map(({ type, data }) => ({ type, data, at, pageId })).reverse();
  const kept: VisitAttribute[] = [];
  let bytes = 0;
  for (const attribute of [...news, ...visit.attributes]) {
    const more = bytesOf(attribute);
    if (kept.length === MAX_ATTRIBUTES || bytes + more > MAX_ATTRIBUTES_BYTES) break;
    kept.push(attribute);
    bytes += more;
  }
  visit.attributes = kept;
  return bytes;
}
