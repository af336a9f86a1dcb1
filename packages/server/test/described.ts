/**
 * Holds every answer that a test sees against the API description: its status, its headers, its media
 * type, its schema (closed: a key that is not described is a mistake) and, of errors, its code.
 */
import type { IncomingHttpHeaders } from 'node:http';
import {
  ERRORS,
  type ErrorCode,
  LINES,
  type RegisteredOperation,
  EVENT_STREAM,
} from '@parley/protocol';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';
import type { RunningServer } from '../src/index.js';
import { XmlReader } from '@parley/reference/xml-data';
import { describeApi } from '@parley/reference/describe';
import type {
  MediaType,
  OpenApi,
  OpenApiMethod,
  OperationObject,
  Ref,
  ResponseObject,
} from '@parley/reference/openapi';

/** A request and what came back. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly answered: IncomingHttpHeaders;
  readonly text: string;
}

/** Headers of answers that must be described where they occur. */
const REPORTED = [
  'location',
  'set-cookie',
  'etag',
  'www-authenticate',
  'retry-after',
  'idempotency-replayed',
  'x-request-id',
  'traceparent',
  'ratelimit',
  'ratelimit-policy',
];

export class Description {
  readonly api: OpenApi;
  readonly #ajv: Ajv2020;
  readonly #xml: XmlReader;
  readonly #checks = new Map<MediaType, ValidateFunction>();
  readonly #paths: readonly { readonly pattern: RegExp; readonly path: string }[];

  constructor(api: OpenApi) {
    this.api = api;
    this.#xml = new XmlReader(api.components.schemas);
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(
      closed({ components: { schemas: api.components.schemas } }) as object,
      'api',
    );
    this.#paths = Object.keys(api.paths)
      // A path that is written out wins over one with a parameter at the same place.
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
      .map((path) => ({ path, pattern: patternOf(path) }));
  }

  /** The operation that a request is about; what there is in its place else. */
  find(method: string, url: string): OperationObject | 'no such path' | 'no such method' {
    const sent = url.replace(/^https?:\/\/[^/]+/, '').split('?', 1)[0] ?? '';
    const path = sent.replace(/\/{2,}/g, '/');
    const plain = /^\/(api|csdr)\//.test(path) ? path.replace(/\.(json|xml)$/, '') : path;
    const found = this.#paths.find(({ pattern }) => pattern.test(plain));
    if (found === undefined) return 'no such path';
    const name = (method === 'HEAD' ? 'GET' : method).toLowerCase() as OpenApiMethod;
    return this.api.paths[found.path]?.[name] ?? 'no such method';
  }

  /** What is wrong with an exchange; null for nothing. */
  problemOf(exchange: Exchange): string | null {
    const { status, answered, text } = exchange;
    const method = methodOf(exchange);
    // Pages for people, and what the original's browser SDK loads by script tag and frame, are no
    // part of the API.
    if (/^https?:\/\/[^/]+\/(?:docs\b|hcp\/|postmessage\/|$)/.test(exchange.url)) return null;
    if (/\.lpCsds(?:\?|$)/.test(exchange.url)) return null;
    if (status === 500) return `something that nobody foresaw: ${text}`;
    const operation = this.find(method, exchange.url);
    if (method === 'OPTIONS' && status === 204) return null;
    if (typeof operation === 'string') return this.#problemElsewhere(exchange, operation);
    const response = this.response(operation, status);
    if (response === undefined) return `${operation.operationId} has no answer ${status}`;
    const hidden = REPORTED.find(
      (name) => answered[name] !== undefined && !headersOf(response).includes(name),
    );
    if (hidden !== undefined) return `the header ${hidden} is not described`;
    if (method === 'HEAD') return null;
    if (response.content === undefined) {
      return text === '' ? null : `a body is not described: ${text.slice(0, 200)}`;
    }
    return this.#problemOfBody(response.content, exchange);
  }

  response(operation: OperationObject, status: number): ResponseObject | undefined {
    const response = operation.responses[status];
    if (response === undefined || !('$ref' in response)) return response;
    return this.api.components.responses[nameOf(response)];
  }

