/** Requests of an operation, drawn from its description: right, almost right, hostile. */
import type { DocumentType, AnyDocument, RegisteredOperation } from '@parley/protocol';
import fc, { type Arbitrary } from 'fast-check';
import { bodiesOf as examplesOf } from '@parley/reference/examples';
import { audienceOf, recordsAt } from '../isolation/audience.js';
import { bodiesOf, type Schema, validBodies, valuesOf } from './bodies.js';
import { almost, hostileBodies, hostileTexts, torn } from './hostile.js';
import type { Asker, Home, Owner } from './places.js';

/** An id: of somebody, or a text instead of one. */
type Id = { readonly of: Owner } | { readonly text: string };

/** A request before it is known in which home it is asked. */
export interface Request {
  readonly ids: Readonly<Record<string, Id>>;
  readonly query: readonly (readonly [string, Id])[];
  readonly asker: Asker | 'nobody';
  /** `.json`, `.xml` or nothing. */
  readonly suffix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** A request as it is sent. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly asker: Asker | 'nobody';
}

/** Everything that can be asked of an operation, mostly so that it gets further than the door. */
export function requestsOf(registered: RegisteredOperation): Arbitrary<Request> {
  const { url, operation } = registered;
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return fc.record({
    ids: fc.record(Object.fromEntries(names.map((name) => [name, ids])), {
      noNullPrototype: true,
    }) as Arbitrary<Request['ids']>,
    query: queries(registered),
    asker: askers(registered),
    suffix: rarely(fc.constantFrom('.json', '.xml', '.txt', '.json.xml'), ''),
    headers: headers(),
    body: operation.body === undefined ? noBodies : bodies(registered, operation.body),
  });
}

/** Requests that are right: one for each example of the operation's body. */
export function rightRequests(registered: RegisteredOperation): readonly Request[] {
  const { operation, versions } = registered;
  const bodies: readonly (string | undefined)[] =
    operation.body === undefined
      ? [undefined]
      : examplesOf(registered).map(({ body }) => JSON.stringify(ofRecord(meant(body))));
  const named = Object.keys(operation.query ?? {}).filter((name) => QUERY_IDS.has(name));
  const query: Request['query'] = [
    ['v', { text: versions[0] ?? '1' }],
    ...named.map((name) => [name, { of: 'own' }] as const),
  ];
  const rest = { ids: {}, query, suffix: '', headers: {} };
  return usualAskers(registered).flatMap((asker) =>
    bodies.map((body) => ({ ...rest, asker, body: body?.replaceAll('"{record}"', '{record}') })),
  );
}

const QUERY_IDS: ReadonlySet<string> = new Set(['sid', 'chatSessionKeys', 'ids']);

/** What a collection is asked of its records is asked of the one that a home has. */
function ofRecord(body: unknown): unknown {
  if (Array.isArray(body)) {
    return body.map((each) => (typeof each === 'number' ? '{record}' : ofRecord(each)));
  }
  if (typeof body !== 'object' || body === null || !('id' in body)) return body;
  return typeof body.id === 'number' ? { ...body, id: '{record}' } : body;
}

/** Who may ask it. */
function usualAskers(registered: RegisteredOperation): readonly Request['asker'][] {
  switch (audienceOf(registered)) {
    case 'agent':
    case 'user':
      return ['agent'];
    case 'configuration':
    case 'supervision':
      return ['admin'];
    case 'visitor':
    case 'reporter':
      return ['visitor'];
    case 'login':
      return ['nobody', 'agent'];
    case 'public':
      return ['nobody'];
  }
}

/** The examples of an operation's body, as they are meant in a home. */
export function examplesIn(registered: RegisteredOperation, home: Home): readonly unknown[] {
  return examplesOf(registered).map(({ body }) =>
    JSON.parse(filled(JSON.stringify(meant(body)), home)),
  );
}

