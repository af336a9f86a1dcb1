/** A document of the wire: its schema, and how it is written and read in each representation. */
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { halWriter } from './hal-writer.js';
import { jsonWriter, quote, type JsonStyle, type JsonWriter } from './json-writer.js';
import type { Representation } from './negotiate.js';
import { normalise, type Source } from './normalise.js';
import { problemsOf, problemsOfMisfits, type Problem } from './problems.js';
import { shapeOf, type Shape } from './shape.js';
import { isRecord, own } from './values.js';
import { quoted } from './visible-text.js';
import { parseXml } from './xml-reader.js';
import { xmlWriter } from './xml-writer.js';

/**
 * A wrong member of a union is wrong for every branch of it: the errors of the branch that was meant
 * must be among those that are gathered.
 */
Settings.Set({ maxErrors: 200 });

/** What reading gives: the canonical value, or everything that is wrong. */
export type ReadResult<T> = { readonly ok: true; readonly value: T } | ReadFailure;

/** Why a body was not read. */
export interface ReadFailure {
  readonly ok: false;
  /** The error to answer with: the body is no XML, or its fields are wrong. */
  readonly code: 'malformedBody' | 'invalidField';
  readonly problems: readonly Problem[];
}

/** How a document is defined. */
export interface DocumentDefinition<S extends TSchema> {
  /** Unique among the documents; the name in the API description. */
  readonly name: string;
  /** JSON's single top key and XML's root element; `null` when JSON has no such key. */
  readonly root: string | null;
  /** Root element of the XML of a document whose `root` is null. */
  readonly xmlRoot?: string;
  /** Further names under which the content of a document whose `root` is null is looked for. */
  readonly alsoRoots?: readonly string[];
  readonly schema: S;
  readonly style: JsonStyle;
  readonly description: string;
  /** `optional`: an empty body means an empty root. Default `required`. */
  readonly body?: 'required' | 'optional';
}

/** A document whose canonical value is a `T`. */
export interface DocumentType<T> {
  readonly name: string;
  readonly root: string | null;
  readonly xmlRoot: string;
  readonly schema: TSchema;
  readonly style: JsonStyle;
  readonly description: string;
  readonly body: 'required' | 'optional';
  /** The document in a representation. The value is trusted to fit the schema. */
  write(value: T, representation: Representation): string;
  /** Reads parsed JSON (`undefined` for no body). Never throws. */
  read(body: unknown): ReadResult<T>;
  /** Reads XML text. Never throws. */
  readXml(text: string): ReadResult<T>;
}

/** The canonical value of a document. */
export type DocumentValue<D> = D extends DocumentType<infer T> ? T : never;

/** Defines a document. Writers and the validator are made when first used. */
export function defineDocument<const S extends TSchema>(
  definition: DocumentDefinition<S>,
): DocumentType<Static<S>> {
  return new Document<Static<S>>(definition);
}

class Document<T> implements DocumentType<T> {
  readonly name: string;
  readonly root: string | null;
  readonly xmlRoot: string;
  readonly schema: TSchema;
  readonly style: JsonStyle;
  readonly description: string;
  readonly body: 'required' | 'optional';
  #shape: Shape | undefined;
  #json: JsonWriter | undefined;
  #xml: ((value: unknown) => string) | undefined;
  #hal: ((value: unknown) => string) | undefined;
  #validator: Validator | undefined;
  readonly #open: string;
  readonly #wrappers: readonly string[];

  constructor(definition: DocumentDefinition<TSchema>) {
    this.name = definition.name;
    this.root = definition.root;
    this.xmlRoot = definition.root ?? definition.xmlRoot ?? definition.name;
    this.schema = definition.schema;
    this.style = definition.style;
    this.description = definition.description;
    this.body = definition.body ?? 'required';
    this.#wrappers = [this.xmlRoot, ...(definition.alsoRoots ?? [])];
    this.#open = this.root === null ? '' : `{${quote(this.root)}:`;
  }

