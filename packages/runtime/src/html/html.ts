/** HTML lines are cleaned before they are stored (rules HTML…). */
import { type LinkKind, linkOrNull } from '@parley/protocol';
import sanitize from 'sanitize-html';
import { ALLOWED_STYLES } from './html-styles.js';

const OPTIONS: sanitize.IOptions = {
  allowedTags: [
    'a',
    'abbr',
    'b',
    'blockquote',
    'br',
    'code',
    'dd',
    'del',
    'div',
    'dl',
    'dt',
    'em',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'img',
    'ins',
    'li',
    'ol',
    'p',
    'pre',
    's',
    'small',
    'span',
    'strong',
    'sub',
    'sup',
    'table',
    'tbody',
    'td',
    'th',
    'thead',
    'tr',
    'u',
    'ul',
  ],
  allowedAttributes: {
    a: ['href', 'title', 'target', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    '*': ['dir', 'lang', 'style'],
  },
  allowedStyles: { '*': { ...ALLOWED_STYLES } },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  disallowedTagsMode: 'discard',
  nestingLimit: 64,
  transformTags: {
    a: (tagName, { href, target: _, rel: __, ...kept }) => ({
      tagName,
      attribs: {
        ...addressed('href', 'link', href),
        ...kept,
        target: '_blank',
        rel: 'noopener noreferrer',
      },
    }),
    img: (tagName, { src, ...kept }) => ({
      tagName,
      attribs: { ...addressed('src', 'picture', src), ...kept },
    }),
  },
};

/** The attribute with the address as it is kept; none when it leads where it may not. */
function addressed(name: string, kind: LinkKind, value: string | undefined): sanitize.Attributes {
  // One that begins with `//` is of whatever scheme the page has that shows it.
  const own = value === undefined || value.trim().startsWith('//');
  const address = own ? null : linkOrNull(kind, value);
  return address === null ? {} : { [name]: address };
}

/** What is cleaned so often and still changes is kept as text. */
const MAX_ROUNDS = 5;

/**
 * The same HTML without anything that acts, loads code, covers the page, or leads to a script or data
 * URL. Cleaning it again changes nothing: what was inside of what is dropped may be read otherwise
 * once that is gone, so it is cleaned until it stays as it is.
 */
export function cleanHtml(html: string): string {
  let clean = sanitize(html, OPTIONS);
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    const again = sanitize(clean, OPTIONS);
    if (again === clean) return clean;
    clean = again;
  }
  return sanitize(clean, { allowedTags: [], allowedAttributes: {} });
}

const BLOCK_END = /<br\s*\/?>|<\/(?:p|div|li|tr|h[1-6]|blockquote|pre)>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

/** What HTML says, without its markup. */
export function textOfHtml(html: string): string {
  const lines = html.replace(BLOCK_END, (tag) => `${tag}\n`);
  const text = sanitize(lines, { allowedTags: [], allowedAttributes: {} });
  return text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity).trim();
}