/** The request as it is in a home. */
export function inHome(request: Request, registered: RegisteredOperation, home: Home): Sent {
  const records = recordsAt(registered.url) || collectionAt(registered.url);
  const idOf = (name: string, id: Id): string => {
    if ('text' in id) return encode(id.text);
    const own = home.ids[id.of];
    return name === 'id'
      ? (own.records[records] ?? '1')
      : encode(String(Reflect.get(own, name) ?? '1'));
  };
  const path = registered.url.replaceAll(/:(\w+)/g, (_, name: string) =>
    idOf(name, request.ids[name] ?? { of: 'own' }),
  );
  const query = request.query.map(([name, id]) => `${encode(name)}=${idOf(name, id)}`).join('&');
  const { asker, body, headers } = request;
  return {
    asker,
    headers,
    path: path + request.suffix + (query === '' ? '' : `?${query}`),
    body:
      typeof body === 'string'
        ? filled(body, home).replaceAll('{record}', home.ids.own.records[records] ?? '1')
        : body,
  };
}

/** The path of a collection below the configuration; empty elsewhere. */
function collectionAt(url: string): string {
  return /\/configuration\/([^:]+)$/.exec(url)?.[1] ?? '';
}

/** A body with what only a home knows. */
function filled(body: string, { csrf, account }: Home): string {
  return body.replaceAll('{csrf}', csrf).replaceAll('{account}', account);
}

/** Percent-encodes; what cannot be is sent as the nearest text that can. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

/** Something else one time in ten. */
function rarely<T>(unusual: Arbitrary<T>, usual: T): Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: unusual });
}

/** Node itself refuses a request with 16 KiB of headers and URL. */
const LONGEST = 1_500;

const hostileIds = fc
  .oneof(hostileTexts, fc.stringMatching(/^[0-9A-Za-z_-]{1,130}$/))
  .map((text) => text.slice(0, LONGEST));

const ids: Arbitrary<Id> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ of: 'own' } as const) },
  { weight: 1, arbitrary: fc.constantFrom({ of: 'others' } as const, { of: 'abroad' } as const) },
  { weight: 1, arbitrary: hostileIds.map((text) => ({ text })) },
);

function askers(registered: RegisteredOperation): Arbitrary<Request['asker']> {
  const strange = fc.constantFrom('agent', 'admin', 'manager', 'visitor', 'nobody');
  switch (audienceOf(registered)) {
    case 'agent':
      return rarely(strange, 'agent');
    case 'login':
      // Some bring what they log in with in the body, some go on with a login.
      return fc.constantFrom('nobody', 'agent');
    case 'user':
      return fc.constantFrom('agent', 'admin', 'manager');
    case 'configuration':
    case 'supervision':
      return rarely(strange, 'admin');
    case 'visitor':
      return rarely(strange, 'visitor');
    case 'reporter':
    case 'public':
      return strange;
  }
}

function queries({ operation, versions }: RegisteredOperation): Arbitrary<Request['query']> {
  const known = Object.entries(operation.query ?? {}).map(([name, { schema }]) => {
    const value = fc.oneof(
      { weight: 3, arbitrary: valuesOf(schema as Schema).map((each) => ({ text: String(each) })) },
      { weight: 4, arbitrary: fc.constant({ of: 'own' } as const) },
      { weight: 1, arbitrary: hostileIds.map((text) => ({ text })) },
    );
    return value.map((each) => [name, each] as const);
  });
  const version = rarely(fc.constantFrom('', '9', 'x'), versions[0] ?? '1').map((text) => {
    return ['v', { text }] as const;
  });
  const strange = fc.tuple(hostileIds, ids);
  const several = fc.array(fc.oneof(version, version, ...known, ...known, ...known, strange), {
    maxLength: 4,
  });
  return fc.oneof(fc.constant([]), several);
}

