/** The names of what a bot hears, in the order in which a chat can bring them. */
export const EVENT_NAMES = [
  'chat:start',
  'join',
  'chat:resume',
  'line:visitor',
  'line:system',
  'suggestion:outcome',
  'chat:end',
] as const;

/** What a bot can hear. */
export type EventName = (typeof EVENT_NAMES)[number];

/** What a bot with the role of an assistant or a listener hears when it is invited, before it comes. */
export const OFFER_NAMES = ['offer:assistant', 'offer:listener'] as const;

export type OfferName = (typeof OFFER_NAMES)[number];

/** @throws TypeError for a name that does not exist, with those that do. */
export function requireEventName<K extends EventName | OfferName>(name: K): K {
  const all: readonly (EventName | OfferName)[] = [...OFFER_NAMES, ...EVENT_NAMES];
  if (all.includes(name)) return name;
  const names = all.map((each) => `"${each}"`).join(', ');
  throw new TypeError(`There is no event "${String(name)}". A bot can hear ${names}.`);
}
