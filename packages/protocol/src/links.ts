/**
 * Where links may lead. Every field of every document that holds an address is checked here, when it
 * is read and again when it is written, and so are addresses in HTML and in structured content.
 *
 * An address is stricter than what a browser makes one of: nothing in it is skipped, decoded or
 * turned around before it says where it leads.
 */
import { quoted } from './visible-text.js';

/**
 * What an address is for: `link` for people to follow, `page` of a website, `picture` to be shown,
 * `endpoint` that this server calls.
 */
export type LinkKind = 'link' | 'page' | 'picture' | 'endpoint';

/** The address as it is kept, or what it must be, as `must …`. */
export type LinkResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

const WEB = ['https:', 'http:'] as const;
const SCHEMES: Readonly<Record<LinkKind, readonly string[]>> = {
  link: [...WEB, 'mailto:', 'tel:'],
  page: WEB,
  picture: WEB,
  // Whether it may be one without TLS, whoever calls it knows.
  endpoint: WEB,
};

/** Spaces, and what is not seen, breaks lines or changes the direction of writing. */
const HIDDEN =
  /[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/u;

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

const NAME = '[\\p{L}\\p{N}\\p{M}_-]+';
/** A name or an address of a machine, with a port or without. */
const HOST = `(?:\\[[0-9a-f:.]{2,45}\\]|${NAME}(?:\\.${NAME})*\\.?)(?::\\d{1,5})?`;
/** What may stand behind it; a backslash counts as a slash in browsers, so there is none. */
const REST = '(?:/[^?#\\\\]*)?(?:\\?[^#]*)?(?:#.*)?';

const WEB_FORM = new RegExp(`^https?://${HOST}${REST}$`, 'iu');
const CREDENTIALS = /^https?:\/\/[^/?#\\]*@/i;
/** A web address that was written without its scheme: `www.example.com/x`, `localhost:3000`. */
const SCHEMELESS = new RegExp(
  `^(?:localhost(?=[:/?#]|$)|${NAME}(?:\\.${NAME})+)(?::\\d{1,5})?${REST}$`,
  'iu',
);
const MAILTO = /^mailto:[^<>"\\]+$/i;
const TEL = /^tel:[+*#]?[0-9][^<>"\\]*$/i;

/**
 * Reads an address: one without a scheme is https. An empty text is kept: it names nothing.
 */
export function readLink(kind: LinkKind, text: string): LinkResult {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, text: '' };
  const hidden = HIDDEN.exec(trimmed)?.[0];
  if (hidden !== undefined && hidden !== ' ') {
    return refused(
      `must be an address without control, invisible or direction-changing characters, got ${quoted(text)}`,
    );
  }
  const address = withScheme(trimmed);
  if (CREDENTIALS.test(address)) {
    return refused(`must be an address without a user name or password, got ${quoted(text)}`);
  }
  const scheme = SCHEME.exec(address)?.[0].toLowerCase() ?? '';
  const good = SCHEMES[kind].includes(scheme) && hidden === undefined && fits(scheme, address);
  return good
    ? { ok: true, text: address }
    : refused(`must be an address with ${listed(SCHEMES[kind])}, got ${quoted(text)}`);
}

/** The address as it is kept; null when it may not be shown as a link, or names nothing. */
export function linkOrNull(kind: LinkKind, text: string): string | null {
  const result = readLink(kind, text);
  return result.ok && result.text !== '' ? result.text : null;
}

/** Whether a text has no scheme and could not be an address either, as `your link here`. */
export function isNoAddress(text: string): boolean {
  const trimmed = text.trim();
  return !SCHEME.test(trimmed) && !readLink('link', trimmed).ok && !/[/\\:?#]/.test(trimmed);
}

function refused(problem: string): LinkResult {
  return { ok: false, problem };
}

function withScheme(address: string): string {
  if (address.startsWith('//')) return `https:${address}`;
  return SCHEMELESS.test(address) && !TEL.test(address) ? `https://${address}` : address;
}

function fits(scheme: string, address: string): boolean {
  if (scheme === 'mailto:') return MAILTO.test(address);
  if (scheme === 'tel:') return TEL.test(address);
  return WEB_FORM.test(address) && portOf(address) <= 65_535;
}

function portOf(address: string): number {
  return Number(/^https?:\/\/(?:\[[^\]]*\]|[^:/?#]*):(\d+)/i.exec(address)?.[1] ?? 0);
}

/** `https:, http:, mailto: or tel:` */
function listed(schemes: readonly string[]): string {
  const last = schemes.at(-1) ?? '';
  return schemes.length === 1 ? last : `${schemes.slice(0, -1).join(', ')} or ${last}`;
}

/** Keys under which JSON of others holds an address. */
const ADDRESS_KEY = /(?:ur[il]|href|src|srcset|website|homepage|formaction)s?$/i;

/** Whether a text under this key is an address. */
export function isAddressKey(key: string): boolean {
  return ADDRESS_KEY.test(key);
}

/** Keys whose texts are read and never followed: those of structured content, surveys and attributes. */
const TEXT_KEY = new RegExp(
  `^(?:${[
    ...['text', 'title', 'tooltip', 'alt', 'caption', 'name', 'label', 'description', 'message'],
    ...['header', 'subtitle', 'placeholder', 'value', 'publishText', 'displayValue', 'question'],
    ...['answer', 'id', 'topic', 'category', 'keywords', 'contextId', 'code', 'company', 'role'],
    ...[
      'companyBranch',
      'firstname',
      'lastname',
      'surname',
      'userName',
      'accountName',
      'affiliate',
    ],
    ...['campaignId', 'sku'],
  ].join('|')})$`,
  'i',
);

/** What runs or reads something when it is followed, however it is disguised. */
const HARMFUL =
  /^(?:(?:javascript|vbscript|livescript|mocha|jscript|blob|filesystem|view-source|jar|ms-[a-z-]+|intent):|file:\/|data:(?:[\w.+-]+\/[\w.+-]+|[;,]|;base64))/;

/** Whether a text would run or read something if a page followed it. */
export function isHarmful(text: string): boolean {
  return HARMFUL.test(
    text.replace(/[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, '').toLowerCase(),
  );
}

/**
 * What is wrong with a text that stands under a key which nobody here knows, as `must …`: under one
 * that names an address it must be one, under any other it must not be a harmful one.
 */
export function foreignProblem(key: string, text: string): string | null {
  if (ADDRESS_KEY.test(key)) {
    const result = readLink('link', text);
    return result.ok ? null : result.problem;
  }
  if (TEXT_KEY.test(key) || !isHarmful(text)) return null;
  return `must not be an address that runs or reads something, got ${quoted(text)}`;
}

/**
 * Free JSON without the texts that may not be there; the same value when there is none. Members of
 * lists stand under the list's key.
 * @param from of JSON that is our `own` only what its keys call addresses is looked at
 */
export function withoutHarm(
  value: unknown,
  from: 'foreign' | 'own' = 'foreign',
  key = '',
): unknown {
  if (typeof value === 'string') {
    const looked = from === 'foreign' || ADDRESS_KEY.test(key);
    return looked && foreignProblem(key, value) !== null ? '' : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map((member) => withoutHarm(member, from, key));
    return members.some((member, index) => member !== value[index]) ? members : value;
  }
  const entries = Object.entries(value);
  const kept = entries.map(([name, inside]) => [name, withoutHarm(inside, from, name)] as const);
  return kept.some(([, inside], index) => inside !== entries[index]?.[1])
    ? Object.fromEntries(kept)
    : value;
}
