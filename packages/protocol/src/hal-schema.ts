/** JSON Schema of documents as HAL writes them: `_links`, arrays, numbers as numbers, times in UTC. */
import type { TSchema } from 'typebox';
import { holdsLinks } from './hal-writer.js';
import type { ObjectShape, Shape } from './shape.js';
import {
  branchSchemas,
  fieldSchema,
  type JsonSchema,
  type Keywords,
  keptKeywords,
  memberSchema,
  objectSchema,
  placed,
  type WireFormOptions,
} from './wire-form.js';

/** The content of a document; one that is not an object gets its root key elsewhere. */
export function halContent(schema: TSchema, shape: Shape, how: WireFormOptions): JsonSchema {
  const kept = keptKeywords(schema, how.form);
  const { type, description } = schema as Keywords;
  const described = description === undefined ? {} : { description };
  switch (shape.kind) {
    case 'text':
      return { type: 'string', ...kept };
    case 'number':
      if (shape.instant === 'epoch-ms') return { type: 'string', format: 'date-time' };
      return { type: shape.noneAsNull ? ['integer', 'null'] : (type ?? 'integer'), ...kept };
    case 'boolean':
      return { type: 'boolean', ...kept };
    case 'number-or-text':
      return { type: ['integer', 'string'], ...described };
    case 'free':
      return described;
    case 'list': {
      const items = halContent(memberSchema(schema), shape.member, how);
      return { type: 'array', items, ...described };
    }
    case 'object':
      return placed(schema, shape, how, () => object(schema, shape, how));
    case 'choice': {
      const schemas = branchSchemas(schema);
      const branches = [...shape.branches.values()].map((branch) =>
        halContent(schemas[branch.index] ?? schema, branch.shape, how),
      );
      return placed(schema, shape, how, () => ({ oneOf: branches, ...described }));
    }
    default:
      return shape satisfies never;
  }
}

function object(schema: TSchema, shape: ObjectShape, how: WireFormOptions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of shape.fields) {
    const links = holdsLinks(field.shape);
    const key = links ? '_links' : field.place === 'text' ? 'value' : field.name;
    properties[key] = links
      ? how.part('LinksHal', () => LINKS)
      : halContent(fieldSchema(schema, field.name), field.shape, how);
    // Without any link there is no `_links` either.
    const always = field.presence === 'required' && !(links && field.shape.kind === 'list');
    if (always && !required.includes(key)) required.push(key);
  }
  const { description } = schema as Keywords;
  return {
    ...objectSchema(properties, required),
    ...(description === undefined ? {} : { description }),
  };
}

const LINK = objectSchema(
  { href: { type: 'string', description: 'Absolute URL, without v and NC.' } },
  ['href'],
);

const LINKS: JsonSchema = {
  type: 'object',
  description: 'Links by relation; a relation that occurs several times has an array of them.',
  additionalProperties: { anyOf: [LINK, { type: 'array', items: LINK, minItems: 2 }] },
};
