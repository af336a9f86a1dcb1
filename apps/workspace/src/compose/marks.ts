/** `**bold**` and `_italic_` of a written line, as HTML: lines without marks stay plain. */

/** A line as it is sent. */
export interface Written {
  readonly text: string;
  readonly textType: 'plain' | 'html';
}

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}])/;
const BOLD = /\*\*(?=\S)([^*\n]*[^*\s])\*\*/gu;
const ITALIC = /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]*[^_\s])_(?![\p{L}\p{N}_])/gu;

/** @returns the line itself when there is nothing to mark in it */
export function marked(text: string): Written {
  // What stands in a web address is no mark.
  const parts = text.split(ADDRESS);
  const found = parts.some(
    (part, index) => index % 2 === 0 && markUp(escaped(part)) !== escaped(part),
  );
  if (!found) return { text, textType: 'plain' };
  const html = parts
    .map((part, index) =>
      index % 2 === 0 ? markUp(escaped(part)) : `<a href="${escaped(part)}">${escaped(part)}</a>`,
    )
    .join('')
    .replaceAll('\n', '<br>');
  return { text: html, textType: 'html' };
}

function markUp(html: string): string {
  return html.replace(BOLD, '<b>$1</b>').replace(ITALIC, '<i>$1</i>');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
