/** One operation of the server as an operation of the description. */
import {
  FRAMES,
  type ErrorCode,
  type ErrorForm,
  type JsonSchema,
  type WireForm,
  errorFormOf,
  type AnyDocument,
  EVENT_STREAM,
  LINES,
  type RegisteredOperation,
} from '@parley/protocol';
import { ACCESS_WORDS, type Access, CHAPTERS, placeOf, SECURITY } from './chapters.js';
import { capital, type ComponentsBuilder } from './components.js';
import { describeErrors, errorContent, errorsOf } from './errors.js';
import { answerExamples, bodyExamples, type NamedExample } from './examples.js';
import type {
  HeaderObject,
  MediaType,
  OperationObject,
  Ref,
  RequestBody,
  ResponseObject,
} from './openapi.js';
import { parametersOf } from './parameters.js';

/** @throws Error when the operation is in no chapter or has a parameter that nothing is known of. */
export function operationObject(
  registered: RegisteredOperation,
  components: ComponentsBuilder,
): OperationObject {
  const { url, operation } = registered;
  const { chapter, access } = placeOf(url);
  const body = requestBody(registered, components);
  return {
    operationId: operationId(registered),
    tags: [titleOf(chapter)],
    summary: operation.summary,
    description: [operation.description ?? [], ACCESS_WORDS[access]].flat().join('\n\n'),
    parameters: parametersOf(registered, components),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responses(registered, components),
    security: SECURITY[access],
  };
}

/** The name of the chapter's tag. */
export function titleOf(chapter: string): string {
  return CHAPTERS.find(({ id }) => id === chapter)?.title ?? chapter;
}

/** Parameters that say where something hangs, not what it is. */
const PLACES_ONLY = new Set([':session', ':chat', ':visit']);

/**
 * A name for code that is made from the description: method and path, `getAgentSessionChatEvents`.
 * It stays the same whatever else is added.
 */
export function operationId({ method, url }: Pick<RegisteredOperation, 'method' | 'url'>): string {
  const segments = url.split('/').slice(1);
  const words = segments.map((segment, index) => {
    const last = index === segments.length - 1;
    if (['api', ':account', 'le-users'].includes(segment)) return '';
    if (segment === 'account' && segments[index + 1] === ':account' && segments.length > 3)
      return '';
    if (!segment.startsWith(':')) return word(segment);
    return PLACES_ONLY.has(segment) && !last ? '' : 'ById';
  });
  return method.toLowerCase() + words.join('');
}

/** A part of a path as part of a name: `le-users` is `LeUsers`, `openapi.json` is `OpenapiJson`. */
function word(segment: string): string {
  return segment
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join('');
}

function requestBody(
  registered: RegisteredOperation,
  components: ComponentsBuilder,
): RequestBody | undefined {
  const { operation } = registered;
  const { body, formBody, lines } = operation;
  if (lines !== undefined) {
    const types = Object.entries(lines.body).map(([type, { description, example }]) => {
      return [type, { schema: { type: 'string', description, examples: [example] } }] as const;
    });
    return { description: 'Lines.', required: true, content: Object.fromEntries(types) };
  }
  if (body === undefined) return undefined;
  const json = { ...components.document(body, 'request-json') };
  const content: Record<string, MediaType> = {
    'application/json': withExamples(json, bodyExamples(registered, 'json'), components),
    ...(operation.jsonOnly
      ? {}
      : {
          'application/xml': withExamples(
            { ...components.document(body, 'request-xml') },
            bodyExamples(registered, 'xml'),
            components,
            'request-xml',
          ),
        }),
    ...(formBody ? { 'application/x-www-form-urlencoded': { schema: json } } : {}),
  };
  return {
    description: body.description,
    ...(body.body === 'required' ? { required: true } : {}),
    content,
  };
}

