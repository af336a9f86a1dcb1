/**
 * Turns what a client sent into a document's canonical value, as far as the wire's freedoms go:
 * attribute keys with or without `@`, one member or an array for a list, strings for numbers and
 * numbers for strings, and nothing for what is left blank. What does not fit is left as it is, for the
 * schema to refuse.
 *
 * The result holds only keys that the schema names, so nothing a client sends reaches a prototype.
 */
import { withoutHarm } from './links.js';
import type { ChoiceShape, Field, ListShape, ObjectShape, Shape, TextShape } from './shape.js';
import { readForm } from './text-forms.js';
import { Numeral, PROTOTYPE_KEYS, isRecord, own } from './values.js';
import { quoted } from './visible-text.js';

/** How deep free JSON may nest. */
const FREE_DEPTH = 32;

/** Where the input came from: XML carries free JSON as text. */
export type Source = 'json' | 'xml';

export interface Normalised {
  readonly value: unknown;
  /** Which branch of each union was taken, by JSON pointer into the value. */
  readonly branches: ReadonlyMap<string, number>;
  /** What the schema could not say well. */
  readonly misfits: readonly Misfit[];
}

/** Something wrong that is found while normalising. */
export interface Misfit {
  /** JSON pointer into the value. */
  readonly pointer: string;
  readonly message: string;
}

interface Pass {
  readonly source: Source;
  readonly branches: Map<string, number>;
  readonly misfits: Misfit[];
}

/** `beside` is the body around the root, where some fields stand. */
export function normalise(
  shape: Shape,
  input: unknown,
  beside: unknown,
  source: Source,
): Normalised {
  const pass: Pass = { source, branches: new Map(), misfits: [] };
  const value = read(shape, input, '', pass, beside);
  return { value, branches: pass.branches, misfits: pass.misfits };
}

function read(
  shape: Shape,
  input: unknown,
  pointer: string,
  pass: Pass,
  beside?: unknown,
): unknown {
  if (input instanceof Numeral) return readNumeral(shape, input, pointer, pass);
  switch (shape.kind) {
    case 'text':
      return readText(shape, input, pointer, pass);
    case 'number':
      return typeof input === 'string' ? readNumber(input) : input;
    case 'boolean':
      return input === 'true' ? true : input === 'false' ? false : input;
    case 'number-or-text':
      return (shape.asString || pass.source === 'xml') &&
        typeof input === 'string' &&
        SAFE_ID.test(input)
        ? Number(input)
        : input;
    case 'free':
      return readFree(input, pointer, pass);
    case 'list':
      return readList(shape, input, pointer, pass);
    case 'object':
      return readObject(shape, input, pointer, pass, beside);
    case 'choice':
      return readChoice(shape, input, pointer, pass, beside);
    default:
      return shape satisfies never;
  }
}

function readText({ form, unfit }: TextShape, input: unknown, pointer: string, pass: Pass) {
  const text = typeof input === 'number' || typeof input === 'boolean' ? String(input) : input;
  if (form === undefined || typeof text !== 'string') return text;
  const result = readForm(form, text);
  if (result.ok) return result.text;
  if (unfit === 'refuse') pass.misfits.push({ pointer, message: result.problem });
  return undefined;
}

/** A text, also that of an element, keeps the digits; everything else gets the number. */
function readNumeral(shape: Shape, input: Numeral, pointer: string, pass: Pass): unknown {
  switch (shape.kind) {
    case 'text':
      return readText(shape, input.source, pointer, pass);
    case 'number-or-text':
      return input.source;
    case 'list':
      return readList(shape, [input], pointer, pass);
    case 'object':
      return asElement(shape, input) === undefined
        ? input.value
        : readObject(shape, { $: input }, pointer, pass, undefined);
    default:
      return read(shape, input.value, pointer, pass);
  }
}

/** Ids that are the same as a number and back. */
const SAFE_ID = /^(?:0|-?[1-9]\d{0,14})$/;

const NUMERAL = /^\s*-?\d{1,20}(\.\d{1,20})?\s*$/;

function readNumber(input: string): unknown {
  return NUMERAL.test(input) ? Number(input) : input;
}

