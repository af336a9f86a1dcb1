/**
 * Writes canonical values as JSON text. Each shape becomes a closure once; after that a document is
 * string concatenation, since an events document is written for every poll of every chat.
 */
import type { ChoiceShape, ListShape, ObjectShape, Shape } from './shape.js';
import { withoutHarm } from './links.js';
import { writtenForm } from './text-forms.js';
import { own } from './values.js';

/** `attributes`: attribute keys carry `@` and lists collapse. `plain`: neither. */
export type JsonStyle = 'attributes' | 'plain';

/** JSON text of a value, or `undefined` where the wire has nothing. */
type Emit = (value: unknown) => string | undefined;

/** Writes the value of a document; `beside` holds the fields that stand beside the root key. */
export type JsonWriter = (value: unknown) => { readonly inside: string; readonly beside: string };

/** The writer of a document of this shape. */
export function jsonWriter(shape: Shape, style: JsonStyle): JsonWriter {
  const inside = emitter(shape, style, 'element');
  const apart =
    shape.kind === 'object' ? shape.fields.filter((field) => field.written === 'beside') : [];
  if (apart.length === 0) return (value) => ({ inside: inside(value) ?? '{}', beside: '' });
  const beside = members(
    { kind: 'object', fields: apart, link: false, open: false },
    style,
    'beside',
  );
  return (value) => ({ inside: inside(value) ?? '{}', beside: beside(value as object) });
}

// Everything but control characters, the quote, the backslash and halves of surrogate pairs.
const MUST_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A string as JSON text. */
export function quote(value: string): string {
  return MUST_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function emitter(shape: Shape, style: JsonStyle, place: 'attribute' | 'text' | 'element'): Emit {
  const inAttribute = style === 'attributes' && place === 'attribute';
  switch (shape.kind) {
    case 'text': {
      const { form } = shape;
      if (form === undefined) return (value) => quote(String(value));
      return (value) => quote(writtenForm(form, String(value)));
    }
    case 'number':
      if (shape.noneAsNull) return (value) => (value === 0 ? 'null' : bare(value));
      return shape.asString || inAttribute ? quoted : bare;
    case 'boolean':
      return shape.asString || inAttribute ? quoted : String;
    case 'number-or-text':
      return (value) =>
        typeof value === 'number' && !shape.asString ? String(value) : quote(String(value));
    case 'free':
      return (value) => JSON.stringify(withoutHarm(value, shape.from));
    case 'list':
      return listEmitter(shape, style);
    case 'object':
      return objectEmitter(shape, style);
    case 'choice':
      return choiceEmitter(shape, style);
    default:
      return shape satisfies never;
  }
}

const quoted: Emit = (value) => `"${String(value)}"`;
const bare: Emit = (value) => (Number.isFinite(value) ? String(value) : 'null');

function listEmitter(shape: ListShape, style: JsonStyle): Emit {
  const member = emitter(shape.member, style, 'element');
  const collapse = shape.written === 'collapse' && style === 'attributes';
  const open = shape.item === undefined ? '' : `{${quote(shape.item)}:`;
  const close = shape.item === undefined ? '' : '}';
  const empty = shape.emptyAsNull ? 'null' : collapse ? undefined : `${open}[]${close}`;
  return (value) => {
    const items = value as readonly unknown[];
    const first = items[0];
    if (items.length === 0) return empty;
    if (collapse && items.length === 1) return `${open}${member(first) ?? 'null'}${close}`;
    let out = `${open}[${member(first) ?? 'null'}`;
    for (let i = 1; i < items.length; i += 1) out += `,${member(items[i]) ?? 'null'}`;
    return `${out}]${close}`;
  };
}

function objectEmitter(shape: ObjectShape, style: JsonStyle): Emit {
  const write = members(shape, style, 'inside');
  return (value) => `{${write(value as object)}}`;
}

/** `"key":value,…` for the fields of an object that are written at this place. */
function members(
  shape: ObjectShape,
  style: JsonStyle,
  written: 'inside' | 'beside',
): (value: object) => string {
  const fields = shape.fields
    .filter((field) => field.written === written)
    .map((field) => {
      const mark = style === 'attributes' && field.place === 'attribute' ? '@' : '';
      const key = field.place === 'text' ? '$' : `${mark}${field.name}`;
      return {
        name: field.name,
        prefix: `${quote(key)}:`,
        emit: emitter(field.shape, style, field.place),
      };
    });
  return (value) => {
    let out = '';
    for (const field of fields) {
      const content = (value as Readonly<Record<string, unknown>>)[field.name];
      if (content === undefined) continue;
      const text = field.emit(content);
      if (text === undefined) continue;
      out += out === '' ? field.prefix + text : `,${field.prefix}${text}`;
    }
    return out;
  };
}

function choiceEmitter(shape: ChoiceShape, style: JsonStyle): Emit {
  const emits = new Map(
    [...shape.branches].map(([literal, branch]) => [literal, objectEmitter(branch.shape, style)]),
  );
  return (value) => {
    const literal = own(value as object, shape.by);
    const emit = emits.get(String(literal));
    if (emit === undefined)
      throw new Error(`Nothing is written with ${shape.by} ${String(literal)}.`);
    return emit(value);
  };
}
