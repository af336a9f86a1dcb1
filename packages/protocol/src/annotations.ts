/**
 * Words for saying how a schema is written on the wire.
 *
 * A schema describes a document's *canonical value*: real arrays, real numbers, attribute names
 * without `@`. What a representation does with a value is written beside the schema as plain JSON Schema
 * keywords: OpenAPI's own `xml` object where that has a word for it, else `x-wire`. So the schemas
 * stay ordinary JSON Schema and an API description can be made from them.
 */
import type { LinkKind } from './links.js';
import type { TextForm } from './text-forms.js';
import Type, { type TArray, type TProperties, type TSchema, type TString } from 'typebox';

/** What `x-wire` may say about a schema. */
export interface WireNotes {
  /** JSON writes this number or boolean as a string: `"ringingCount": "1"`. */
  readonly asString?: true;
  /** 0 stands for none: JSON writes `null`, and XML leaves it out. */
  readonly noneAsNull?: true;
  /** A list: `collapse` writes one member as that member and no member as nothing at all. */
  readonly list?: 'collapse' | 'always';
  /** The list stands inside an object under this key: `"skills": {"skill": […]}`. */
  readonly item?: string;
  /** Further keys under which the members are looked for when reading. */
  readonly alsoItem?: readonly string[];
  /** JSON writes an empty wrapped list as `null`. */
  readonly emptyAsNull?: true;
  /** XML wraps each member of this list in an element of this name; JSON does not. */
  readonly xmlItem?: string;
  /** XML writes this field as an attribute; its key in JSON has no `@`. */
  readonly xmlAttribute?: true;
  /** JSON keeps this field beside the root key; XML and HAL keep it inside. */
  readonly beside?: true;
  /** Further names under which this field is looked for when reading. */
  readonly alsoNamed?: readonly string[];
  /** The field is looked for beside the root key too when reading. */
  readonly alsoBeside?: true;
  /** A relation link: XML attributes in every representation, `_links` in HAL. */
  readonly link?: true;
  /** Free JSON: kept as it is; XML carries it as JSON text. `own`: nothing of it is from outside. */
  readonly free?: 'foreign' | 'own';
  /** HAL writes this instant as ISO 8601 in UTC. */
  readonly instant?: 'iso' | 'epoch-ms';
  /** A number where it can be one, else a text. */
  readonly numberOrText?: true;
  /** An object whose fields beyond those of the schema are kept too, as free JSON. */
  readonly open?: true;
  /** The property whose literal distinguishes the branches of a union. */
  readonly choice?: string;
  /** What the text must be, and in which form it is kept. */
  readonly form?: TextForm;
  /** `omit`: a text that is not of its form counts as not sent. By default it is refused. */
  readonly unfit?: 'omit';
  /** What a pattern asks for, in words, for messages. */
  readonly hint?: string;
  /** The name of this schema in the API description, where it occurs in several documents. */
  readonly part?: string;
}

/** The keywords this package reads from a schema, beside those of JSON Schema. */
export interface Annotated {
  readonly xml?: { readonly attribute?: true; readonly nodeType?: 'text' };
  readonly 'x-wire'?: WireNotes;
  readonly default?: unknown;
  readonly description?: string;
  readonly writeOnly?: true;
}

/** A copy of the schema with more keywords; `x-wire` notes add up. */
export function annotate<S extends TSchema>(schema: S, keywords: Annotated): S {
  const before = Reflect.get(schema, 'x-wire') as WireNotes | undefined;
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema)) as S;
  const wire = keywords['x-wire'] === undefined ? before : { ...before, ...keywords['x-wire'] };
  return Object.assign(copy, keywords, wire === undefined ? {} : { 'x-wire': wire });
}

/** An XML attribute; its key has `@` in documents written with attributes. */
export function attribute<S extends TSchema>(schema: S): S {
  return annotate(schema, { xml: { attribute: true } });
}

/** An XML attribute whose key in JSON is plain in every document. */
export function xmlAttribute<S extends TSchema>(schema: S): S {
  return annotate(schema, { 'x-wire': { xmlAttribute: true } });
}

/** The text of an element that has attributes too: `$` in JSON. */
export function textNode<S extends TSchema>(schema: S): S {
  return annotate(schema, { xml: { nodeType: 'text' } });
}

/** A number or boolean which JSON writes as a string. HAL writes it as what it is. */
export function stringly<S extends TSchema>(schema: S): S {
  return annotate(schema, { 'x-wire': { asString: true } });
}

/** A schema that occurs in several documents: the API description has it once, under this name. */
export function named<S extends TSchema>(part: string, schema: S): S {
  return annotate(schema, { 'x-wire': { part } });
}

