/**
 * Writes canonical values as XML: the same shapes as JSON, in elements, attributes and text. That
 * JSON has plain keys in some documents changes nothing here.
 */
import type { ListShape, ObjectShape, Shape } from './shape.js';
import { withoutHarm } from './links.js';
import { writtenForm } from './text-forms.js';
import { own } from './values.js';
import { escapeAttribute, escapeText } from './xml-text.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** The elements that write a value under this name: none, one, or one per member of a list. */
type Emit = (name: string, value: unknown) => string;

/** The writer of a document of this shape with this root element. */
export function xmlWriter(shape: Shape, root: string): (value: unknown) => string {
  const emit = shape.kind === 'list' && shape.item === undefined ? rootList(shape) : emitter(shape);
  return (value) => {
    const body = emit(root, value);
    return `${DECLARATION}${body === '' ? `<${root}/>` : body}`;
  };
}

/** A document that is a list still has one root element. */
function rootList(shape: ListShape): Emit {
  const member = emitter(shape.member);
  const name = shape.xmlItem ?? 'item';
  return (root, value) =>
    element(root, (value as readonly unknown[]).map((each) => member(name, each)).join(''));
}

function emitter(shape: Shape): Emit {
  switch (shape.kind) {
    case 'text':
      return (name, value) => element(name, escapeText(writtenForm(shape.form, String(value))));
    case 'number':
      if (shape.noneAsNull) {
        return (name, value) => (value === 0 ? '' : element(name, String(value)));
      }
      return (name, value) => element(name, escapeText(String(value)));
    case 'boolean':
    case 'number-or-text':
      return (name, value) => element(name, escapeText(String(value)));
    case 'free':
      return (name, value) =>
        element(name, escapeText(JSON.stringify(withoutHarm(value, shape.from))));
    case 'list':
      return listEmitter(shape);
    case 'object':
      return objectEmitter(shape);
    case 'choice': {
      const emits = new Map(
        [...shape.branches].map(([literal, branch]) => [literal, objectEmitter(branch.shape)]),
      );
      return (name, value) =>
        emits.get(String(own(value as object, shape.by)))?.(name, value) ?? '';
    }
    default:
      return shape satisfies never;
  }
}

function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function listEmitter(shape: ListShape): Emit {
  const member = emitter(shape.member);
  const inner = shape.item ?? shape.xmlItem;
  if (inner === undefined) {
    return (name, value) => {
      let out = '';
      for (const each of value as readonly unknown[]) out += member(name, each);
      return out;
    };
  }
  return (name, value) => {
    let out = '';
    for (const each of value as readonly unknown[]) out += member(inner, each);
    return out === '' && shape.written === 'collapse' ? '' : element(name, out);
  };
}

function objectEmitter(shape: ObjectShape): Emit {
  const attributes = shape.fields
    .filter((field) => field.xmlPlace === 'attribute')
    .map(({ name, shape: inner }) => ({
      name,
      form: inner.kind === 'text' ? inner.form : undefined,
    }));
  const contents = shape.fields
    .filter((field) => field.xmlPlace !== 'attribute')
    .map((field) => ({
      name: field.name,
      place: field.xmlPlace,
      emit: emitter(field.shape),
    }));
  return (name, value) => {
    const record = value as Readonly<Record<string, unknown>>;
    let open = name;
    for (const attribute of attributes) {
      const content = record[attribute.name];
      if (content === undefined) continue;
      const text = writtenForm(attribute.form, String(content));
      open += ` ${attribute.name}="${escapeAttribute(text)}"`;
    }
    let inside = '';
    for (const field of contents) {
      const content = record[field.name];
      if (content === undefined) continue;
      inside +=
        field.place === 'text' ? escapeText(String(content)) : field.emit(field.name, content);
    }
    return inside === '' ? `<${open}/>` : `<${open}>${inside}</${name}>`;
  };
}
