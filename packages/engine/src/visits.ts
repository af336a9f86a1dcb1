/**
 * Visits: what a visitor's browser or app told of itself. A visit is known by its session id, which
 * nobody can guess, and lives until it has been silent for a while.
 */
import type { Decision, Situation } from './decide.js';
import type { AccountEvent } from './events.js';
import type { AccountState } from './state.js';

/** How long a silent visit is kept (visitor.md, "Visit information"), ms. */
export const VISIT_LIFE_MS = 6 * 60 * 60_000;

/** Most pages kept of a visit: the last ones. */
export const MOST_PAGES = 100;

/** Most characters that the pages of one visit may have; beyond this the first go. */
export const MOST_PAGE_CHARS = 64_000;

/** Most engagement attributes kept of a visit: the newest. */
export const MOST_ATTRIBUTES = 200;

/** Most characters that the attributes of one visit may have as JSON; beyond this the oldest go. */
export const MOST_ATTRIBUTE_CHARS = 64_000;

/** Most live visits of an account; beyond this the longest silent go. */
export const MOST_VISITS = 10_000;

export type DeviceFamily = 'DESKTOP' | 'TABLET' | 'MOBILE';

/** What a visit is known to come from; null is what nobody said. */
export interface VisitFacts {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The page elsewhere that led here. */
  readonly referrer: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  /** Width and height in pixels: `1920x1080`. */
  readonly screen: string | null;
  readonly appType: string | null;
  readonly appVersion: string | null;
  /** As the app names them; without them the user agent tells. */
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly deviceFamily: DeviceFamily | null;
  /** Where on the site or in the app the visitor is. */
  readonly sections: readonly string[] | null;
}

export interface VisitPage {
  readonly id: string;
  readonly url: string;
  readonly title: string | null;
  readonly referrer: string | null;
  /** When it was opened, epoch ms. */
  readonly at: number;
  /** Ms, as the page itself tells; null when it did not. */
  readonly timeOnPage: number | null;
}

/** An engagement attribute as it was reported. */
export interface GivenAttribute {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Characters of `data` as JSON. */
  readonly chars: number;
}

export interface VisitAttribute extends GivenAttribute {
  readonly at: number;
  /** The page it was reported on, if one. */
  readonly pageId: string | null;
}

export interface Visit {
  readonly sessionId: string;
  readonly visitorId: string;
  /** 1 for the first visit of the visitor that is known of, then 2, 3 … */
  readonly ordinal: number;
  readonly startedAt: number;
  lastSeen: number;
  facts: VisitFacts;
  /** In the order they were opened. */
  pages: VisitPage[];
  /** Newest first. */
  attributes: VisitAttribute[];
  /** Journal position of the last event that changed it. */
  seq: number;
}

/** What one report tells; what is absent stays as it was. */
export interface VisitReport {
  readonly sessionId: string;
  readonly visitorId: string;
  readonly facts?: Partial<VisitFacts>;
  /** A page with an id that is known already replaces it. */
  readonly pages?: readonly VisitPage[];
  /** In the order they happened. */
  readonly attributes?: readonly GivenAttribute[];
  /** The page that the attributes were reported on. */
  readonly pageId?: string;
}

type VisitEvent = Extract<AccountEvent, { type: 'visit.seen' | 'visits.forgotten' }>;

/** Key of the one alarm for the longest silent visit. */
export const VISITS_ALARM = 'visits:';

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

/** A sign of life of a visit, and what came with it. A session belongs to one visitor for good. */
export function seeVisit(
  { state }: Situation,
  report: VisitReport,
): Decision<Record<never, never>> {
  const { sessionId, visitorId } = report;
  const visit = state.visits.get(sessionId);
  if (visit !== undefined && visit.visitorId !== visitorId) {
    return { rejected: 'unknown-visit', sessionId };
  }
  const events: AccountEvent[] = [{ type: 'visit.seen', ...report }];
  const longestSilent = state.visits.keys().next().value;
  if (visit === undefined && state.visits.size >= MOST_VISITS && longestSilent !== undefined) {
    events.unshift({ type: 'visits.forgotten', sessionIds: [longestSilent] });
  }
  return { events, reply: {} };
}

/** Visits that have been silent for too long, as the event that forgets them. */
export function forgetSilentVisits({ state, now }: Situation): AccountEvent[] {
  const sessionIds: string[] = [];
  for (const visit of state.visits.values()) {
    if (now < visit.lastSeen + VISIT_LIFE_MS) break;
    sessionIds.push(visit.sessionId);
  }
  return sessionIds.length === 0 ? [] : [{ type: 'visits.forgotten', sessionIds }];
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
    const visit = state.visits.get(event.sessionId) ?? newVisit(state, event, at);
    visit.facts = { ...visit.facts, ...event.facts };
    for (const page of event.pages ?? []) addPage(visit, page);
    addAttributes(visit, event.attributes ?? [], event.pageId ?? null, at);
    touchVisit(state, visit, at);
    return;
  }
  for (const sessionId of event.sessionIds) {
    const visit = state.visits.get(sessionId);
    if (visit === undefined) throw new Error(`no visit ${sessionId}`);
    state.visits.delete(sessionId);
    if (state.lastVisitOf.get(visit.visitorId) === sessionId) {
      state.lastVisitOf.delete(visit.visitorId);
    }
  }
  setVisitsAlarm(state);
}

/** A sign of life: the visits stand in the order of their last one, longest silent first. */
export function touchVisit(state: AccountState, visit: Visit, at: number): void {
  visit.lastSeen = at;
  visit.seq = state.seq;
  state.visits.delete(visit.sessionId);
  state.visits.set(visit.sessionId, visit);
  state.lastVisitOf.set(visit.visitorId, visit.sessionId);
  setVisitsAlarm(state);
}

/** The alarm is always that of the longest silent visit. */
export function setVisitsAlarm(state: AccountState): void {
  const first = state.visits.values().next().value;
  if (first === undefined) state.alarms.clear(VISITS_ALARM);
  else state.alarms.set(VISITS_ALARM, first.lastSeen + VISIT_LIFE_MS);
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

function addPage(visit: Visit, page: VisitPage): void {
  const known = visit.pages.findIndex(({ id }) => id === page.id);
  if (known >= 0) visit.pages[known] = page;
  else visit.pages.push(page);
  visit.pages = lastPages(visit.pages);
}

/** As many of the last pages as are kept; one at least. */
function lastPages(pages: VisitPage[]): VisitPage[] {
  const kept: VisitPage[] = [];
  let chars = 0;
  for (const page of pages.toReversed()) {
    chars += charsOf(page);
    if (kept.length > 0 && (kept.length === MOST_PAGES || chars > MOST_PAGE_CHARS)) break;
    kept.push(page);
  }
  return kept.length === pages.length ? pages : kept.reverse();
}

function charsOf({ id, url, title, referrer }: VisitPage): number {
  return id.length + url.length + (title?.length ?? 0) + (referrer?.length ?? 0);
}

function addAttributes(
  visit: Visit,
  given: readonly GivenAttribute[],
  pageId: string | null,
  at: number,
): void {
  if (given.length === 0) return;
  const news = given.map(({ type, data, chars }) => ({ type, data, chars, at, pageId })).reverse();
  const kept: VisitAttribute[] = [];
  let chars = 0;
  for (const attribute of [...news, ...visit.attributes]) {
    chars += attribute.chars;
    if (kept.length === MOST_ATTRIBUTES || chars > MOST_ATTRIBUTE_CHARS) break;
    kept.push(attribute);
  }
  visit.attributes = kept;
}
