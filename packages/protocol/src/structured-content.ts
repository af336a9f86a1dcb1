/**
 * Structured content: the cards that a rich-content line carries. Containers hold elements; elements
 * may be clicked. Fields that are not named here are kept and mean nothing, but no address in them
 * leads where it may not.
 */
import { foreignProblem, isAddressKey, isNoAddress, type LinkKind, readLink } from './links.js';
import { isRecord } from './values.js';
import { quoted } from './visible-text.js';

/** Longest structured content, bytes of its JSON. */
export const STRUCTURED_CONTENT_MAX = 5 * 1024;

/** What is wrong with the value of a field, as `must be …`; null when nothing is. */
type Rule = (value: unknown, path: string) => string | null;

interface Fields {
  readonly required?: Readonly<Record<string, Rule>>;
  readonly optional?: Readonly<Record<string, Rule>>;
}

const text: Rule = (value, path) =>
  typeof value === 'string' ? null : `${path} must be a text${got(value)}`;

/** Texts that are addresses; where they may lead is looked at when they are kept. */
const address: Rule = (value, path) =>
  typeof value === 'string' && value.trim() !== ''
    ? null
    : `${path} must be an address${got(value)}`;

const flag: Rule = (value, path) =>
  typeof value === 'boolean' ? null : `${path} must be true or false${got(value)}`;

const style: Rule = (value, path) =>
  isRecord(value) ? null : `${path} must be an object${got(value)}`;

/** Of any size, as the original's own examples have them. */
const degrees: Rule = (value, path) =>
  typeof value === 'number' && Number.isFinite(value)
    ? null
    : `${path} must be a number${got(value)}`;

const place = { lo: degrees, la: degrees };

const PLATFORMS = ['ios', 'android', 'web'] as const;

/** A link leads somewhere: by its own `uri`, or by one for a platform. */
const link: Rule = (value, path) => {
  if (!isRecord(value)) return null;
  const given = [value, ...PLATFORMS.map((platform) => value[platform])]
    .map((at) => (isRecord(at) ? at['uri'] : undefined))
    .filter((uri) => typeof uri === 'string' && uri.trim() !== '' && !isNoAddress(uri));
  if (given.length > 0) return null;
  return value['uri'] === undefined
    ? `${path}.uri is required`
    : address(value['uri'], `${path}.uri`);
};

/** What can happen on a click. */
const ACTIONS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ['link', { optional: { name: text } }],
  ['navigate', { required: place, optional: { name: text } }],
  ['publishText', { required: { text } }],
  ...['addToCart', 'checked', 'custom', 'datePicker', 'scheduleSlotList', 'submitAsText'].map(
    (type) => [type, {}] as const,
  ),
]);

const action: Rule = (value, path) =>
  oneOf(ACTIONS, value, path) ??
  (isRecord(value) && value['type'] === 'link' ? link(value, path) : null);
const click: Rule = (value, path) =>
  checkFields({ optional: { actions: listOf(action) } }, value, path);
const element: Rule = (value, path) => oneOf(ELEMENTS, value, path);
const replies: Rule = (value, path) =>
  Array.isArray(value)
    ? listOf(element)(value, path)
    : checkFields({ required: { replies: listOf(element) } }, value, path);

const beside = { quickReplies: replies };
const container: Fields = { required: { elements: listOf(element) }, optional: beside };
const common = { tooltip: text, alt: text, rtl: flag, style, click, ...beside };

const ELEMENTS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ...['vertical', 'horizontal', 'carousel', 'list', 'section'].map(
    (type) => [type, container] as const,
  ),
  ['text', { required: { text }, optional: common }],
  ['image', { required: { url: address }, optional: { ...common, caption: text } }],
  ['button', { required: { title: text }, optional: common }],
  ['map', { required: place, optional: common }],
  ['quickReplies', { required: { replies: listOf(element) } }],
  ...['sectionList', 'buttonList', 'checklist'].map((type) => [type, container] as const),
  ['submitButton', { required: { title: text }, optional: common }],
  ['checkbox', { required: { text }, optional: common }],
  ...['accordionSelect', 'carouselSelect', 'linkPreview', 'separator', 'tabs'].map(
    (type) => [type, { optional: common }] as const,
  ),
]);

