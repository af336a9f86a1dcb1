// Reads links and anchors from Markdown, as GitHub shows it.

/**
 * A link's target as written, and the line (from 1) it is on.
 * @typedef {{ target: string, line: number }} Link
 */

const inlineLink =
  /\]\(\s*(?:<([^>\n]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+["'(][^\n]*?)?\s*\)/g;
const definition = /^ {0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^>]*)>|(\S+))/;
const htmlLink = /<(?:a|img|source|video)\b[^>]*?\s(?:href|src)\s*=\s*["']([^"']+)["']/gi;
const htmlAnchor = /<[a-z][a-z0-9]*\b[^>]*?\s(?:id|name)\s*=\s*["']([^"']+)["']/gi;

/**
 * Finds links and images: inline, by reference definition, and in HTML. Code is not searched.
 * @param {string} text
 * @returns {Link[]}
 */
export function linksOf(text) {
  return prose(text).flatMap((content, index) => {
    const line = withoutCodeSpans(content);
    const defined = definition.exec(line);
    const targets = [
      ...[...line.matchAll(inlineLink)].map(([, bracketed, bare]) => bracketed ?? bare ?? ''),
      ...(defined === null ? [] : [defined[1] ?? defined[2] ?? '']),
      ...[...line.matchAll(htmlLink)].map(([, target]) => target ?? ''),
    ];
    return targets.map((target) => ({ target, line: index + 1 }));
  });
}

/**
 * Finds what a link's `#…` can name: the headings, under the names GitHub gives them, and HTML ids.
 * @param {string} text
 * @returns {Set<string>}
 */
export function anchorsOf(text) {
  /** @type {Set<string>} */
  const anchors = new Set();
  const lines = prose(text);
  lines.forEach((content, index) => {
    const heading = headingAt(lines, index);
    if (heading !== undefined) anchors.add(unused(slug(heading), anchors));
    for (const [, id] of withoutCodeSpans(content).matchAll(htmlAnchor)) anchors.add(id ?? '');
  });
  return anchors;
}

/**
 * The lines of a text, with those inside fenced code blocks and comments emptied.
 * @param {string} text
 * @returns {string[]}
 */
export function prose(text) {
  const visible = text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''));
  /** @type {string | undefined} */
  let fence;
  return visible.split(/\r?\n/).map((line) => {
    const [, marker] = /^\s*(?:>\s*)*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined) {
      fence = marker;
      return marker === undefined ? line : '';
    }
    if (marker?.startsWith(fence)) fence = undefined;
    return '';
  });
}

/** @param {string} line */
function withoutCodeSpans(line) {
  return line.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
}

/**
 * @param {string[]} lines
 * @param {number} index
 * @returns {string | undefined} the heading's text, if a heading starts on that line
 */
function headingAt(lines, index) {
  const line = lines[index] ?? '';
  const [, marked] = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/.exec(line) ?? [];
  if (marked !== undefined) return marked;
  const underlined = /^ {0,3}(=+|-{2,})\s*$/.test(lines[index + 1] ?? '');
  return underlined && /^ {0,3}[^\s>|#-]/.test(line) ? line.trim() : undefined;
}

/**
 * The anchor that GitHub gives a heading.
 * @param {string} heading Markdown
 * @returns {string}
 */
function slug(heading) {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .trim()
    .replace(/ /g, '-');
}

/**
 * GitHub numbers headings of the same text: usage, usage-1, usage-2.
 * @param {string} name
 * @param {Set<string>} used
 */
function unused(name, used) {
  if (!used.has(name)) return name;
  let number = 1;
  while (used.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
