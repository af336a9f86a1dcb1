/** What a page or app reports of a visit, as the engine keeps it. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { AttributeInput, Visit, VisitFacts, VisitPage } from '@parley/engine';
import { type EngagementAttribute, type EngagementRequest, WireError } from '@parley/protocol';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import { languageKey } from '@parley/configuration/records/names';
import type { ReportCall } from '../visitor/authorize.js';
import { deviceFamilyOf } from '../visits/device.js';

const PAGE_ID_DIGITS = 10;
const MAX_USER_AGENT = 1_000;
const MAX_LANGUAGE = 35;

/** A new id of a visitor or a visit: 128 random bits, fit for a URL. */
export function newVisitId(): string {
  return randomBytes(16).toString('base64url');
}

export function newPageId(): string {
  return randomDigits(PAGE_ID_DIGITS);
}

/**
 * The facts that a report carries, without those that are known already. What a trusted server adds to
 * a visit comes over its own connection, which says nothing about the visitor.
 * @throws WireError 400 for an address that is none.
 */
export function factsOf(
  call: ReportCall,
  request: EngagementRequest,
  visit: Visit | null,
): Partial<VisitFacts> {
  const { headers } = call.request;
  const { appType, appDetails: app = {}, consumerSections } = request;
  const direct = visit === null || !call.trusted;
  const accepted = direct ? headers['accept-language']?.split(/[,;]/, 1)[0]?.trim() : undefined;
  const language = app.language ?? accepted;
  const referrer = app.referrer ?? (visit === null ? request.pages[0]?.referrer : undefined);
  const facts: { [K in keyof VisitFacts]: VisitFacts[K] | undefined } = {
    ip: direct || app.ipAddress ? addressOf(call, app.ipAddress) : undefined,
    userAgent: direct ? headers['user-agent']?.slice(0, MAX_USER_AGENT) : undefined,
    referrer,
    language: language === undefined ? undefined : languageKey(language.slice(0, MAX_LANGUAGE)),
    timeZone: app.timeZone,
    screen: app.screen,
    appType,
    appVersion: app.appVersion,
    os: app.os,
    osVersion: app.osVersion,
    deviceFamily: app.deviceFamily === undefined ? undefined : deviceFamilyOf(app.deviceFamily),
    sections: consumerSections.length === 0 ? undefined : consumerSections,
  };
  const news = Object.entries(facts).filter(([name, value]) => {
    if (value === undefined || value === null || value === '') return false;
    const before = visit === null ? null : visit.facts[name as keyof VisitFacts];
    return JSON.stringify(before) !== JSON.stringify(value);
  });
  return Object.fromEntries(news);
}

/** Only a trusted app key may say what the visitor's address is. */
function addressOf(call: ReportCall, address: string | undefined): string {
  if (!address || !call.trusted) {
    return call.server.proxies.clientAddress(call.request.raw);
  }
  if (isIP(address) !== 0) return address;
  throw new WireError(
    'invalidField',
    `appDetails.ipAddress must be an IPv4 or IPv6 address, got "${address}".`,
  );
}

/** The pages of a report; one that is known keeps the time at which it was opened. */
export function pagesIn(
  request: EngagementRequest,
  visit: Visit | null,
  now: number,
): readonly VisitPage[] {
  return request.pages.map((page) => {
    const known = visit?.pages.find(({ id }) => id === page.id);
    return {
      id: page.id || newPageId(),
      url: page.url || (known?.url ?? ''),
      title: page.title ?? known?.title ?? null,
      referrer: page.referrer ?? known?.referrer ?? null,
      at: known?.at ?? now,
      timeOnPage: page.timeOnPage ?? known?.timeOnPage ?? null,
    };
  });
}

/** The attributes of a report, with one word for each gender. */
export function attributesIn(request: EngagementRequest): readonly AttributeInput[] {
  return request.engagementAttributes.map((attribute) => {
    const data = withGenderWord(attribute);
    return { type: data.type, data };
  });
}

type Gender = 'MALE' | 'FEMALE' | 'OTHER';
const GENDERS: Readonly<Record<string, Gender>> = { 0: 'MALE', 1: 'FEMALE', 2: 'OTHER' };

function withGenderWord(attribute: EngagementAttribute): EngagementAttribute {
  if (attribute.type !== 'personal') return attribute;
  const word = GENDERS[attribute.personal.gender ?? ''];
  if (word === undefined) return attribute;
  return { ...attribute, personal: { ...attribute.personal, gender: word } };
}
