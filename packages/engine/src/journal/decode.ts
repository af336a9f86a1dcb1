/**
 * Reading events back: the one place where an entry of a journal becomes an event, whatever version
 * of Parley wrote it.
 *
 * A change of an event's shape that older entries do not have is a new version of its type: whoever
 * makes it adds the step that lifts an event of the version before, at the end of the type's list.
 * Entries are never rewritten, but to erase what they say about somebody (erase.ts): what is left is written
 * in the present type and version.
 */
import type { AccountEvent, AccountEventType } from '../events.js';

/** An event as it was written, of any version. */
export type StoredEvent = Readonly<Record<string, unknown>>;

/** Lifts an event by one version. */
export type Upcaster = (event: StoredEvent) => StoredEvent;

/**
 * Of each type, how an event of version 1, 2, 3 … becomes one of the next version. The version that
 * is written is one more than there are steps.
 */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

const UPCASTERS: { readonly [T in AccountEventType]: readonly Upcaster[] } = {
  'session.opened': [],
  'session.cookieRenewed': [],
  'session.availability': [],
  'session.ended': [],
  'chat.requested': [],
  'chat.busy': [],
  'chat.held': [],
  'chat.rang': [],
  'rings.extended': [],
  'chat.offerWithdrawn': [],
  'chat.accepted': [],
  'chat.line': [],
  'chat.requeued': [],
  'chat.transferred': [],
  'chat.reassigned': [],
  'chat.ended': [],
  'chat.invited': [],
  'chat.uninvited': [],
  'chat.joined': [],
  'chat.left': [],
  'chat.takenOver': [],
  'session.delegated': [],
  'session.delegationEnded': [],
  'chat.suggested': [],
  'chat.suggestionClosed': [],
  'chat.escalated': [],
  'answers.extended': [],
  'chat.visitorNamed': [],
  'chat.read': [],
  'chats.forgotten': [],
  'chat.variables': [],
  'chat.surveyAnswered': [],
  'offline.surveyLeft': [],
  'visit.seen': [],
  'visits.forgotten': [],
  'participant.identified': [],
  'participants.forgotten': [],
  'transcript.requested': [],
  'transcript.sent': [],
  'transcript.failed': [],
  'request.answered': [],
  'clock.moved': [],
};

/**
 * Types that have another name now. An entry is never rewritten, so it keeps the name it was written with;
 * its version is one of the type that it became.
 */
const RENAMED: Readonly<Record<string, AccountEventType>> = {
  'chat.unrang': 'chat.offerWithdrawn',
};

/** Every type of event that this version writes and reads. */
export const EVENT_TYPES: readonly string[] = Object.keys(UPCASTERS);

/** The version in which events of a type are written. */
export function eventVersion(type: AccountEventType): number {
  return UPCASTERS[type].length + 1;
}

/**
 * Why an entry cannot be read. `newer`: it is of a type or version that only a newer Parley knows;
 * `damaged`: it is not what any Parley wrote.
 */
export type Unreadable = 'newer' | 'damaged';

/** The entry cannot be read; the message says why, and repeats nothing of what the entry holds. */
export class UnreadableEvent extends Error {
  readonly because: Unreadable;
  constructor(because: Unreadable, message: string) {
    super(message);
    this.name = 'UnreadableEvent';
    this.because = because;
  }
}

/** What types of events look like; anything else is not repeated: it may be what somebody said. */
const TYPE = /^[a-z]{1,20}\.[A-Za-z]{1,30}$/;

/**
 * The event of a journal entry, in the shape of this version.
 * @throws UnreadableEvent
 */
export function decode(type: string, version: number, json: string): AccountEvent {
  return decodeWith(UPCASTERS, type, version, json, RENAMED) as unknown as AccountEvent;
}

/**
 * `decode` by any table of steps.
 * @param renamed types that have another name now, by the one they had
 * @throws UnreadableEvent
 */
export function decodeWith(
  upcasters: Upcasters,
  type: string,
  version: number,
  json: string,
  renamed: Readonly<Record<string, string>> = {},
): StoredEvent {
  const name = (Object.hasOwn(renamed, type) ? renamed[type] : undefined) ?? type;
  const steps = Object.hasOwn(upcasters, name) ? upcasters[name] : undefined;
  if (steps === undefined) {
    const named = TYPE.test(type) ? `"${type}"` : '(not shown: it is not the name of one)';
    throw new UnreadableEvent('newer', `this version does not know its type ${named}`);
  }
  const known = steps.length + 1;
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new UnreadableEvent('damaged', `its version ${version} is not one`);
  }
  if (version > known) {
    throw new UnreadableEvent(
      'newer',
      `it is a ${type} of version ${version}, and this version reads up to ${known}`,
    );
  }
  let event = parsed(json);
  if (event.type !== type) {
    throw new UnreadableEvent('damaged', `its text is not that of a ${type}`);
  }
  if (name !== type) event = { ...event, type: name };
  for (const lift of steps.slice(version - 1)) event = lift(event);
  return event;
}

function parsed(json: string): StoredEvent {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own words repeat a part of the text.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as StoredEvent;
  }
  throw new UnreadableEvent('damaged', 'its text is not JSON of an event');
}
