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

/** @throws TypeError for a name that does not exist, with those that do. */
export function requireEventName<K extends EventName>(name: K): K {
  if (EVENT_NAMES.includes(name)) return name;
  const names = EVENT_NAMES.map((each) => `"${each}"`).join(', ');
  throw new TypeError(`There is no event "${String(name)}". A bot can hear ${names}.`);
}
