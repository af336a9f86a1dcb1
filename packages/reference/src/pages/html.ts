/** HTML from templates: whatever is put in is escaped, unless it is HTML made here. */
import { linkOrNull } from '@parley/protocol';

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = Html | string | number | null | readonly Piece[];

/**
 * `` html`<p>${text}</p>` ``: pieces are escaped, HTML and lists of it are put in as they are. What is
 * put in as an address leads to a place of these pages, or where a link may lead at all.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let text = strings[0] ?? '';
  for (const [index, piece] of pieces.entries()) {
    const leads = LEADS.test(strings[index] ?? '') && typeof piece === 'string';
    text += textOf(leads ? addressOf(piece) : piece) + (strings[index + 1] ?? '');
  }
  return new Html(text);
}

const LEADS = /\s(?:href|src)="$/;
const PLACE_HERE = /^(?:#|\/(?![/\\]))[^\s\\\p{C}]*$/u;

function addressOf(address: string): string {
  return PLACE_HERE.test(address) ? address : (linkOrNull('link', address) ?? '#');
}

function textOf(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece));
  return piece.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** Paragraphs, separated by an empty line, with `code` and **emphasis**. */
export function prose(text: string): Html {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => html`<p>${inline(paragraph)}</p>`);
  return html`${paragraphs}`;
}

function inline(text: string): readonly Html[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return code(part.slice(1, -1));
    if (part.startsWith('**')) return html`<strong>${part.slice(2, -2)}</strong>`;
    return html`${part}`;
  });
}

/** Addresses of the reference itself lead there. */
function code(text: string): Html {
  return /^\/(?:docs|openapi\.json)/.test(text)
    ? html`<a href="${text}"><code>${text}</code></a>`
    : html`<code>${text}</code>`;
}
