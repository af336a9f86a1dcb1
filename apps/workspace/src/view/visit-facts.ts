/** What a visit tells of a visitor, as people read it. */
import type { Say } from '../texts/index.js';

/** A fact under its name; where it is an address, the page it leads to. */
export interface VisitFact {
  readonly name: string;
  readonly value: string;
  readonly href: string | null;
}

/** Facts of a visit that have a name in every language, in the order in which they are shown. */
const VISIT_FACTS = [
  ...(['currentPage', 'entryPage', 'chatPage', 'referrer', 'pagesViewed'] as const),
  ...(['country', 'city', 'language', 'timeZone', 'ip'] as const),
  ...(['browser', 'operatingSystem', 'device', 'numberOfVisits', 'numberOfChats'] as const),
  ...(['startTime', 'lastActivity', 'timeOnSite'] as const),
] as const;

/** What programs know things by, and what stands elsewhere already. */
const NOT_SHOWN = new Set([
  ...['rtSessionId', 'sessionId', 'engagementId', 'campaignId', 'visitorName', 'host'],
  ...['userAgent', 'countryCode'],
]);

/** Pages that are not named again where they are the page on screen. */
const PAGES = new Set(['entryPage', 'chatPage']);

/** An instant as the server writes it. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:?\d\d)$/;
/** A word as programs write it, such as `DESKTOP`. */
const LOUD = /^[A-Z]{3,}(?:_[A-Z]+)*$/;

/** How facts are written. */
export interface FactFormats {
  readonly say: Say;
  /** @param time ISO 8601 */
  readonly date: (time: string) => string;
  /** @param seconds a length of time */
  readonly length: (seconds: number) => string;
  /** @returns the address if it may be followed, else null */
  readonly link: (address: string) => string | null;
  /** The language that stands with the name already; empty when none does. */
  readonly language: string;
}

/** Facts as people read them; one that is new keeps its name, spelled out. */
export function visitFacts(
  facts: Readonly<Record<string, string>>,
  { say, date, length, link, language }: FactFormats,
): readonly VisitFact[] {
  const fact = (key: string, name: string): readonly VisitFact[] => {
    const value = facts[key] ?? '';
    if (value === '' || (key === 'pagesViewed' && value === '0')) return [];
    if (key === 'language' && value === language) return [];
    if (PAGES.has(key) && value === facts['currentPage']) return [];
    const href = link(value);
    if (href !== null) return [{ name, value: shortAddress(value), href }];
    if (key === 'timeOnSite') return [{ name, value: length(Number(value)), href }];
    if (INSTANT.test(value)) return [{ name, value: date(value), href }];
    return [{ name, value: LOUD.test(value) ? spelledOut(value.toLowerCase()) : value, href }];
  };
  return [
    ...VISIT_FACTS.flatMap((key) => fact(key, say(`visit.${key}`))),
    ...Object.keys(facts)
      .filter((key) => !NOT_SHOWN.has(key) && !VISIT_FACTS.some((each) => each === key))
      .flatMap((key) => fact(key, spelledOut(key))),
  ];
}

/** An address without what all have in common: `shop.example/blue-chair`. */
export function shortAddress(address: string): string {
  return address.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');
}

/** `screenSize` → `Screen size`, `smart_tv` → `Smart tv`. */
function spelledOut(name: string): string {
  const words = name
    .replace(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
