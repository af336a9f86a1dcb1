/** What is shown of chats, computed from their events alone. */
import type { ChatEvent, Line } from '@parley/client/agent';
import type { ChatEntry } from './model.js';

/** After how long an unanswered visitor is urgent, milliseconds. */
export const AMBER_MS = 45_000;
export const RED_MS = 90_000;

/** A typing sign that is not renewed for this long is over, milliseconds. */
export const TYPING_MS = 10_000;

/** Lines of one speaker within this time stand together, milliseconds. */
export const GROUP_MS = 3 * 60_000;

export type Urgency = 'none' | 'amber' | 'red';

/** Where a chat stands in the list, in this order. */
export type Need = 'unanswered' | 'waiting' | 'over';

/** Whether the visitor reads what somebody in that role says. */
export function speaks(role: ChatEntry['role']): boolean {
  return role === 'agent' || role === 'assistant';
}

export function lastLine(chat: Pick<ChatEntry, 'events' | 'length'>): Line | null {
  for (let at = chat.length - 1; at >= 0; at -= 1) {
    const event = chat.events[at];
    if (event?.type === 'line' && event.source !== 'system') return event;
  }
  return null;
}

/**
 * Since when the visitor waits for an answer: the first line that nobody answered, epoch ms. Notes and
 * system lines are no answers.
 */
export function unansweredSince(chat: Pick<ChatEntry, 'events' | 'length'>): number | null {
  let since: number | null = null;
  for (let at = chat.length - 1; at >= 0; at -= 1) {
    const event = chat.events[at];
    if (event?.type !== 'line' || event.source === 'system') continue;
    if (event.source === 'agent' && event.subType === 'REGULAR') break;
    if (event.source === 'visitor') since = Date.parse(event.time);
  }
  return since;
}

export function urgencyOf(since: number | null, now: number): Urgency {
  if (since === null || now - since < AMBER_MS) return 'none';
  return now - since < RED_MS ? 'amber' : 'red';
}

/** How many lines of the visitor, or of colleagues' notes, were not seen yet. */
export function unreadOf(
  chat: Pick<ChatEntry, 'events' | 'length' | 'readTo' | 'info'>,
  limit = 100,
): number {
  let count = 0;
  for (let at = chat.length - 1; at >= 0 && count < limit; at -= 1) {
    const event = chat.events[at];
    if (event === undefined || event.id <= chat.readTo) break;
    if (event.type === 'line' && event.source === 'visitor') count += 1;
  }
  return count;
}

export function needOf(chat: ChatEntry): Need {
  if (chat.over !== null) return 'over';
  return waitsHereSince(chat) === null ? 'waiting' : 'unanswered';
}

/** Since when the visitor waits for this agent, epoch ms: who only reads along answers nobody. */
export function waitsHereSince(chat: ChatEntry): number | null {
  const answers = chat.over === null && chat.role !== 'listener' && chat.role !== 'supervisor';
  return answers ? unansweredSince(chat) : null;
}

const ORDER: Readonly<Record<Need, number>> = { unanswered: 0, waiting: 1, over: 2 };

/** The ids by need: unanswered, the longest first; those that wait for the visitor; ended ones. */
export function byNeed(chats: Readonly<Record<string, ChatEntry>>): readonly string[] {
  const keyed = Object.values(chats).map((chat) => {
    const since = waitsHereSince(chat);
    return { id: chat.id, need: ORDER[needOf(chat)], since: since ?? chat.since };
  });
  return keyed
    .sort((a, b) => a.need - b.need || a.since - b.since || a.id.localeCompare(b.id))
    .map(({ id }) => id);
}

/** The next chat that needs a reply, from the shown one on; null when none does. */
export function nextNeeding(
  chats: Readonly<Record<string, ChatEntry>>,
  shown: string | null,
  step: 1 | -1,
): string | null {
  const ids = byNeed(chats).filter(
    (id) => id === shown || needOf(entry(chats, id)) === 'unanswered',
  );
  const others = ids.filter((id) => id !== shown);
  if (others.length === 0) return null;
  const at = shown === null ? -1 : ids.indexOf(shown);
  const next = at === -1 ? (step === 1 ? 0 : ids.length - 1) : at + step;
  return ids[(next + ids.length) % ids.length] ?? null;
}

function entry(chats: Readonly<Record<string, ChatEntry>>, id: string): ChatEntry {
  const chat = chats[id];
  if (chat === undefined) throw new Error(`There is no chat ${id}.`);
  return chat;
}

/** What of a transcript stands together. */
export type Block =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'system'; readonly key: string; readonly event: ChatEvent }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly by: string;
      readonly side: 'visitor' | 'agent';
      readonly note: boolean;
      readonly lines: readonly Line[];
    };

const dayOf = (ms: number) => new Date(ms).toDateString();

/** The transcript in blocks: days, system lines, and lines of one speaker within three minutes. */
export function blocksOf(events: readonly ChatEvent[], length = events.length): readonly Block[] {
  const blocks: Block[] = [];
  let day: string | null = null;
  for (const event of events.slice(0, length)) {
    const at = Date.parse(event.time);
    if (day !== null && day !== dayOf(at)) blocks.push({ kind: 'day', key: `day-${event.id}`, at });
    day = dayOf(at);
    if (event.type !== 'line' || event.source === 'system') {
      blocks.push({ kind: 'system', key: `system-${event.id}`, event });
      continue;
    }
    const note = event.subType === 'ONLY_TO_REP';
    const side = event.source;
    const last = blocks.at(-1);
    const before = last?.kind === 'group' ? last.lines.at(-1) : undefined;
    const joins =
      last?.kind === 'group' &&
      before !== undefined &&
      last.by === event.by &&
      last.side === side &&
      last.note === note &&
      at - Date.parse(before.time) < GROUP_MS;
    if (joins) blocks[blocks.length - 1] = { ...last, lines: [...last.lines, event] };
    else {
      blocks.push({
        kind: 'group',
        key: `line-${event.id}`,
        by: event.by,
        side,
        note,
        lines: [event],
      });
    }
  }
  return blocks;
}

/** A line's text as one plain line, for lists and announcements. */
export function plainText(line: Pick<Line, 'text' | 'textType'>): string {
  const text = line.textType === 'plain' ? line.text : stripTags(line.text);
  return text.replace(/\s+/g, ' ').trim();
}

function stripTags(html: string): string {
  if (typeof DOMParser === 'undefined') return html.replace(/<[^>]*>/g, ' ');
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}
