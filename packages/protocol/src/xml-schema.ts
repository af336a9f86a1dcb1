/**
 * JSON Schema of documents as OpenAPI describes XML: properties are elements or attributes, lists
 * repeat their element or stand in one of their own.
 */
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

/** The root element's content. */
export function xmlContent(schema: TSchema, shape: Shape, how: WireFormOptions): JsonSchema {
  const content = schemaOf(schema, shape, how);
  if (shape.kind !== 'list' || shape.item !== undefined) return content;
  // A document that is a list still has one root element.
  return {
    ...content,
    xml: { wrapped: true },
    items: namedItems(content, shape.xmlItem ?? 'item'),
  };
}

function schemaOf(schema: TSchema, shape: Shape, how: WireFormOptions): JsonSchema {
  const kept = keptKeywords(schema, how.form);
  const { type, description } = schema as Keywords;
  const described = description === undefined ? {} : { description };
  switch (shape.kind) {
    case 'text':
      return { type: 'string', ...kept };
    case 'number':
      return { type: type ?? 'integer', ...kept };
    case 'boolean':
      return { type: 'boolean', ...kept };
    case 'number-or-text':
      return { type: ['integer', 'string'], ...described };
    case 'free':
      return { type: 'string', contentMediaType: 'application/json', ...described };
    case 'list':
      return list(schema, shape, how);
    case 'object':
      return placed(schema, shape, how, () => object(schema, shape, how));
    case 'choice': {
      const schemas = branchSchemas(schema);
      const branches = [...shape.branches.values()].map((branch) =>
        schemaOf(schemas[branch.index] ?? schema, branch.shape, how),
      );
      return placed(schema, shape, how, () => ({ oneOf: branches, ...described }));
    }
    default:
      return shape satisfies never;
  }
}

function list(schema: TSchema, shape: ListShape, how: WireFormOptions): JsonSchema {
  const { maxItems, description } = schema as Keywords;
  const inner = shape.item ?? shape.xmlItem;
  const array: JsonSchema = {
    type: 'array',
    items: schemaOf(memberSchema(schema), shape.member, how),
    ...(maxItems === undefined ? {} : { maxItems }),
    ...(description === undefined ? {} : { description }),
  };
  if (inner === undefined) return array;
  return { ...array, xml: { wrapped: true }, items: namedItems(array, inner) };
}

function namedItems(array: JsonSchema, name: string): JsonSchema {
  const items = array['items'] as JsonSchema;
  return { ...items, xml: { name } };
}

function object(schema: TSchema, shape: ObjectShape, how: WireFormOptions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of shape.fields) {
    const content = schemaOf(fieldSchema(schema, field.name), field.shape, how);
    const xml = markOf(field);
    properties[field.name] = xml === undefined ? content : { ...content, xml };
    if (isRequired(field, how)) required.push(field.name);
  }
  const { description } = schema as Keywords;
  return {
    ...objectSchema(properties, required),
    ...(description === undefined ? {} : { description }),
  };
}

function markOf(field: Field): JsonSchema | undefined {
  // OpenAPI 3.1 has no word yet for the text of an element that has attributes too.
  if (field.place === 'text') return { 'x-text': true };
  return field.xmlPlace === 'attribute' ? { attribute: true } : undefined;
}

function isRequired(field: Field, how: WireFormOptions): boolean {
  if (field.presence === 'optional' || field.shape.kind === 'list') return false;
  return !isRequest(how.form) || (field.fallback === undefined && field.place !== 'text');
}