const TYPES = [
  ...['application/json', 'application/xml', 'text/xml; charset=utf-8', 'text/plain', '*/*'],
  ...[
    'application/hal+json',
    'application/json;q=0.5, application/xml',
    'image/png',
    'a',
    ';',
    ',',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/html;q=x'],
];

const AUTHORIZATIONS = [
  ...['Bearer', 'Bearer ', `bearer ${'0'.repeat(64)}`, 'Bearer a b', 'Bearer client.a.b.c.d'],
  ...['Basic', 'Basic x', 'Basic Og==', 'Basic cGFybGV5OnBhcmxleQ==', 'Digest a="b"', 'Negotiate'],
  ...['LivePerson', 'LivePerson appKey', 'LivePerson appKey=', 'LivePerson appKey=__proto__'],
  ...['OAuth', 'OAuth ', 'OAuth oauth_consumer_key="a"', 'OAuth oauth_nonce="a",,oauth_nonce="b"'],
  'OAuth oauth_consumer_key="parley-demo-bot-key",oauth_token="x",oauth_signature_method="HMAC-SHA1",oauth_timestamp="1e99",oauth_nonce="",oauth_version="1.0",oauth_signature="%"',
  'OAuth oauth_consumer_key="parley-demo-bot-key",oauth_token="parley-demo-bot-token",oauth_signature_method="HMAC-MD5",oauth_timestamp="1719835200",oauth_nonce="n",oauth_signature="AAAA"',
];

/** Mostly none; at times one, or several. */
function headers(): Arbitrary<Request['headers']> {
  const type = fc.constantFrom(...TYPES);
  const strange = fc
    .stringMatching(/^[\x20-\x7e]{0,60}$/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const one = (name: string, ...explicit: readonly string[]) =>
    fc.oneof(fc.constantFrom(...explicit), strange).map((value) => [name, value] as const);
  const any = fc.oneof(
    rarely(strange, 'application/xml').map((value) => ['accept', value] as const),
    type.map((value) => ['accept', value] as const),
    type.map((value) => ['content-type', value] as const),
    one('content-type', ...TYPES),
    one('x-http-method-override', 'PUT', 'DELETE', 'GET', 'put'),
    one('if-match', '"1"', '*', '1', '"x"', 'W/"1"'),
    one('if-none-match', '"1"', '*', '""'),
    one('user-agent', 'Mozilla/5.0 (iPhone)', '('),
    one('origin', 'null', 'https://a.example', 'http://[::1]'),
    one('cookie', 'session_id=x', '=;=;=', 'a=%zz'),
    one('authorization', ...AUTHORIZATIONS),
    one('host', 'a.example', 'a.example:99999', '[::1', 'a@b', 'a,b', 'a/b'),
    one('x-forwarded-host', 'a.example', 'a/b', 'a, b', '"><script>'),
    one('x-forwarded-proto', 'https', 'javascript', 'https, http'),
    one('accept-language', 'de-DE, en;q=0.5', '*', ';', 'x'.repeat(500)),
    one('accept-encoding', 'gzip', 'br;q=0', '*;q=0', ';'),
    one('content-encoding', 'gzip', 'identity', 'x'),
    one('referer', 'https://a.example/?b=c', 'x'),
  );
  const count = fc.constantFrom(0, 0, 0, 1, 1, 3);
  return count
    .chain((length) => fc.array(any, { minLength: length, maxLength: length }))
    .map((all) => Object.fromEntries(all));
}

const noBodies: Arbitrary<string | Uint8Array | undefined> = rarely(hostileBodies, undefined);

/** A body as JSON text, or as XML when the document allows. */
function written(document: AnyDocument, values: Arbitrary<unknown>): Arbitrary<string> {
  const writer = document as AnyDocument & Pick<DocumentType<unknown>, 'write'>;
  return fc.tuple(values, fc.nat(2)).map(([value, form]) => {
    const read = form === 0 ? document.read(value) : null;
    return read?.ok ? writer.write(read.value, 'xml') : (JSON.stringify(value) ?? '');
  });
}

function bodies(
  registered: RegisteredOperation,
  document: AnyDocument,
): Arbitrary<string | Uint8Array | undefined> {
  const examples = examplesOf(registered).map(({ body }) => meant(body));
  const right = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...examples) },
    { weight: 1, arbitrary: validBodies(document) },
  );
  return fc.oneof(
    { weight: 5, arbitrary: written(document, right) },
    { weight: 1, arbitrary: written(document, bodiesOf(document)) },
    { weight: 4, arbitrary: written(document, almost(right)) },
    { weight: 1, arbitrary: torn(written(document, right)) },
    { weight: 2, arbitrary: hostileBodies },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** An example with what only a home knows left open. */
function meant(example: unknown): unknown {
  const text = JSON.stringify(example)
    .replaceAll(/"[0-9a-f]{64}"/g, '"{csrf}"')
    .replaceAll('"12345678"', '"{account}"')
    .replaceAll(/^\[21,22\]$/g, '[103]');
  return JSON.parse(text);
}
