/** What a server answered, and what can be expected of it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Ask, Exchange } from './exchange.js';
import { type Expected, fits, show, wordsOf } from './expectation.js';
import { Mismatch } from './outcome.js';
import { parseXml, type XmlElement } from './xml.js';

export class Answer implements Exchange {
  readonly ask: Ask;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;

  constructor(ask: Ask, status: number, headers: IncomingHttpHeaders, text: string) {
    this.ask = ask;
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  /** The parsed body when it is JSON, else undefined. */
  get body(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      return undefined;
    }
  }

  /** The value at a path of keys and indexes, like `chat.link.0.@href`; undefined when there is none. */
  at(path: string): unknown {
    return valueAt(this.body, path);
  }

  /** Expects one of these status codes. */
  is(...statuses: readonly number[]): this {
    if (statuses.includes(this.status)) return this;
    throw this.mismatch('status', statuses.join(' or '), String(this.status));
  }

  /** Expects a value at a path of the JSON body. */
  has(path: string, expected: Expected): this {
    if (this.body === undefined) throw this.mismatch('body', 'JSON', show(this.text));
    const value = this.at(path);
    if (fits(value, expected)) return this;
    throw this.mismatch(path, wordsOf(expected), show(value));
  }

  /** Expects no value at a path of the JSON body. */
  lacks(path: string): this {
    const value = this.at(path);
    if (this.body !== undefined && value === undefined) return this;
    throw this.mismatch(path, 'nothing', this.body === undefined ? 'no JSON' : show(value));
  }

  /** Expects a response header; its name in lower case. */
  header(name: string, expected: Expected): this {
    const value = this.headers[name];
    if (fits(Array.isArray(value) ? value.join(', ') : value, expected)) return this;
    throw this.mismatch(`header ${name}`, wordsOf(expected), show(value));
  }

  /** Expects an error document of this status that says something. */
  refuses(status: number, code?: number): this {
    this.is(status);
    this.has('error.message', /\S/);
    return code === undefined ? this : this.has('error.internalCode', code);
  }

  /** Expects an error document without the outer key, as engagement and visit information have it. */
  refusesBarely(status: number, code?: number): this {
    this.is(status);
    this.lacks('error').has('message', /\S/);
    return code === undefined ? this : this.has('internalCode', code);
  }

  /** Expects something of the body's text. */
  says(what: string, expected: Expected): this {
    if (fits(this.text, expected)) return this;
    throw this.mismatch(what, wordsOf(expected), show(this.text));
  }

  /** The links at a path, by relation. */
  links(path: string): ReadonlyMap<string, string> {
    return linksAt(this.body, path);
  }

  /** The link of a relation at a path. @throws Mismatch when there is none. */
  link(path: string, rel: string): string {
    const href = this.links(path).get(rel);
    if (href !== undefined) return href;
    throw this.mismatch(`link "${rel}" at ${path}`, 'an address', show(this.at(path)));
  }

  /** The body as XML. @throws Mismatch when it is none. */
  xml(): XmlElement {
    try {
      return parseXml(this.text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw this.mismatch('body', 'well-formed XML', `${why}: ${show(this.text)}`);
    }
  }

  /** The value of a cookie that was set; undefined when none was. */
  cookie(name: string): string | undefined {
    const start = `${name}=`;
    const line = this.setCookies().find((each) => each.startsWith(start));
    return line?.slice(start.length).split(';', 1)[0];
  }

  /** The `Set-Cookie` headers. */
  setCookies(): readonly string[] {
    return this.headers['set-cookie'] ?? [];
  }

  mismatch(what: string, expected: string, got: string): Mismatch {
    return new Mismatch(what, expected, got, this);
  }
}

/** The value at a path of keys and indexes. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((inside, key) => {
    return typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
      ? Reflect.get(inside, key)
      : undefined;
  }, value);
}

/** The members of a list however it is written: one member alone, several, none. */
export function members(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The links at a path, by relation, whether their keys have `@` or not. */
export function linksAt(value: unknown, path: string): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const link of members(valueAt(value, path))) {
    const rel = valueAt(link, '@rel') ?? valueAt(link, 'rel');
    const href = valueAt(link, '@href') ?? valueAt(link, 'href');
    if (typeof rel === 'string' && typeof href === 'string' && !links.has(rel)) {
      links.set(rel, href);
    }
  }
  return links;
}
