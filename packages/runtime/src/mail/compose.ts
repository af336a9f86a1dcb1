/** A chat's transcript as a mail, in plain text and in HTML. */
import {
  type AccountEvent,
  type FeedAmount,
  FeedBudget,
  type FeedEntry,
  isVisibleTo,
  type LineEntry,
} from '@parley/engine';
import { linesOf, oneLine } from '@parley/protocol';
import { cleanHtml, textOfHtml } from '../html/html.js';
import { feedOf } from '../accounts/journal-decoding.js';
import { Pauses } from '../pauses.js';

export interface Transcript {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How times and the visitor are written. */
export interface TranscriptStyle {
  /** IANA name. */
  readonly timeZone: string;
  /** BCP 47 tag; one that is none counts as `en-US`. */
  readonly language: string;
  /** Null for the usual one. */
  readonly subject: string | null;
}

const INDENT = '    ';

const DEFAULT_SUBJECT = 'Transcript of your chat';

/** What a visitor who gave no name is called in a mail to them. */
const UNNAMED = 'You';

/** How much of a chat a mail holds: its last events. Nobody reads more; mail servers refuse it. */
export const MAX_IN_MAIL: FeedAmount = { entries: 5_000, bytes: 250_000 };

/** Said at the beginning of what does not hold the whole chat. */
const LEFT_OUT = 'This chat is longer than a mail holds: its beginning is left out.';

/** Only what the visitor may see goes in. */
export async function composeTranscript(
  events: readonly AccountEvent[],
  style: TranscriptStyle,
): Promise<Transcript> {
  const all = feedOf(events).filter((entry) => isVisibleTo(entry, 'visitor'));
  const budget = new FeedBudget(MAX_IN_MAIL);
  const leftOut = all.findLastIndex((entry) => !budget.take(entry)) + 1;
  const entries = all.slice(leftOut);
  const [first] = entries;
  const subject = oneLine(style.subject ?? '') || DEFAULT_SUBJECT;
  const day = formatter(style, { dateStyle: 'long' });
  const clock = formatter(style, { timeStyle: 'medium' });
  const date = first === undefined ? '' : day.format(first.at);
  const lines: (Saying & { readonly time: string })[] = [];
  const pauses = new Pauses();
  for (const entry of entries) {
    const said = sayingOf(entry);
    if (said !== null) lines.push({ ...said, time: clock.format(entry.at) });
    await pauses.take();
  }
  const note = leftOut > 0 ? [LEFT_OUT, ''] : [];
  const text = [
    subject,
    `${date} (${style.timeZone})`,
    '',
    ...note,
    ...lines.map(({ time, by, plain }) =>
      entryOf(`[${time}] ${by === null ? '' : `${by}: `}`, plain),
    ),
    '',
  ].join('\n');
  const rows = lines.map(
    ({ time, by, markup }) =>
      `<tr><td style="color:#666;padding-right:1em;vertical-align:top">${escaped(time)}</td>` +
      `<td>${by === null ? '' : `<b>${escaped(by)}:</b> `}${markup}</td></tr>`,
  );
  const html = [
    '<!doctype html>',
    `<html><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
    `<h1 style="font-size:1.2em">${escaped(subject)}</h1>`,
    `<p>${escaped(`${date} (${style.timeZone})`)}</p>`,
    ...(leftOut > 0 ? [`<p><i>${escaped(LEFT_OUT)}</i></p>`] : []),
    `<table>${rows.join('\n')}</table>`,
    '</body></html>',
  ].join('\n');
  return { subject, text, html };
}

interface Saying {
  /** Null for what nobody says. */
  readonly by: string | null;
  readonly plain: string;
  readonly markup: string;
}

function sayingOf(entry: FeedEntry): Saying | null {
  if (entry.type === 'state') {
    if (entry.state !== 'ended') return null;
    const plain = 'The chat ended.';
    return { by: null, plain, markup: `<i>${plain}</i>` };
  }
  // Who came and went is seen by what they say.
  if (entry.type === 'collaboration') return null;
  const by = entry.source === 'system' ? null : oneLine(entry.by ?? '') || UNNAMED;
  return { by, ...wordsOf(entry) };
}

/** A line's text; one that is HTML is cleaned again, whatever was done when it was stored. */
function wordsOf({ text, textType }: LineEntry): Omit<Saying, 'by'> {
  if (textType === 'html') return { plain: textOfHtml(text), markup: cleanHtml(text) };
  const plain = text === '' && textType === 'rich-content' ? '[structured content]' : text;
  return { plain, markup: linesOf(plain).map(escaped).join('<br>') };
}

/**
 * What was said at one time, by one person. Only that begins a line: the further lines of a text are
 * indented, so that none of them looks like something that somebody else said.
 */
function entryOf(head: string, text: string): string {
  return head + linesOf(text).join(`\n${INDENT}`);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function formatter(
  { language, timeZone }: TranscriptStyle,
  style: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...style, timeZone });
  }
}
