/**
 * HTML of lines, as nodes: a small list of elements, and links that lead to pages, mail or telephones.
 * Nothing is ever given to the browser's own parser, which pages with Trusted Types forbid; what is not
 * on the list is its text alone.
 */

/** Elements that stay, by what they become. */
const ALLOWED: Readonly<Record<string, string>> = {
  ...{ a: 'a', b: 'strong', strong: 'strong', i: 'em', em: 'em', u: 'u', s: 's', code: 'code' },
  ...{
    p: 'p',
    div: 'p',
    br: 'br',
    ul: 'ul',
    ol: 'ol',
    li: 'li',
    blockquote: 'blockquote',
    pre: 'pre',
  },
};
/** Elements whose content is no text. */
const DROPPED = new Set([
  'script',
  'style',
  'template',
  'title',
  'iframe',
  'object',
  'svg',
  'math',
]);
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};
const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|<!--[\s\S]*?-->|[^<]+|</gi;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

/** One element or text of a line. */
export type HtmlNode =
  | string
  | { readonly tag: string; readonly href: string | null; readonly children: readonly HtmlNode[] };

interface Open {
  readonly tag: string;
  readonly href: string | null;
  readonly children: HtmlNode[];
}

export function parseHtml(source: string): readonly HtmlNode[] {
  const top: Open = { tag: '', href: null, children: [] };
  const open: Open[] = [top];
  let dropped: string | null = null;
  for (const [token, slash = '', name = '', attributes = ''] of source.matchAll(TOKEN)) {
    const tag = name.toLowerCase();
    if (dropped !== null) {
      if (slash !== '' && tag === dropped) dropped = null;
      continue;
    }
    const here = open.at(-1) ?? top;
    if (tag === '') {
      if (!token.startsWith('<!--')) here.children.push(decoded(token));
    } else if (slash !== '') {
      const kept = ALLOWED[tag];
      const at = open.findLastIndex((each) => each.tag === kept);
      if (kept !== undefined && at > 0) open.length = at;
    } else if (DROPPED.has(tag)) dropped = tag;
    else if (ALLOWED[tag] !== undefined) {
      const [, double, single, bare] = HREF.exec(attributes) ?? [];
      const href = tag === 'a' ? safeLink(decoded(double ?? single ?? bare ?? '')) : null;
      const element: Open = { tag: ALLOWED[tag], href, children: [] };
      here.children.push(element);
      if (tag !== 'br') open.push(element);
    }
  }
  return top.children;
}

/** What is left of it as plain text. */
export function textOfHtml(source: string): string {
  const textOf = (node: HtmlNode): string =>
    typeof node === 'string' ? node : node.tag === 'br' ? '\n' : node.children.map(textOf).join('');
  return parseHtml(source).map(textOf).join('').trim();
}

/** The address, where it leads to a page, a mail or a telephone; null elsewhere. */
export function safeLink(address: string): string | null {
  try {
    const { protocol, href } = new URL(address.trim());
    return ['https:', 'http:', 'mailto:', 'tel:'].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, dec, hex, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
      const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : '\ufffd';
    },
  );
}
