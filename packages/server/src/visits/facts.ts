/** What is known of who visits: from the tracked visit, and else from the chat. */
import type { Chat, DeviceFamily, Visit, VisitFacts, VisitPage } from '@parley/engine';
import { type Device, deviceOf } from './device.js';
import type { Geo, GeoDatabase } from './geo.js';

/** Null is what nobody said. */
export interface VisitorFacts {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly referrer: string | null;
  readonly language: string | null;
  readonly device: Device;
  readonly geo: Geo | null;
}

/** The page that a visit is on, and how long it was on each. */
export interface PageStay extends VisitPage {
  /** Ms; as the page itself reported, else until the next page or the last heartbeat. */
  readonly stayed: number;
}

/** The facts of a tracked visit. */
export function factsOfVisit(facts: VisitFacts, geo: GeoDatabase): VisitorFacts {
  const { ip, userAgent, referrer, language } = facts;
  const device = deviceOf(userAgent);
  const family: DeviceFamily | null = facts.deviceFamily ?? device.family;
  const system = [facts.os, facts.osVersion].filter(Boolean).join(' ') || device.operatingSystem;
  return {
    ip,
    userAgent,
    referrer,
    language,
    device: { ...device, family, operatingSystem: system },
    geo: ip === null ? null : geo.lookup(ip),
  };
}

/**
 * The facts of a chat's visitor. What was tracked comes first: a chat that a server asked for gives
 * that server's address and user agent.
 */
export function factsOfChat(chat: Chat, visit: Visit | null, geo: GeoDatabase): VisitorFacts {
  const { visitor } = chat;
  const tracked = visit === null ? null : factsOfVisit(visit.facts, geo);
  const ip = tracked?.ip ?? visitor.ip;
  return {
    ip,
    userAgent: tracked?.userAgent ?? visitor.userAgent,
    referrer: tracked?.referrer ?? null,
    language: tracked?.language ?? visitor.language,
    device: tracked?.userAgent ? tracked.device : deviceOf(visitor.userAgent),
    geo: tracked?.geo ?? (ip === null ? null : geo.lookup(ip)),
  };
}

/**
 * The pages of a chat's visit, oldest first; of a visit that was not tracked the page on which the
 * chat was asked for.
 */
export function pagesOf(chat: Chat, visit: Visit | null): readonly PageStay[] {
  if (visit !== null && visit.pages.length > 0) return stays(visit);
  const url = chat.visitor.referrer;
  if (url === null) return [];
  const at = chat.requestedAt;
  const page = { id: '0', url, title: null, referrer: null, at, timeOnPage: null };
  return [{ ...page, stayed: 0 }];
}

/** How long the visitor stayed on each page of a visit, oldest first. */
export function stays(visit: Visit): readonly PageStay[] {
  return visit.pages.map((page, index) => {
    const until = visit.pages[index + 1]?.at ?? visit.lastSeen;
    return { ...page, stayed: page.timeOnPage ?? Math.max(0, until - page.at) };
  });
}