/** A value that must not appear in messages or logs: a password, a secret, a token. */
export function secret<S extends TSchema>(schema: S): S {
  return annotate(schema, { writeOnly: true });
}

/** A field which JSON keeps beside the root key. */
export function beside<S extends TSchema>(schema: S): S {
  return annotate(schema, { 'x-wire': { beside: true } });
}

/** How a list is written and bounded. */
export interface ListOptions {
  /** `true`: an array whatever its length. Lists of plain documents are arrays anyway. */
  readonly always?: true;
  /** The key or XML element that holds the members inside the list's own object. */
  readonly item?: string;
  readonly alsoItem?: readonly string[];
  readonly emptyAsNull?: true;
  readonly xmlItem?: string;
  readonly alsoNamed?: readonly string[];
  readonly maxItems?: number;
  readonly description?: string;
}

/** A list. In the canonical value it is always an array, empty when nothing was sent. */
export function list<S extends TSchema>(member: S, options: ListOptions = {}): TArray<S> {
  const { always, maxItems, description, ...notes } = options;
  return Type.Array(member, {
    ...(maxItems === undefined ? {} : { maxItems }),
    ...(description === undefined ? {} : { description }),
    'x-wire': { ...notes, list: always ? 'always' : 'collapse' },
  });
}

/** A text of at most `max` characters (Unicode code points). */
export function text(max: number, description?: string): TString {
  return Type.String({ maxLength: max, ...(description === undefined ? {} : { description }) });
}

/**
 * A name of at most `max` characters: one visible line.
 * @param unfit `omit`: what is no name counts as not sent
 */
export function nameText(max: number, unfit?: 'omit'): TString {
  return Type.String({
    maxLength: max,
    'x-wire': { form: 'name', ...(unfit === undefined ? {} : { unfit }) },
  });
}

/** An object whose fields may all be left out. */
export function optional<P extends TProperties>(properties: P) {
  return Type.Partial(Type.Object(properties));
}

/** An instant as text: ISO 8601 with milliseconds and the account's offset. HAL makes it UTC. */
export function instant(description?: string): TString {
  return Type.String({
    format: 'date-time',
    ...(description === undefined ? {} : { description }),
    'x-wire': { instant: 'iso' },
  });
}

/** A positive integer id. Requests may write it as a string. */
export function id(description?: string) {
  return Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    ...(description === undefined ? {} : { description }),
  });
}

/** An id that is a number where it can be one, and else a text; JSON keeps which of both it is. */
export function numberOrText(description?: string) {
  return Type.Union([Type.Integer(), Type.String()], {
    ...(description === undefined ? {} : { description }),
    'x-wire': { numberOrText: true },
  });
}

/**
 * Any JSON, kept as it is.
 * @param from `own` for what this server or its administrators make: of that only what a key calls an
 *   address is looked at when it is written, of anything else every text
 */
export function free(description?: string, from: 'foreign' | 'own' = 'foreign') {
  return Type.Unknown({
    ...(description === undefined ? {} : { description }),
    'x-wire': { free: from },
  });
}

/** An address of at most `max` characters: where it may lead is checked when it is read and written. */
export function address(
  kind: LinkKind,
  max: number,
  options: { readonly description?: string; readonly unfit?: 'omit' } = {},
): TString {
  const { description, unfit } = options;
  return Type.String({
    maxLength: max,
    ...(description === undefined ? {} : { description }),
    'x-wire': { form: kind, ...(unfit === undefined ? {} : { unfit }) },
  });
}

/** An address in what is answered, or a host that clients build addresses from. */
export function ownAddress(description?: string): TString {
  return Type.String({
    ...(description === undefined ? {} : { description }),
    'x-wire': { form: 'own-address' },
  });
}

/** An object whose further fields are kept as they are, so many and so long of them. */
export function open<P extends TProperties>(properties: P) {
  return Type.Object(properties, { 'x-wire': { open: true } });
}

/** A union of objects distinguished by the literal each has under `by`. */
export function choice<Branches extends TSchema[]>(by: string, branches: [...Branches]) {
  return Type.Union(branches, { 'x-wire': { choice: by } });
}

/** A relation link: `{href, rel}`. */
export const Link = Type.Object(
  {
    href: attribute(ownAddress('Absolute URL, without v and NC.')),
    rel: attribute(Type.String({ description: 'The relation: what the link leads to.' })),
  },
  { 'x-wire': { link: true, part: 'Link' } },
);

/** A relation link as a value. */
export type Link = Type.Static<typeof Link>;

/** The links of a chat, its events or its info: an array whatever their number. */
export function links() {
  return list(Link, { always: true });
}
