/**
 * Reads XML by its description alone, as a client does that was generated from it, into the data that
 * the schema speaks of: examples of XML stand in the description as such data, which tools can hold
 * against the schema.
 */
import { type JsonSchema, parseXml } from '@parley/protocol';

/** What the description says of a schema, with what it points at. */
interface Described {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly xml?: {
    readonly name?: string;
    readonly attribute?: true;
    readonly wrapped?: true;
    readonly 'x-text'?: true;
  };
}

export class XmlReader {
  readonly #schemas: Readonly<Record<string, JsonSchema>>;

  /** @param schemas the components that schemas point at */
  constructor(schemas: Readonly<Record<string, JsonSchema>>) {
    this.#schemas = schemas;
  }

  /**
   * The document as its schema has it, or as each of several may; what is not described stays as it was found, under names that
   * no schema knows.
   * @throws Error when it is no XML, or its root is another than the description says.
   */
  read(text: string, schema: JsonSchema): readonly unknown[] {
    const parsed = parseXml(text);
    if (!parsed.ok) throw new Error(parsed.message);
    const roots = this.#branches(schema);
    const may = roots.filter(({ xml }) => xml?.name === parsed.root);
    if (may.length === 0) {
      const names = roots.map(({ xml }) => xml?.name).join(' or ');
      throw new Error(`the root element is <${parsed.root}>, not ${names}`);
    }
    return may.map((described) => this.#value(parsed.value, described));
  }

  /** The schema without pointers; each of those that it may be. */
  #branches(schema: JsonSchema): readonly Described[] {
    const { $ref, anyOf, oneOf = anyOf, ...own } = schema as Described;
    const may =
      $ref === undefined
        ? (oneOf ?? [{}]).flatMap((each) => (oneOf === undefined ? [{}] : this.#branches(each)))
        : this.#branches(this.#schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {});
    return may.map((each) => ({ ...each, ...own }));
  }

  #value(found: unknown, { type, properties, items, xml }: Described): unknown {
    if (items !== undefined) return this.#members(found, items, xml);
    if (properties !== undefined) return this.#object(found, properties);
    if (typeof found !== 'string') return found;
    if ((type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(found)) {
      return Number(found);
    }
    if (type === 'boolean' && /^(?:true|false)$/.test(found)) return found === 'true';
    return found;
  }

  /** A list: elements that repeat, or one around them all. */
  #members(found: unknown, items: JsonSchema, xml: Described['xml']): unknown {
    const [first] = this.#branches(items);
    const name = first?.xml?.name;
    const inside = xml?.wrapped && name !== undefined ? inElement(found, name) : found;
    const members = Array.isArray(inside) ? inside : [inside];
    return members.map((each) => this.#one(each, items));
  }

  #object(found: unknown, properties: Readonly<Record<string, JsonSchema>>): unknown {
    const read: Record<string, unknown> = {};
    for (const [key, inside] of entriesOf(found)) {
      const name = key === '$' ? textOf(properties) : key.replace(/^@/, '');
      const property = properties[name];
      const [described] = property === undefined ? [] : this.#branches(property);
      const isAttribute = described?.xml?.attribute === true;
      // An attribute that is described as an element, or the other way round, is not described.
      if (property === undefined || isAttribute !== key.startsWith('@')) read[key] = inside;
      else read[name] = this.#one(inside, property);
    }
    return read;
  }

  /** What is read by the one of several schemas whose constants it has. */
  #one(found: unknown, schema: JsonSchema): unknown {
    const branches = this.#branches(schema);
    const fits = ({ properties = {} }: Described) =>
      Object.entries(properties).every(([name, { const: constant, xml }]) => {
        const key = (xml as Described['xml'])?.attribute ? `@${name}` : name;
        return constant === undefined || new Map(entriesOf(found)).get(key) === constant;
      });
    const branch = branches.find(fits) ?? branches[0];
    return branch === undefined ? found : this.#value(found, branch);
  }
}

/** What stands in the elements of a name inside another; all that is there if it is something else. */
function inElement(found: unknown, name: string): unknown {
  const entries = entriesOf(found);
  if (entries.length === 0) return [];
  const [only] = entries;
  return entries.length === 1 && only?.[0] === name ? only[1] : found;
}

/** Content as `parseXml` gives it: what has neither attributes nor children is its text. */
function entriesOf(found: unknown): [string, unknown][] {
  if (typeof found === 'object' && found !== null) return Object.entries(found);
  return found === '' ? [] : [['$', found]];
}

/** The property that is an element's text; a name that none has when there is none. */
function textOf(properties: Readonly<Record<string, JsonSchema>>): string {
  const text = Object.entries(properties).find(([, { xml }]) => {
    return (xml as Described['xml'])?.['x-text'] === true;
  });
  return text?.[0] ?? '$';
}