  write(value: T, representation: Representation): string {
    switch (representation) {
      case 'json': {
        this.#json ??= jsonWriter(this.#shapeOnce(), this.style);
        const { inside, beside } = this.#json(value);
        if (this.root === null) return inside;
        return beside === '' ? `${this.#open}${inside}}` : `${this.#open}${inside},${beside}}`;
      }
      case 'xml':
        this.#xml ??= xmlWriter(this.#shapeOnce(), this.xmlRoot);
        return this.#xml(value);
      case 'hal':
        this.#hal ??= halWriter(this.#shapeOnce(), this.xmlRoot);
        return this.#hal(value);
      default:
        return representation satisfies never;
    }
  }

  read(body: unknown): ReadResult<T> {
    return this.#read(body, 'json');
  }

  readXml(text: string): ReadResult<T> {
    if (text.trim() === '') return this.#read(undefined, 'xml');
    const parsed = parseXml(text);
    if (!parsed.ok) {
      return {
        ok: false,
        code: 'malformedBody',
        problems: [{ path: '', message: parsed.message }],
      };
    }
    return this.#read({ [parsed.root]: parsed.value }, 'xml');
  }

  #read(body: unknown, source: Source): ReadResult<T> {
    const inside = this.#insideOf(body, source);
    if (!inside.ok) return inside;
    const shape = this.#shapeOnce();
    const beside = isRecord(body) ? body : undefined;
    const { value, branches, misfits } = normalise(shape, inside.value, beside, source);
    const refused = { schema: this.schema, shape, value, branches, root: this.root ?? '' };
    if (misfits.length > 0) return refuse(problemsOfMisfits(misfits, refused));
    this.#validator ??= Compile(this.schema);
    if (this.#validator.Check(value)) return { ok: true, value: value as T };
    const problems = problemsOf(this.#validator.Errors(value), refused);
    const unnamed = { path: refused.root, message: `is not a valid ${this.name}` };
    return refuse(problems.length > 0 ? problems : [unnamed]);
  }

  /** What stands under the root key. */
  #insideOf(body: unknown, source: Source): ReadResult<unknown> {
    const nothing =
      body === undefined || body === null || body === '' || (isRecord(body) && isEmpty(body));
    if (nothing && this.body === 'optional') return { ok: true, value: {} };
    if (this.root === null) {
      if (nothing && body !== undefined && body !== null) return { ok: true, value: {} };
      if (nothing) return missing('', `is missing: ${this.description}`);
      const keys = isRecord(body) ? Object.keys(body) : [];
      const [only = ''] = keys;
      const wrapped =
        isRecord(body) && keys.length === 1 && this.#wrappers.includes(only)
          ? own(body, only)
          : undefined;
      // An empty element, `<users/>`, and one that carries free JSON arrive as a text.
      const holds = isRecord(wrapped) || (source === 'xml' && typeof wrapped === 'string');
      return { ok: true, value: holds ? wrapped : body };
    }
    if (isRecord(body) && Object.hasOwn(body, this.root)) {
      return { ok: true, value: own(body, this.root) };
    }
    const found = isRecord(body) && !isEmpty(body) ? `, found ${keysOf(body)}` : '';
    const form = source === 'xml' ? `<${this.root}>…</${this.root}>` : `{"${this.root}": …}`;
    return missing(this.root, `is required: the body must be ${form}${found}`);
  }

  #shapeOnce(): Shape {
    this.#shape ??= shapeOf(this.schema);
    return this.#shape;
  }
}

function refuse(problems: readonly Problem[]): ReadFailure {
  return { ok: false, code: 'invalidField', problems };
}

function missing(path: string, message: string): ReadFailure {
  return refuse([{ path, message }]);
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function keysOf(record: object): string {
  const keys = Object.keys(record).slice(0, 5);
  return keys.map((key) => quoted(key, 40)).join(', ');
}
