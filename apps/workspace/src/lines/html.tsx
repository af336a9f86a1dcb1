/**
 * Lines of HTML as elements: parsed inertly, in a document that loads and runs nothing, and built anew
 * from the few elements that lines may have. Whatever else stands there is shown as its text, or not at
 * all; attributes are dropped, but for links to web and mail addresses.
 */
import { createElement, Fragment, type ReactNode } from 'react';

const KEPT = new Set(
  [
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'p',
    'br',
    'ul',
    'ol',
    'li',
    'code',
    'pre',
    'blockquote',
  ].concat([
    'span',
    'div',
    'sub',
    'sup',
    'h1',
    'h2',
    'h3',
    'h4',
    'table',
    'tbody',
    'thead',
    'tr',
    'td',
    'th',
  ]),
);

/** Headings of a line are no headings of the page. */
const RENAMED: Readonly<Record<string, string>> = {
  h1: 'strong',
  h2: 'strong',
  h3: 'strong',
  h4: 'strong',
};

const DROPPED = new Set([
  'script',
  'style',
  'template',
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
]);

const EMPTY = new Set(['br']);

const MAX_DEPTH = 24;

/** @param html as the server sent it; it is not trusted all the same */
export function htmlLine(html: string): ReactNode {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return children(body, 0);
}

function children(node: Node, depth: number): ReactNode {
  if (depth > MAX_DEPTH) return node.textContent;
  return [...node.childNodes].map((child, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line never changes
    <Fragment key={index}>{element(child, depth)}</Fragment>
  ));
}

function element(node: Node, depth: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (DROPPED.has(name)) return null;
  const inside = EMPTY.has(name) ? undefined : children(node, depth + 1);
  if (name === 'a') {
    const href = safeAddress(node.getAttribute('href'));
    return href === null ? (
      inside
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {inside}
      </a>
    );
  }
  if (name === 'img') return node.getAttribute('alt');
  if (!KEPT.has(name)) return inside;
  return createElement(RENAMED[name] ?? name, null, inside);
}

/** An address of a link, when it is one that a link may have. */
export function safeAddress(href: string | null): string | null {
  if (href === null) return null;
  const url = URL.parse(href);
  return url !== null && ['https:', 'http:', 'mailto:', 'tel:'].includes(url.protocol)
    ? url.href
    : null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)\]}]/g;

/** A plain line, with its web addresses as links. */
export function plainLine(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const href = safeAddress(found[0]);
    if (href === null) continue;
    parts.push(text.slice(from, found.index));
    parts.push(
      <a key={found.index} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {found[0]}
      </a>,
    );
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}
