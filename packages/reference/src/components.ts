/** Gathers what several operations share, so that the description says it once. */
import { isDeepStrictEqual } from 'node:util';
import {
  type JsonSchema,
  type PlacePart,
  type WireForm,
  wireSchema,
  type AnyDocument,
} from '@parley/protocol';
import { SECURITY_SCHEMES } from './chapters.js';
import type {
  Components,
  ExampleObject,
  HeaderObject,
  ParameterObject,
  Ref,
  ResponseObject,
} from './openapi.js';
import { isRecord } from './pages/is-record.js';
import { XmlReader } from './xml-data.js';

const SUFFIXES = {
  json: 'Document',
  xml: 'DocumentXml',
  hal: 'DocumentHal',
  'request-json': 'Body',
  'request-xml': 'BodyXml',
} as const satisfies Record<WireForm, string>;

export class ComponentsBuilder {
  readonly #schemas = new Map<string, JsonSchema>();
  readonly #documents = new Map<string, Ref>();
  readonly #responses = new Map<string, ResponseObject>();
  readonly #parameters = new Map<string, ParameterObject>();
  readonly #examples = new Map<string, ExampleObject>();
  readonly #texts = new Map<string, string>();
  readonly #headers = new Map<string, HeaderObject>();

  /** The schema of a document in a form; where HAL or a request is the same as JSON, it is shared. */
  document(document: AnyDocument, form: WireForm): Ref {
    const key = `${document.name} ${form}`;
    const known = this.#documents.get(key);
    if (known !== undefined) return known;
    const schema = withDefaultsInWords(wireSchema(document, form, this.#part));
    const name = capital(document.name);
    const json = name + SUFFIXES.json;
    const same = isDeepStrictEqual(this.#schemas.get(json), schema);
    const ref = this.#schema(same ? json : name + SUFFIXES[form], schema);
    this.#documents.set(key, ref);
    return ref;
  }

  /** A schema of the description's own. */
  schema(name: string, schema: JsonSchema): Ref {
    return this.#schema(name, schema);
  }

  /** A response whose name says all that it is made of; it is made once. */
  response(name: string, make: () => ResponseObject): Ref {
    if (!this.#responses.has(name)) this.#responses.set(name, make());
    return { $ref: `#/components/responses/${name}` };
  }

  parameter(name: string, parameter: ParameterObject): Ref {
    return put(this.#parameters, 'parameters', name, parameter);
  }

  /** An example; of one name there is one only, made once. */
  example(name: string, make: () => ExampleObject): Ref {
    if (!this.#examples.has(name)) this.#examples.set(name, make());
    return { $ref: `#/components/examples/${name}` };
  }

  /**
   * An example of XML: its value is the data that the schema describes, and its text stands in words.
   * @param schema of the document
   */
  xmlExample(name: string, schema: Ref, make: () => { summary: string; text: string }): Ref {
    return this.example(name, () => {
      const { summary, text } = make();
      const [value] = new XmlReader(Object.fromEntries(this.#schemas)).read(text, { ...schema });
      this.#texts.set(name, text);
      return { summary, description: `\`\`\`xml\n${text}\n\`\`\``, value };
    });
  }

  /** The texts of the examples of XML, by the name of the example. */
  texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  header(name: string, header: HeaderObject): Ref {
    return put(this.#headers, 'headers', name, header);
  }

  build(): Components {
    return {
      schemas: sorted(this.#schemas),
      responses: sorted(this.#responses),
      parameters: sorted(this.#parameters),
      examples: sorted(this.#examples),
      headers: sorted(this.#headers),
      securitySchemes: SECURITY_SCHEMES,
    };
  }

  readonly #part: PlacePart = (name, make) => {
    if (!this.#schemas.has(name)) this.#schemas.set(name, withDefaultsInWords(make()));
    return { $ref: `#/components/schemas/${name}` };
  };

  #schema(name: string, schema: JsonSchema): Ref {
    return put(this.#schemas, 'schemas', name, schema);
  }
}

/** @throws Error when something else has that name: a mistake of this program. */
function put<T>(kept: Map<string, T>, kind: string, name: string, value: T): Ref {
  const known = kept.get(name);
  if (known === value) return { $ref: `#/components/${kind}/${name}` };
  if (known !== undefined && !isDeepStrictEqual(known, value)) {
    throw new Error(`Two ${kind} of the API description are both called ${name}.`);
  }
  kept.set(name, value);
  return { $ref: `#/components/${kind}/${name}` };
}

/**
 * The schema with its defaults in words. Generators of types hold a property that has a default for
 * one that is always there, which is not so in a body that is sent.
 */
function withDefaultsInWords(schema: JsonSchema): JsonSchema {
  const { default: usual, ...rest } = schema;
  const described = Object.fromEntries(
    Object.entries(rest).map(([key, inside]) => {
      if (NO_SCHEMAS.has(key)) return [key, inside];
      if (Array.isArray(inside)) return [key, inside.map(each)];
      if (!isRecord(inside)) return [key, inside];
      if (!BY_NAME.has(key)) return [key, withDefaultsInWords(inside)];
      return [
        key,
        Object.fromEntries(Object.entries(inside).map(([name, value]) => [name, each(value)])),
      ];
    }),
  );
  if (usual === undefined || usual === '') return described;
  const words = `If omitted: ${JSON.stringify(usual)}.`;
  const said = typeof rest['description'] === 'string' ? `${rest['description']} ` : '';
  return { ...described, description: `${said}${words}` };
}

function each(value: unknown): unknown {
  return isRecord(value) ? withDefaultsInWords(value) : value;
}

/** Keywords that hold values, not schemas; and those that hold schemas by name. */
const NO_SCHEMAS: ReadonlySet<string> = new Set([
  'const',
  'enum',
  'examples',
  'example',
  'required',
]);
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'patternProperties']);

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
