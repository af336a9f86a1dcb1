/** JSON Schema of documents as JSON writes them: `@` keys, texts for numbers, collapsed lists. */
import type { TSchema } from 'typebox';
import type { Field, ListShape, ObjectShape, Shape } from './shape.js';
import {
  branchSchemas,
  fieldSchema,
  isRequest,
  type JsonSchema,
  type Keywords,
  keptKeywords,
  memberSchema,
  objectSchema,
  placed,
  type WireFormOptions,
} from './wire-form.js';

/** What stands under the root key, or is the whole document when there is none. */
export function jsonContent(schema: TSchema, shape: Shape, how: WireFormOptions): JsonSchema {
  const content = schemaOf(schema, shape, how, 'element');
  // A list that is a whole request may be sent as its only member.
  return shape.kind === 'list' && shape.item === undefined && isRequest(how.form) && !how.attributes
    ? { anyOf: [content, schemaOf(memberSchema(schema), shape.member, how, 'element')] }
    : content;
}

/** The keys that stand beside the root key. */
export function jsonBeside(schema: TSchema, shape: Shape, how: WireFormOptions) {
  if (shape.kind !== 'object') return { properties: {}, required: [] };
  const apart = shape.fields.filter(
    (field) => field.written === 'beside' || (isRequest(how.form) && field.alsoBeside),
  );
  const required = apart.filter((field) => field.written === 'beside' && isRequired(field, how));
  return {
    properties: propertiesOf(schema, apart, how),
    required: required.map((field) => keyOf(field, how)),
  };
}

function schemaOf(
  schema: TSchema,
  shape: Shape,
  how: WireFormOptions,
  place: Field['place'],
): JsonSchema {
  const inAttribute = how.attributes && place === 'attribute';
  switch (shape.kind) {
    case 'text':
      return { type: 'string', ...keptKeywords(schema, how.form) };
    case 'number':
      if (shape.noneAsNull) return { ...number(schema, how), type: ['integer', 'null'] };
      return shape.asString || inAttribute ? numberAsText(schema, how) : number(schema, how);
    case 'boolean':
      if (!shape.asString && !inAttribute) {
        return { type: 'boolean', ...keptKeywords(schema, how.form) };
      }
      return { type: 'string', enum: ['true', 'false'], ...described(schema) };
    case 'number-or-text':
      return { type: shape.asString ? 'string' : ['integer', 'string'], ...described(schema) };
    case 'free':
      return described(schema);
    case 'list':
      return list(schema, shape, how);
    case 'object':
      return placed(schema, shape, how, () => object(schema, shape, how));
    case 'choice': {
      const schemas = branchSchemas(schema);
      const branches = [...shape.branches.values()].map((branch) =>
        schemaOf(schemas[branch.index] ?? schema, branch.shape, how, 'element'),
      );
      return placed(schema, shape, how, () => ({ oneOf: branches, ...described(schema) }));
    }
    default:
      return shape satisfies never;
  }
}

function described(schema: TSchema): JsonSchema {
  const { description } = schema as Keywords;
  return description === undefined ? {} : { description };
}

/** Clients send back ids that answers wrote as texts, so requests take both. */
function number(schema: TSchema, how: WireFormOptions): JsonSchema {
  const { type } = schema as Keywords;
  const both = isRequest(how.form) && how.attributes;
  return {
    type: both ? [type ?? 'integer', 'string'] : (type ?? 'integer'),
    ...(both ? { pattern: numeral(schema) } : {}),
    ...keptKeywords(schema, how.form),
  };
}

function numberAsText(schema: TSchema, how: WireFormOptions): JsonSchema {
  if (isRequest(how.form)) return number(schema, { ...how, attributes: true });
  return { type: 'string', pattern: numeral(schema), ...described(schema) };
}

/** Pattern of a number as text. */
function numeral(schema: TSchema): string {
  const { type, minimum } = schema as Keywords;
  const sign = minimum !== undefined && minimum >= 0 ? '' : '-?';
  return type === 'number' ? `^${sign}[0-9]+(\\.[0-9]+)?$` : `^${sign}[0-9]+$`;
}

function list(schema: TSchema, shape: ListShape, how: WireFormOptions): JsonSchema {
  const member = schemaOf(memberSchema(schema), shape.member, how, 'element');
  const { maxItems } = schema as Keywords;
  const bounds = maxItems === undefined ? {} : { maxItems };
  const array: JsonSchema = { type: 'array', items: member, ...bounds };
  const sent = isRequest(how.form);
  const collapses = how.attributes && (sent || shape.written === 'collapse');
  const many = sent || shape.emptyAsNull ? array : { ...array, minItems: 2 };
  const members: JsonSchema = collapses ? { anyOf: [member, many] } : array;
  if (shape.item === undefined) return { ...members, ...described(schema) };
  const wrapped = objectSchema({ [shape.item]: members }, [shape.item]);
  if (sent) {
    const others = shape.alsoItem.map((key) => objectSchema({ [key]: members }, [key]));
    const none = shape.emptyAsNull ? [{ type: 'null' }] : [];
    return { anyOf: [wrapped, ...others, array, ...none], ...described(schema) };
  }
  if (shape.emptyAsNull) return { anyOf: [wrapped, { type: 'null' }], ...described(schema) };
  return { ...wrapped, ...described(schema) };
}

function object(schema: TSchema, shape: ObjectShape, how: WireFormOptions): JsonSchema {
  const inside = shape.fields.filter((field) => field.written === 'inside');
  const required = inside.filter((field) => isRequired(field, how));
  return {
    ...objectSchema(
      propertiesOf(schema, inside, how),
      required.map((field) => keyOf(field, how)),
    ),
    ...described(schema),
  };
}

function propertiesOf(
  schema: TSchema,
  fields: readonly Field[],
  how: WireFormOptions,
): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {};
  for (const field of fields) {
    const key = keyOf(field, how);
    const content = schemaOf(fieldSchema(schema, field.name), field.shape, how, field.place);
    properties[key] = content;
    if (!isRequest(how.form)) continue;
    for (const name of field.alsoNamed) {
      properties[name] = { ...content, description: `The same as ${key}.` };
    }
  }
  return properties;
}

function keyOf(field: Field, how: WireFormOptions): string {
  if (field.place === 'text') return '$';
  return how.attributes && field.place === 'attribute' ? `@${field.name}` : field.name;
}

/** Whether the key is always there; what a request may leave out gets its default. */
function isRequired(field: Field, how: WireFormOptions): boolean {
  const { shape } = field;
  if (field.presence === 'optional') return false;
  if (isRequest(how.form)) {
    return field.fallback === undefined && field.place !== 'text' && shape.kind !== 'list';
  }
  return !(
    how.attributes &&
    shape.kind === 'list' &&
    shape.written === 'collapse' &&
    !shape.emptyAsNull
  );
}