function readFree(input: unknown, pointer: string, pass: Pass): unknown {
  const kept = copyFree(pass.source === 'xml' ? parsed(input) : input, FREE_DEPTH);
  if (kept !== TOO_DEEP) return kept;
  pass.misfits.push({ pointer, message: `must not nest deeper than ${FREE_DEPTH} levels` });
  return null;
}

function parsed(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

const TOO_DEEP = Symbol('too deep');

function copyFree(input: unknown, depth: number): unknown {
  if (input instanceof Numeral) return input.value;
  if (typeof input !== 'object' || input === null) return input;
  if (depth === 0) return TOO_DEEP;
  if (Array.isArray(input)) {
    const copies = input.map((each) => copyFree(each, depth - 1));
    return copies.includes(TOO_DEEP) ? TOO_DEEP : copies;
  }
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    if (PROTOTYPE_KEYS.has(key)) continue;
    const kept = copyFree(value, depth - 1);
    if (kept === TOO_DEEP) return TOO_DEEP;
    copy[key] = kept;
  }
  return copy;
}

function readList(shape: ListShape, input: unknown, pointer: string, pass: Pass): unknown {
  const held = members(shape, input);
  // Refused here, since looking at each of them may take long.
  if (held.length > shape.most) {
    const message = `must have at most ${shape.most} members, got ${held.length}`;
    pass.misfits.push({ pointer, message });
    return [];
  }
  // `map` would keep the holes of a list that has some, and the schema looks past them.
  return Array.from(held, (each, index) => read(shape.member, each, `${pointer}/${index}`, pass));
}

function members(shape: ListShape, input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input;
  if (input === undefined || input === null) return [];
  const keys = [shape.item, ...shape.alsoItem, shape.xmlItem].filter((key) => key !== undefined);
  if (keys.length > 0) {
    // An empty element, `<skills/>`, arrives as an empty text.
    if (input === '') return [];
    if (isRecord(input)) {
      const key = keys.find((name) => Object.hasOwn(input, name));
      if (key !== undefined) return members({ ...shape, ...NO_KEYS }, own(input, key));
      if (Object.keys(input).length === 0) return [];
    }
  }
  return [input];
}

const NO_KEYS = { item: undefined, alsoItem: [], xmlItem: undefined } as const;

function readObject(
  shape: ObjectShape,
  input: unknown,
  pointer: string,
  pass: Pass,
  beside: unknown,
): unknown {
  // An element without attributes and children, `<transfer/>`, arrives as an empty text; an element
  // with text only arrives as that text.
  const sole = Array.isArray(input) && input.length === 1 ? input[0] : input;
  const record = isRecord(sole) ? sole : asElement(shape, sole);
  if (record === undefined) return input;
  const value: Record<string, unknown> = {};
  for (const field of shape.fields) {
    const sent = find(field, record, beside);
    const missing =
      sent === undefined ||
      (sent === null && field.shape.kind !== 'free') ||
      (mayBeLeftOut(field) && isBlank(field.shape, sent));
    const given = missing ? absent(field) : sent;
    if (given === undefined) continue;
    const kept = read(field.shape, given, `${pointer}/${field.name}`, pass);
    if (kept !== undefined) value[field.name] = kept;
    else if (isOmitted(field)) value[field.name] = '';
  }
  return shape.open ? { ...furtherFields(shape, record, pointer, pass), ...value } : value;
}

/** Most fields of an object beyond those that are known, and most characters of their JSON. */
const FURTHER_FIELDS = { count: 50, characters: 8_000 } as const;

/** What an object holds besides the fields that are known, without addresses that may not be there. */
function furtherFields(
  shape: ObjectShape,
  record: Readonly<Record<string, unknown>>,
  pointer: string,
  pass: Pass,
): Record<string, unknown> {
  const known = new Set(shape.fields.flatMap(namesOf));
  const further: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    const name = key.replace(/^@/, '');
    if (known.has(key) || PROTOTYPE_KEYS.has(name)) continue;
    const kept = copyFree(value, FREE_DEPTH);
    if (kept !== TOO_DEEP) further[name] = withoutHarm(kept, 'foreign', name);
    else {
      const message = `must not nest deeper than ${FREE_DEPTH} levels`;
      pass.misfits.push({ pointer: `${pointer}/${name}`, message });
    }
  }
  const count = Object.keys(further).length;
  const characters = JSON.stringify(further).length;
  if (count > FURTHER_FIELDS.count || characters > FURTHER_FIELDS.characters) {
    const message = `must have at most ${FURTHER_FIELDS.count} fields of ${FURTHER_FIELDS.characters} characters beyond the known ones, got ${count} of ${characters}`;
    pass.misfits.push({ pointer, message });
  }
  return further;
}