function withExamples(
  schema: JsonSchema,
  examples: readonly NamedExample[],
  components: ComponentsBuilder,
  xmlForm: 'xml' | 'request-xml' = 'xml',
): MediaType {
  const refs = examples.map(({ component, document, name, form, summary, value }) => {
    const ref =
      form === 'xml'
        ? components.xmlExample(component, components.document(document, xmlForm), () => ({
            summary,
            text: String(value()),
          }))
        : components.example(component, () => ({ summary, value: value() }));
    return [name, ref] as const;
  });
  return refs.length === 0 ? { schema } : { schema, examples: Object.fromEntries(refs) };
}

/** Media types of answers, and the form in which their schema is. */
const REPRESENTATIONS = {
  'application/json': 'json',
  'application/xml': 'xml',
  'application/hal+json': 'hal',
} as const satisfies Record<string, WireForm>;

function responses(
  registered: RegisteredOperation,
  components: ComponentsBuilder,
): Record<string, ResponseObject | Ref> {
  const { operation } = registered;
  const errors = errorsOf(registered);
  const found: Record<string, ResponseObject | Ref> = {};
  for (const [status, documents] of Object.entries(operation.answers)) {
    const list = documents === null ? [] : [documents].flat();
    const codes = errors.get(Number(status)) ?? [];
    errors.delete(Number(status));
    found[status] = answer(registered, Number(status), list, codes, components);
  }
  const form = errorFormOf(registered.url);
  for (const [status, codes] of errors) {
    found[status] = errorResponse(status, codes, form, components);
  }
  return found;
}

function answer(
  registered: RegisteredOperation,
  status: number,
  documents: readonly AnyDocument[],
  codes: readonly ErrorCode[],
  components: ComponentsBuilder,
): ResponseObject {
  const { operation } = registered;
  const said = [
    ...new Set(documents.map(({ description }) => description)),
    ...(codes.length === 0 ? [] : [describeErrors(codes)]),
  ];
  const plain = operation.stream === undefined ? WITHOUT_BODY(status) : STREAMED[operation.stream];
  const description = said.length > 0 ? said.join('\n\n') : plain;
  const again = operation.retry === undefined ? [] : (['Idempotency-Replayed'] as const);
  const names = status < 400 ? [...(operation.gives ?? []), ...again] : errorHeaders(status, codes);
  const limited = status < 400 && isLimited(registered) ? LIMIT_HEADERS : [];
  const given = status === 304 ? names.filter((name) => name === 'ETag') : names;
  const headers = headersNamed([...given, ...limited], components);
  const content: Record<string, MediaType> = {};
  const { lines, stream } = operation;
  if (lines !== undefined && status < 400) content[LINES] = { schema: lines.answer };
  if (stream === 'sse' && status < 400) content[EVENT_STREAM] = { schema: FRAME_SCHEMA };
  for (const [type, form] of Object.entries(REPRESENTATIONS)) {
    if (documents.length === 0 || (operation.jsonOnly && form !== 'json')) continue;
    const schemas = documents.map((document) => ({ ...components.document(document, form) }));
    const examples = answerExamples(documents, registered, form);
    content[type] = withExamples(oneOf(schemas), examples, components);
  }
  for (const [type, media] of Object.entries(
    codes.length === 0 ? {} : errorContent(codes, errorFormOf(registered.url), components),
  )) {
    const before = content[type];
    content[type] =
      before === undefined
        ? media
        : {
            schema: oneOf([before.schema, media.schema]),
            examples: { ...before.examples, ...media.examples },
          };
  }
  return {
    description,
    headers,
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}

/**
 * Whether it is counted against a limit that is reported to its caller: whatever visitors bring is, and whatever
 * comes with a credential.
 */
function isLimited({ url, method, operation }: RegisteredOperation): boolean {
  const { access } = placeOf(url);
  // Streams write their own headers, without these.
  if (WITH_CREDENTIAL.has(access)) return operation.stream === undefined;
  return method !== 'GET' && (access === 'visitor' || access === 'reporter');
}

const WITH_CREDENTIAL: ReadonlySet<Access> = new Set(['user', 'agent session', 'login', 'owner']);

const LIMIT_HEADERS = ['RateLimit-Policy', 'RateLimit'] as const;

const WITHOUT_BODY = (status: number): string =>
  status === 304 ? 'Nothing has changed: the client’s copy is current.' : 'Done. No body.';

const STREAMED = {
  sse: 'Frames as they happen: event is the type, data is JSON, id is the position.',
  websocket: 'The WebSocket is open. Frames have the form `{"type","position","data"}`.',
} as const;

/** What may stand in a frame's `data`, by the type of the frame. */
const FRAME_SCHEMA: JsonSchema = {
  description: 'The data of frames.',
  anyOf: Object.entries(FRAMES).map(([type, schema]) => ({
    ...(JSON.parse(JSON.stringify(schema)) as JsonSchema),
    description: `The data of a frame of type ${type}.`,
  })),
};

function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only] = schemas;
  return schemas.length === 1 && only !== undefined ? only : { anyOf: schemas };
}

