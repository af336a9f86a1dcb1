/**
 * JSON Schema (2020-12) of documents as they are written: the API description is made of these, and
 * they are made from the very schemas that validate.
 */
import type { DocumentType } from './document.js';
import { halContent } from './hal-schema.js';
import { jsonBeside, jsonContent } from './json-schema.js';
import { shapeOf } from './shape.js';
import {
  type JsonSchema,
  objectSchema,
  type PlacePart,
  type WireFormOptions,
  type WireForm,
} from './wire-form.js';
import { xmlContent } from './xml-schema.js';

/**
 * The schema of a document in one form. JSON is described with its root key; XML as OpenAPI maps it,
 * with the root element's name in `xml`.
 * @param part What becomes of the parts that have a name; left out, they stand where they are used.
 */
export function wireSchema(
  document: Pick<
    DocumentType<unknown>,
    'root' | 'xmlRoot' | 'schema' | 'style' | 'description' | 'body'
  >,
  form: WireForm,
  part: PlacePart = (_name, make) => make(),
): JsonSchema {
  const { root, xmlRoot, schema, description } = document;
  const shape = shapeOf(schema);
  const how: WireFormOptions = { form, attributes: document.style === 'attributes', part };
  switch (form) {
    case 'json':
    case 'request-json': {
      const content = jsonContent(schema, shape, how);
      if (root === null) return { description, ...content };
      const beside = jsonBeside(schema, shape, how);
      const required = form === 'json' || document.body === 'required' ? [root] : [];
      return {
        ...objectSchema({ [root]: content, ...beside.properties }, [
          ...required,
          ...beside.required,
        ]),
        description,
      };
    }
    case 'hal': {
      const content = halContent(schema, shape, how);
      const isObject = shape.kind === 'object' || shape.kind === 'choice';
      if (isObject) return { description, ...content };
      return { ...objectSchema({ [xmlRoot]: content }, [xmlRoot]), description };
    }
    case 'xml':
    case 'request-xml': {
      const content = xmlContent(schema, shape, how);
      const xml = typeof content['xml'] === 'object' ? content['xml'] : {};
      return { description, ...content, xml: { name: xmlRoot, ...xml } };
    }
    default:
      return form satisfies never;
  }
}
