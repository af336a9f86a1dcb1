/**
 * Structured content: the cards that a rich-content line carries. Containers hold elements; elements
 * may be clicked. Fields that are not named here are kept and mean nothing.
 */
import { isRecord } from './values.js';

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

const flag: Rule = (value, path) =>
  typeof value === 'boolean' ? null : `${path} must be true or false${got(value)}`;

const style: Rule = (value, path) =>
  isRecord(value) ? null : `${path} must be an object${got(value)}`;

function degrees(limit: number): Rule {
  return (value, path) =>
    typeof value === 'number' && Math.abs(value) <= limit
      ? null
      : `${path} must be a number from ${-limit} to ${limit}${got(value)}`;
}

/** Absolute addresses only, without anything that a reader might skip over or cut off. */
function address(form: RegExp, schemes: string): Rule {
  return (value, path) =>
    typeof value === 'string' && form.test(value)
      ? null
      : `${path} must be an address with ${schemes}${got(value)}`;
}

const picture = address(/^https?:\/\/[!-~\u00a1-\uffff]+$/i, 'https: or http:');
const target = address(
  /^(?:https?:\/\/|mailto:|tel:)[!-~\u00a1-\uffff]+$/i,
  'https:, http:, mailto: or tel:',
);
const place = { lo: degrees(180), la: degrees(90) };

/** What can happen on a click. */
const ACTIONS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ['link', { required: { uri: target }, optional: { name: text } }],
  ['navigate', { required: place, optional: { name: text } }],
  ['publishText', { required: { text } }],
]);

const action: Rule = (value, path) => oneOf(ACTIONS, value, path);
const click: Rule = (value, path) =>
  checkFields({ optional: { actions: listOf(action) } }, value, path);
const element: Rule = (value, path) => oneOf(ELEMENTS, value, path);

const container: Fields = { required: { elements: listOf(element) } };
const common = { tooltip: text, alt: text, rtl: flag, style, click };

const ELEMENTS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ['vertical', container],
  ['horizontal', container],
  ['carousel', container],
  ['list', container],
  ['section', container],
  ['text', { required: { text }, optional: common }],
  ['image', { required: { url: picture }, optional: { ...common, caption: text } }],
  ['button', { required: { title: text }, optional: common }],
  ['map', { required: place, optional: common }],
]);

/**
 * What is wrong with structured content, naming the place below `path`, the rule and what came
 * instead; null when it may be shown. Links lead to web pages, mail and telephone numbers only.
 */
export function structuredContentProblem(content: unknown, path: string): string | null {
  const bytes = utf8Length(JSON.stringify(content) ?? '');
  return bytes > STRUCTURED_CONTENT_MAX
    ? `${path} must be at most ${STRUCTURED_CONTENT_MAX} bytes, got ${bytes}`
    : element(content, path);
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

function got(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'nothing';
  return `, got ${shown.length > 80 ? `${shown.slice(0, 77)}...` : shown}`;
}