function asElement(
  shape: ObjectShape,
  input: unknown,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof input === 'string' && input.trim() === '') return {};
  const scalar = typeof input === 'string' || typeof input === 'number' || input instanceof Numeral;
  return scalar && shape.fields.some((field) => field.place === 'text') ? { $: input } : undefined;
}

function mayBeLeftOut(field: Field): boolean {
  return field.presence === 'optional' || field.fallback !== undefined;
}

/** Whether an object without this field is refused. */
function isNeeded(field: Field): boolean {
  return !mayBeLeftOut(field) && field.shape.kind !== 'list' && field.place !== 'text';
}

/** What programs write that make a text of an id they do not have. */
const NO_NUMBER: ReadonlySet<string> = new Set(['', 'null', 'undefined']);

/**
 * Whether a client that sends all fields of its form left this one blank: an empty text where there
 * can be none, in an object all that was sent of it. An empty text that may be one is a value, and so
 * is an empty element that needs nothing in it.
 */
function isBlank(shape: Shape, sent: unknown): boolean {
  switch (shape.kind) {
    case 'text':
      return sent === '' && !shape.mayBeEmpty;
    case 'number':
    case 'number-or-text':
    case 'boolean':
      return typeof sent === 'string' && NO_NUMBER.has(sent.trim());
    case 'object': {
      if (!isRecord(sent)) return sent === '' && shape.fields.some(isNeeded);
      const values = shape.fields.flatMap((field) => {
        const value = find(field, sent, undefined);
        return value === undefined ? [] : [value === null || isBlank(field.shape, value)];
      });
      return values.length > 0 && !values.includes(false);
    }
    case 'list':
    case 'choice':
    case 'free':
      return false;
    default:
      return shape satisfies never;
  }
}

/** Whether a text that is not of its form is as good as an empty one here. */
function isOmitted({ shape, presence }: Field): boolean {
  return presence === 'required' && shape.kind === 'text' && shape.unfit === 'omit';
}

/** What a field that was not sent becomes: its default, an empty list, or nothing. */
function absent(field: Field): unknown {
  if (field.fallback !== undefined) return field.fallback.value;
  // An element without text has an empty text.
  if (field.place === 'text') return '';
  return field.shape.kind === 'list' && field.presence === 'required' ? [] : undefined;
}

/** The keys under which a field is looked for. */
function namesOf({ name, alsoNamed, place }: Field): readonly string[] {
  const names = [name, `@${name}`, ...alsoNamed];
  return place === 'text' ? [...names, '$'] : names;
}

function find(field: Field, record: object, beside: unknown): unknown {
  const names = namesOf(field);
  const places = field.alsoBeside && isRecord(beside) ? [record, beside] : [record];
  for (const place of places) {
    for (const name of names) {
      const sent = own(place, name);
      if (sent !== undefined) return sent;
    }
  }
  return undefined;
}

function readChoice(
  shape: ChoiceShape,
  input: unknown,
  pointer: string,
  pass: Pass,
  beside: unknown,
): unknown {
  const sole = Array.isArray(input) && input.length === 1 ? input[0] : input;
  if (!isRecord(sole)) return input;
  const literal = own(sole, shape.by) ?? own(sole, `@${shape.by}`);
  const branch = typeof literal === 'string' ? shape.branches.get(literal) : undefined;
  if (branch === undefined) {
    const allowed = [...shape.branches.keys()].join(' or ');
    const message =
      typeof literal === 'string'
        ? `must be ${allowed}, got ${quoted(literal)}`
        : `is required: ${allowed}`;
    pass.misfits.push({ pointer: `${pointer}/${shape.by}`, message });
    return {};
  }
  pass.branches.set(pointer, branch.index);
  return readObject(branch.shape, sole, pointer, pass, beside);
}
