/** The fields of a JSON document, as a reader wants them: names, kinds, rules, words. */
import type { JsonSchema } from '@parley/protocol';
import { isRecord } from './is-record.js';
import { Html, html } from './html.js';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** The fields of a schema; null when it has none to show. */
export function fields(schema: JsonSchema, schemas: Schemas): Html | null {
  const list = fieldList(schema, schemas);
  return list === null ? null : html`<div class="fields">${list}</div>`;
}

function fieldList(schema: JsonSchema, schemas: Schemas): Html | null {
  const inside = follow(schema, schemas);
  const properties = inside['properties'];
  if (isRecord(properties)) {
    const required = new Set(Array.isArray(inside['required']) ? inside['required'] : []);
    const entries = Object.entries(properties);
    const rows = entries.map(([name, each]) =>
      row(name, each as JsonSchema, required.has(name), schemas, entries.length === 1),
    );
    return html`<ul>${rows}</ul>`;
  }
  const { alternatives, items } = partsOf(inside);
  if (items !== undefined) return fieldList(items, schemas);
  const lists = alternatives
    .map((each) => fieldList(each, schemas))
    .filter((each) => each !== null);
  const [only] = lists;
  if (lists.length < 2 || isOneOrMany(inside)) return only ?? null;
  return html`${lists.map((each, index) => html`<p class="or">${index === 0 ? 'Either' : 'or'}</p>${each}`)}`;
}

function row(
  name: string,
  schema: JsonSchema,
  required: boolean,
  schemas: Schemas,
  alone: boolean,
): Html {
  const described = { ...follow(schema, schemas), ...schema };
  const inner = fieldList(schema, schemas);
  const head = html`<code>${name}</code> <span class="kind">${kind(schema, schemas)}</span>${
    required ? null : html` <span class="optional">optional</span>`
  } <span class="words">${words(described)}</span>`;
  if (inner === null) return html`<li>${head}</li>`;
  // A root key alone says nothing: what is in it is what the reader came for.
  const open = alone ? new Html(' open') : null;
  return html`<li><details${open}><summary>${head}</summary>${inner}</details></li>`;
}

/** What kind of value it is, in a few words. */
function kind(schema: JsonSchema, schemas: Schemas): string {
  const inside = follow(schema, schemas);
  if (isOneOrMany(inside)) {
    const [member] = partsOf(inside).alternatives;
    return member === undefined ? 'list' : `${kind(member, schemas)}, or several of them`;
  }
  const { alternatives, items } = partsOf(inside);
  if (items !== undefined) return `list of ${kind(items, schemas)}`;
  if (alternatives.length > 0) {
    return [...new Set(alternatives.map((each) => kind(each, schemas)))].join(' or ');
  }
  if (inside['const'] !== undefined) return JSON.stringify(inside['const']);
  if (Array.isArray(inside['enum'])) {
    return inside['enum'].map((each) => JSON.stringify(each)).join(', ');
  }
  if (inside['type'] === undefined) return 'any JSON';
  const types = [inside['type']].flat().map((type) => WORDS[String(type)] ?? String(type));
  const form = FORMS[String(inside['format'])] ?? digits(inside);
  return form ?? types.join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  integer: 'whole number',
  string: 'text',
  boolean: 'true or false',
  null: 'null',
};

const FORMS: Readonly<Record<string, string>> = { 'date-time': 'time', uri: 'address' };

function digits({ type, pattern }: JsonSchema): string | undefined {
  return type === 'string' && /^\^(-\?)?\[0-9\]\+\$$/.test(String(pattern))
    ? 'whole number as text'
    : undefined;
}

function words(schema: JsonSchema): Html {
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  const rules = [
    typeof minimum === 'number' && minimum !== 1 ? `at least ${minimum}` : '',
    typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? `at most ${maximum}` : '',
    typeof minLength === 'number' && minLength > 1 ? `at least ${minLength} characters` : '',
    typeof maxLength === 'number' ? `at most ${maxLength} characters` : '',
    typeof maxItems === 'number' ? `at most ${maxItems} of them` : '',
  ].filter((rule) => rule !== '');
  const said = typeof schema['description'] === 'string' ? schema['description'] : '';
  return html`${said}${rules.length === 0 ? null : html` <span class="rules">${rules.join(', ')}</span>`}`;
}

/** The schema that is meant: references are followed. */
function follow(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  const found = schemas[ref.slice(ref.lastIndexOf('/') + 1)];
  return found === undefined ? schema : follow(found, schemas);
}

function partsOf(schema: JsonSchema): {
  readonly alternatives: readonly JsonSchema[];
  readonly items: JsonSchema | undefined;
} {
  const alternatives = [schema['anyOf'], schema['oneOf']].find(Array.isArray) ?? [];
  const items = schema['items'];
  return { alternatives, items: isRecord(items) ? items : undefined };
}

/** A list that is written as its only member when it has just one. */
function isOneOrMany(schema: JsonSchema): boolean {
  const [one, many, ...more] = partsOf(schema).alternatives;
  if (one === undefined || many === undefined || more.length > 0) return false;
  return JSON.stringify(partsOf(many).items) === JSON.stringify(one);
}
