/**
 * Lines on their way, as the transcript shows them: each stands there once. The stream may bring a line
 * before its answer has come, and the answer may come before the stream brings the line.
 */
import type { ChatEvent, Pending, StoredLine } from '@parley/client/agent';
import { plainText } from './chats.js';
import type { Underway } from './model.js';

/**
 * What is on its way once the outbox has changed: what is stored stays until its event is there.
 * @param last id of the last event
 */
export function withPending(
  before: readonly Underway[],
  pending: readonly Pending[],
  last: number,
): readonly Underway[] {
  const waits = new Set(pending.map(({ key }) => key));
  return [
    ...before.filter(({ key, id }) => !waits.has(key) && id !== null && id > last),
    ...pending.map(
      (each) => before.find(({ key }) => key === each.key) ?? { ...each, after: last, id: null },
    ),
  ];
}

/** Once one is stored. They are sent one after the other: the others can only be stored after it. */
export function withStored(
  before: readonly Underway[],
  { key, id }: StoredLine,
): readonly Underway[] {
  if (id === null) return before;
  return before.map((each) =>
    each.key === key ? { ...each, id } : { ...each, after: Math.max(each.after, id) },
  );
}

/** Those that do not stand among the first `length` events already. */
export function notThere(
  underway: readonly Underway[],
  events: readonly ChatEvent[],
  length: number,
): readonly Underway[] {
  if (underway.length === 0) return underway;
  const last = events[length - 1]?.id ?? -1;
  const taken = new Set<number>();
  return underway.filter((each) => {
    if (each.event.text === undefined) return false;
    if (each.id !== null) return each.id > last;
    const there = storedAs(each, events, length, taken);
    if (there !== null) taken.add(there);
    return there === null;
  });
}

/** The event that a line came back as, while its answer is not there; null for none. */
function storedAs(
  { event, after }: Underway,
  events: readonly ChatEvent[],
  length: number,
  taken: ReadonlySet<number>,
): number | null {
  const note = event['subType'] === 'ONLY_TO_REP';
  const text = plainText(textOf(event));
  // From behind: what is new stands at the end.
  let found: number | null = null;
  for (let at = length - 1; at >= 0; at -= 1) {
    const each = events[at];
    if (each === undefined || each.id <= after) break;
    if (each.type !== 'line' || each.source !== 'agent' || taken.has(each.id)) continue;
    if ((each.subType === 'ONLY_TO_REP') === note && plainText(each) === text) found = each.id;
  }
  return found;
}

function textOf(event: Pending['event']) {
  const textType = event['textType'] === 'html' ? ('html' as const) : ('plain' as const);
  return { text: event.text ?? '', textType };
}