  /** What is wrong with a value as this media type; empty for nothing. */
  problemsOf(media: MediaType, value: unknown): readonly string[] {
    let check = this.#checks.get(media);
    if (check === undefined) {
      const schema = JSON.stringify(closed(media.schema));
      check = this.#ajv.compile(
        JSON.parse(schema.replaceAll('"#/components/', '"api#/components/')),
      );
      this.#checks.set(media, check);
    }
    check(value);
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What is wrong with XML as this media type; empty for nothing. */
  problemsOfXml(media: MediaType, text: string): readonly string[] {
    try {
      const all = this.#xml.read(text, media.schema).map((each) => this.problemsOf(media, each));
      return all.find((problems) => problems.length === 0) ?? all[0] ?? [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  #problemOfBody(content: Readonly<Record<string, MediaType>>, exchange: Exchange): string | null {
    const { status, answered, text } = exchange;
    const type = String(answered['content-type']).split(';', 1)[0] ?? '';
    const media = content[type];
    if (media === undefined) return `the media type ${type} is not described for ${status}`;
    const problems =
      type === LINES
        ? text.split(/\n(?=.)/).flatMap((line) => this.problemsOf(media, JSON.parse(line)))
        : type === 'text/plain'
          ? this.problemsOf(media, text)
          : type === EVENT_STREAM
            ? [...text.matchAll(/^data: (.*)$/gm)].flatMap(([, data = '']) =>
                this.problemsOf(media, JSON.parse(data)),
              )
            : type === 'application/xml'
              ? this.problemsOfXml(media, text)
              : this.problemsOf(media, JSON.parse(text));
    const [first] = problems;
    if (first !== undefined) return `${first} in ${text.slice(0, 600)}`;
    return status >= 400 ? problemOfCode(content, text) : null;
  }

  /** A path or a method that is not there is answered with an error. */
  #problemElsewhere({ status, answered, text }: Exchange, what: string): string | null {
    if (what === 'no such path') {
      return status >= 400
        ? null
        : `${status}, though no such path is described: ${text.slice(0, 200)}`;
    }
    if (status === 405) return answered.allow === undefined ? 'a 405 without Allow' : null;
    return status >= 400 ? null : `${status}, though no such method is described`;
  }
}

/** The code of an error is one of those that the description names. */
function problemOfCode(content: Readonly<Record<string, MediaType>>, text: string): string | null {
  const named = Object.keys(content['application/json']?.examples ?? {}).filter(
    (code): code is ErrorCode => Object.hasOwn(ERRORS, code),
  );
  const code = /internalCode(?:":|>)(\d+)/.exec(text)?.[1];
  // What RFC 6749 says of errors has no number.
  if (code === undefined && !text.includes('internalCode')) return null;
  if (named.some((each) => ERRORS[each].internalCode === Number(code))) return null;
  return `the internalCode ${code} is not among ${named.join(', ')}: ${text}`;
}

let known: Description | undefined;
const ours = new Set<string>();

/** The description of a server with these operations; all servers have the same. */
export function descriptionOf(operations: readonly RegisteredOperation[]): Description {
  known ??= new Description(describeApi(operations).api);
  return known;
}

/**
 * What the server at these ports answers must be as described, until it stops: then others may be given
 * its ports, a proxy among them.
 */
export function watch(server: RunningServer): void {
  descriptionOf(server.server.operations);
  const ports = [server.httpPort, server.httpsPort].map(String);
  for (const port of ports) ours.add(port);
  const close = server.close.bind(server);
  server.close = () => {
    for (const port of ports) ours.delete(port);
    return close();
  };
}

/** @throws Error when the answer of a server that is watched is not as described. */
export function requireBeDescribed(exchange: Exchange): void {
  if (!ours.has(new URL(exchange.url).port)) return;
  const problem = known?.problemOf(exchange) ?? null;
  if (problem === null) return;
  const { method, url } = exchange;
  throw new Error(`Not as described: ${method} ${url}: ${problem}`);
}

/**
 * What is wrong with an exchange with whichever server; null for nothing.
 * @throws Error when no server was watched yet: then there is no description.
 */
export function problemWith(exchange: Exchange): string | null {
  if (known === undefined) throw new Error('start a server of this process first, and watch it');
  return known.problemOf(exchange);
}

function methodOf({ method, headers }: Exchange): string {
  const override = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === 'x-http-method-override',
  )?.[1];
  const wanted = String(override).toUpperCase();
  return method === 'POST' && (wanted === 'PUT' || wanted === 'DELETE') ? wanted : method;
}

function headersOf({ headers }: ResponseObject): string[] {
  return Object.keys(headers ?? {}).map((name) => name.toLowerCase());
}

function nameOf({ $ref }: Ref): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}

/** Written-out parts sort before parameters. */
function sortKey(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '\uffff');
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part, index, all) => {
    if (!part.startsWith('{')) return part.replaceAll('.', '\\.');
    // Nothing at the end is a parameter too: the id may be left out there.
    return index === all.length - 1 ? '[^/]*' : '[^/]+';
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** A schema with every object closed. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return copy['type'] === 'object' && 'properties' in copy
    ? { additionalProperties: false, ...copy }
    : copy;
}
