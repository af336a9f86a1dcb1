/**
 * A schema as the readers and writers see it: a small tree made once per document, so that no
 * writer asks a schema anything while writing.
 */
import type { TSchema } from 'typebox';
import type { Annotated, WireNotes } from './annotations.js';
import type { TextForm } from './text-forms.js';

export interface TextShape {
  readonly kind: 'text';
  readonly instant: 'iso' | undefined;
  readonly form: TextForm | undefined;
  /** What becomes of a text that is not of its form. */
  readonly unfit: 'refuse' | 'omit';
  /** Whether the schema takes an empty text: not where it is one of some words, or a mail address. */
  readonly mayBeEmpty: boolean;
}
export interface NumberShape {
  readonly kind: 'number';
  readonly asString: boolean;
  readonly noneAsNull: boolean;
  readonly instant: 'epoch-ms' | undefined;
}
export interface BooleanShape {
  readonly kind: 'boolean';
  readonly asString: boolean;
}
/** A number or a text. */
export interface NumberOrTextShape {
  readonly kind: 'number-or-text';
  readonly asString: boolean;
  /** The texts are instants. */
  readonly instant: 'iso' | undefined;
}
/** Any JSON. */
export interface FreeShape {
  readonly kind: 'free';
  readonly from: 'foreign' | 'own';
}
export interface ListShape {
  readonly kind: 'list';
  readonly member: Shape;
  readonly written: 'collapse' | 'always';
  /** The key of the members inside the list's own object, when it has one. */
  readonly item: string | undefined;
  readonly alsoItem: readonly string[];
  readonly xmlItem: string | undefined;
  readonly emptyAsNull: boolean;
  /** More members than this are not looked at. */
  readonly most: number;
}
export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** Where JSON writes it: an attribute's key has `@`, that of a text is `$`. */
  readonly place: 'attribute' | 'text' | 'element';
  /** Where XML writes it. */
  readonly xmlPlace: 'attribute' | 'text' | 'element';
  readonly presence: 'required' | 'optional';
  readonly written: 'inside' | 'beside';
  readonly alsoNamed: readonly string[];
  readonly alsoBeside: boolean;
  /** What a missing field becomes. */
  readonly fallback: { readonly value: unknown } | undefined;
}
export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: readonly Field[];
  readonly link: boolean;
  /** Fields beyond these are kept when reading. */
  readonly open: boolean;
}
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly by: string;
  /** In the order of the union; the index is the branch's place in `anyOf`. */
  readonly branches: ReadonlyMap<string, { readonly index: number; readonly shape: ObjectShape }>;
}
export type Shape =
  | TextShape
  | NumberShape
  | BooleanShape
  | NumberOrTextShape
  | FreeShape
  | ListShape
  | ObjectShape
  | ChoiceShape;

/** The JSON Schema keywords that matter here; every TypeBox schema is an object of such keywords. */
interface Keywords extends Annotated {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly items?: TSchema;
  readonly maxItems?: number;
  readonly anyOf?: readonly TSchema[];
}

/**
 * The shape of a schema.
 * @throws Error for a schema that no document may use (a mistake in this package).
 */
export function shapeOf(schema: TSchema): Shape {
  const keywords = schema as Keywords;
  const wire = keywords['x-wire'] ?? {};
  if (wire.free !== undefined) return { kind: 'free', from: wire.free };
  if (wire.numberOrText) {
    const instant = wire.instant === 'iso' ? 'iso' : undefined;
    return { kind: 'number-or-text', asString: wire.asString === true, instant };
  }
  if (wire.choice !== undefined) return choiceShape(wire.choice, keywords.anyOf ?? []);
  const type = keywords.type ?? typeof (keywords.const ?? keywords.enum?.[0]);
  switch (type) {
    case 'string':
      return {
        kind: 'text',
        instant: wire.instant === 'iso' ? 'iso' : undefined,
        form: wire.form,
        unfit: wire.unfit ?? 'refuse',
        mayBeEmpty: mayBeEmpty(keywords),
      };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        asString: wire.asString === true,
        noneAsNull: wire.noneAsNull === true,
        instant: wire.instant === 'epoch-ms' ? 'epoch-ms' : undefined,
      };
    case 'boolean':
      return { kind: 'boolean', asString: wire.asString === true };
    case 'array':
      return listShape(keywords, wire);
    case 'object':
      return objectShape(keywords, wire);
    default:
      throw new Error(`No document may use a schema of type ${String(type)}.`);
  }
}

function mayBeEmpty(keywords: Keywords): boolean {
  const { minLength = 0, pattern, format } = keywords;
  if (keywords.enum !== undefined) return keywords.enum.includes('');
  if (keywords.const !== undefined) return keywords.const === '';
  if (pattern !== undefined && !new RegExp(pattern, 'u').test('')) return false;
  return minLength === 0 && format === undefined;
}

function listShape(keywords: Keywords, wire: WireNotes): ListShape {
  if (keywords.items === undefined) throw new Error('A list needs a schema for its members.');
  return {
    kind: 'list',
    member: shapeOf(keywords.items),
    written: wire.list ?? 'always',
    item: wire.item,
    alsoItem: wire.alsoItem ?? [],
    xmlItem: wire.xmlItem,
    emptyAsNull: wire.emptyAsNull === true,
    most: keywords.maxItems ?? Number.POSITIVE_INFINITY,
  };
}

function objectShape(keywords: Keywords, wire: WireNotes): ObjectShape {
  const required = new Set(keywords.required ?? []);
  const fields = Object.entries(keywords.properties ?? {}).map(([name, schema]): Field => {
    const own = schema as Keywords;
    const notes = own['x-wire'] ?? {};
    const place = placeOf(own);
    return {
      name,
      shape: shapeOf(schema),
      place,
      xmlPlace: notes.xmlAttribute ? 'attribute' : place,
      presence: required.has(name) ? 'required' : 'optional',
      written: notes.beside ? 'beside' : 'inside',
      alsoNamed: notes.alsoNamed ?? [],
      alsoBeside: notes.beside === true || notes.alsoBeside === true,
      fallback: own.default === undefined ? undefined : { value: own.default },
    };
  });
  return { kind: 'object', fields, link: wire.link === true, open: wire.open === true };
}

function placeOf({ xml }: Annotated): Field['place'] {
  if (xml?.attribute) return 'attribute';
  return xml?.nodeType === 'text' ? 'text' : 'element';
}

function choiceShape(by: string, schemas: readonly TSchema[]): ChoiceShape {
  const branches = schemas.map((schema, index) => {
    const keywords = schema as Keywords;
    const literal = (keywords.properties?.[by] as Keywords | undefined)?.const;
    if (typeof literal !== 'string') throw new Error(`Each branch needs a literal under ${by}.`);
    return [literal, { index, shape: objectShape(keywords, keywords['x-wire'] ?? {}) }] as const;
  });
  return { kind: 'choice', by, branches: new Map(branches) };
}