/** The content as it is kept, or what is wrong with it. */
export type StructuredContentResult =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads structured content. A problem names the place below `path`, the rule and what came instead.
 * Links lead to web pages, mail and telephone numbers only, one without a scheme by https.
 */
export function readStructuredContent(content: unknown, path: string): StructuredContentResult {
  const bytes = utf8Length(JSON.stringify(content) ?? '');
  if (bytes > STRUCTURED_CONTENT_MAX) {
    const problem = `${path} must be at most ${STRUCTURED_CONTENT_MAX} bytes, got ${bytes}`;
    return { ok: false, problem };
  }
  const problem = element(content, path);
  if (problem !== null) return { ok: false, problem };
  const problems: string[] = [];
  const kept = keep(content, { path, key: '', kind: 'link', problems });
  const [first] = problems;
  return first === undefined ? { ok: true, content: kept } : { ok: false, problem: first };
}

/** Where a value stands. */
interface At {
  readonly path: string;
  /** Members of a list stand under the list's key. */
  readonly key: string;
  /** What an address here is for. */
  readonly kind: LinkKind;
  readonly problems: string[];
}

/** The value with its addresses as they are kept. */
function keep(value: unknown, at: At): unknown {
  if (typeof value === 'string') return keepText(value, at);
  if (Array.isArray(value)) {
    return value.map((member, index) => keep(member, { ...at, path: `${at.path}[${index}]` }));
  }
  if (!isRecord(value)) return value;
  const kind = value['type'] === 'image' ? 'picture' : 'link';
  const entries = Object.entries(value).flatMap(([key, inside]) => {
    // The original's own example says "specific uri for iOS" there.
    if (key === 'uri' && isPlatform(at.key) && typeof inside === 'string' && isNoAddress(inside)) {
      return [];
    }
    return [[key, keep(inside, { ...at, path: `${at.path}.${key}`, key, kind })] as const];
  });
  return Object.fromEntries(entries);
}

function keepText(value: string, { path, key, kind, problems }: At): string {
  if (!isAddressKey(key)) {
    const problem = foreignProblem(key, value);
    if (problem !== null) problems.push(`${path} ${problem}`);
    return value;
  }
  const result = readLink(key === 'url' ? kind : 'link', value);
  if (result.ok) return result.text;
  problems.push(`${path} ${result.problem}`);
  return value;
}

function isPlatform(key: string): boolean {
  return PLATFORMS.some((platform) => platform === key);
}

function utf8Length(content: string): number {
  let bytes = 0;
  for (const character of content) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function oneOf(kinds: ReadonlyMap<string, Fields>, value: unknown, path: string): string | null {
  if (!isRecord(value)) return `${path} must be an object with a type${got(value)}`;
  const { type } = value;
  const fields = typeof type === 'string' ? kinds.get(type) : undefined;
  return fields === undefined
    ? `${path}.type must be one of ${[...kinds.keys()].join(', ')}${got(type)}`
    : checkFields(fields, value, path);
}

function checkFields({ required, optional }: Fields, value: unknown, path: string): string | null {
  if (!isRecord(value)) return `${path} must be an object${got(value)}`;
  for (const [name, rule] of Object.entries(required ?? {})) {
    const problem =
      value[name] === undefined
        ? `${path}.${name} is required`
        : rule(value[name], `${path}.${name}`);
    if (problem !== null) return problem;
  }
  for (const [name, rule] of Object.entries(optional ?? {})) {
    const problem = value[name] === undefined ? null : rule(value[name], `${path}.${name}`);
    if (problem !== null) return problem;
  }
  return null;
}

function listOf(rule: Rule): Rule {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path} must be a list${got(value)}`;
    for (const [index, member] of value.entries()) {
      const problem = rule(member, `${path}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** What came instead, shortened. */
function got(value: unknown): string {
  if (typeof value === 'string') return `, got ${quoted(value)}`;
  return `, got ${quoted(JSON.stringify(value) ?? 'nothing').slice(1, -1)}`;
}