/** The errors of one status as an answer. */
export function errorResponse(
  status: number,
  codes: readonly ErrorCode[],
  form: ErrorForm,
  components: ComponentsBuilder,
): Ref {
  const headers = errorHeaders(status, codes);
  const name = [status, ...(form === 'bare' ? [form] : []), ...codes].join('.');
  return components.response(name, () => ({
    description: describeErrors(codes),
    headers: headersNamed(headers, components),
    content: errorContent(codes, form, components),
  }));
}

const ERROR_HEADERS: Readonly<Record<number, readonly (keyof typeof HEADERS)[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After', 'RateLimit-Policy', 'RateLimit'],
  503: ['Retry-After'],
};

function errorHeaders(
  status: number,
  codes: readonly ErrorCode[],
): readonly (keyof typeof HEADERS)[] {
  return codes.includes('requestInFlight') ? ['Retry-After'] : (ERROR_HEADERS[status] ?? []);
}

const HEADERS = {
  Location: {
    description: 'Where the new resource is.',
    schema: { type: 'string', format: 'uri' },
  },
  'Set-Cookie': { description: 'A cookie to send with later calls.', schema: { type: 'string' } },
  ETag: {
    description: 'The version of the resource, for If-None-Match and If-Match.',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: 'true: the request was sent before, and this is the first response again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'WWW-Authenticate': {
    description: 'Which credential is required.',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'RateLimit-Policy': {
    description:
      'The limits that the request counts against (draft-ietf-httpapi-ratelimit-headers-10), each with its name, its quota (q), its window in seconds (w) and, if it does not count requests, its unit (qu).',
    schema: { type: 'string' },
    example: '"bytes";q=115200000;w=1800;qu="content-bytes", "lines";q=10000;w=10',
  },
  RateLimit: {
    description:
      'The caller’s state in each of the limits: what remains (r), and how many seconds until more is available (t). After that time the whole quota is available again or, if nothing remains, enough for this request.',
    schema: { type: 'string' },
    example: '"bytes";r=115199900;t=1, "lines";r=9999;t=1',
  },
  'X-Request-Id': {
    description:
      'The id of the request in the server’s log: the one that the request sent, of 1 to 128 letters, digits and ._~:+/=@-, or a new one.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._~:+/=@-]{0,127}$' },
  },
  traceparent: {
    description:
      'The position of the request in its trace (W3C Trace Context): the trace from the request’s own traceparent, or a new one.',
    schema: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
  },
} as const satisfies Record<string, HeaderObject>;

/** Those of every answer. */
const ALWAYS = ['X-Request-Id', 'traceparent'] as const satisfies readonly (keyof typeof HEADERS)[];

/** Headers of an answer, beside those that every answer has. */
export function headersNamed(
  names: readonly (keyof typeof HEADERS)[],
  components: ComponentsBuilder,
): Record<string, Ref> {
  return Object.fromEntries(
    [...names, ...ALWAYS].map((name) => [name, components.header(name, HEADERS[name])]),
  );
}
