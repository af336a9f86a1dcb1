/** Events of a chat as documents and the disk show them, for the history. */
import type { FeedEntry } from '@parley/engine';
import { at, textAt } from '../../harness.js';
import type { Answer, ShownEvent } from '../history/format.js';

/** What a document with the events of a chat says. @throws Error when it is none */
export function eventsIn(body: unknown): Answer<'read'> {
  const page = at(body, 'events') ?? at(body, 'chat.events');
  const listed = at(page, 'event') ?? [];
  const documents: unknown[] = Array.isArray(listed) ? listed : [listed];
  return { events: documents.map(eventOf), next: nextOf(page) };
}

function eventOf(document: unknown): ShownEvent {
  const id = Number(textAt(document, '@id'));
  const time = textAt(document, 'time');
  if (textAt(document, '@type') === 'state') {
    return { id, type: 'state', text: textAt(document, 'state'), time };
  }
  const system = at(document, 'systemMessageId');
  return {
    id,
    type: 'line',
    text: textAt(document, 'text'),
    hidden: at(document, 'subType') === 'ONLY_TO_REP',
    source: textAt(document, 'source'),
    by: textAt(document, 'by'),
    time,
    ...(system === undefined ? {} : { system: Number(system) }),
  };
}

/** The id in the `next` link. */
function nextOf(page: unknown): number {
  const links = at(page, 'link');
  const next: unknown = Array.isArray(links)
    ? links.find((link) => at(link, '@rel') === 'next')
    : undefined;
  return Number(/[?&]from=(\d+)/.exec(String(at(next, '@href')))?.[1]);
}

/** An entry of the feed as the disk has it. */
export function eventOnDisk(entry: FeedEntry): ShownEvent {
  const { id } = entry;
  if (entry.type === 'state') return { id, type: 'state', text: entry.state };
  // Nobody comes in beside an agent here.
  if (entry.type !== 'line') throw new Error(`event ${id} is a ${entry.type}`);
  const { text, source, subType, systemMessageId: system } = entry;
  const hidden = subType === 'ONLY_TO_REP';
  return { id, type: 'line', text, hidden, source, ...(system === undefined ? {} : { system }) };
}
