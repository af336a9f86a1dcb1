/** The forms a document's schema can be written in, and what all of them have in common. */
import type { TSchema } from 'typebox';
import type { Annotated } from './annotations.js';
import type { Shape } from './shape.js';

/**
 * `json`, `xml`, `hal`: an answer. `request-json`, `request-xml`: a request body, with the freedoms
 * that the reader allows and the API description shows.
 */
export type WireForm = 'json' | 'xml' | 'hal' | 'request-json' | 'request-xml';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Places a schema that has a name of its own: gives the schema, or a reference to it. */
export type PlacePart = (name: string, make: () => JsonSchema) => JsonSchema;

/** How a schema is to be written. */
export interface WireFormOptions {
  readonly form: WireForm;
  /** Whether JSON's attribute keys carry `@` and its lists collapse. */
  readonly attributes: boolean;
  readonly part: PlacePart;
}

/** The keywords of a schema that its representations keep. */
export interface Keywords extends Annotated {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
}

const KEPT = [
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'description',
] as const satisfies readonly (keyof Keywords)[];

/** Whether a form is what a client sends. */
export function isRequest(form: WireForm): boolean {
  return form === 'request-json' || form === 'request-xml';
}

/** The keywords of a schema, as far as every representation keeps them. */
export function keptKeywords(schema: TSchema, form: WireForm): JsonSchema {
  const keywords = schema as Keywords;
  const kept = KEPT.flatMap((name) =>
    keywords[name] === undefined ? [] : [[name, keywords[name]] as const],
  );
  const sent = isRequest(form);
  return {
    ...Object.fromEntries(kept),
    ...(sent && keywords.default !== undefined ? { default: keywords.default } : {}),
    ...(sent && keywords.writeOnly ? { writeOnly: true, format: 'password' } : {}),
  };
}

/** An object schema; `required` is left out when it is empty. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): JsonSchema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

/** A schema, or the reference to it when it has a name. */
export function placed(
  schema: TSchema,
  shape: Shape,
  how: WireFormOptions,
  make: () => JsonSchema,
): JsonSchema {
  const name = (schema as Keywords)['x-wire']?.part;
  if (name === undefined) return make();
  const json = how.form === 'json' || how.form === 'request-json';
  const plain = json && !how.attributes && dependsOnStyle(shape);
  return how.part(`${plain ? 'Plain' : ''}${name}${SUFFIXES[how.form]}`, make);
}

const SUFFIXES = {
  json: '',
  xml: 'Xml',
  hal: 'Hal',
  'request-json': 'Body',
  'request-xml': 'BodyXml',
} as const satisfies Record<WireForm, string>;

/** Whether JSON writes this otherwise in plain documents than in documents with attributes. */
function dependsOnStyle(shape: Shape): boolean {
  switch (shape.kind) {
    case 'list':
      return shape.written === 'collapse' || dependsOnStyle(shape.member);
    case 'object':
      return shape.fields.some(
        (field) => field.place === 'attribute' || dependsOnStyle(field.shape),
      );
    case 'choice':
      return [...shape.branches.values()].some((branch) => dependsOnStyle(branch.shape));
    default:
      return false;
  }
}

/** The schema of a field of an object's schema. */
export function fieldSchema(schema: TSchema, name: string): TSchema {
  const found = (schema as Keywords).properties?.[name];
  if (found === undefined) throw new Error(`The schema has no field ${name}.`);
  return found;
}

/** The schema of a list's members. */
export function memberSchema(schema: TSchema): TSchema {
  const { items } = schema as Keywords;
  if (items === undefined) throw new Error('The schema of a list has no members.');
  return items;
}

/** The schemas of a union's branches, in order. */
export function branchSchemas(schema: TSchema): readonly TSchema[] {
  return (schema as Keywords).anyOf ?? [];
}
