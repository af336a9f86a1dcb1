/** The description itself: that it is valid OpenAPI, complete, and served as it should be. */
import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Description, descriptionOf } from './described.js';
import { call, startTestServer, type TestServer } from './harness.js';
import type { ExampleObject, MediaType, OpenApi, Ref } from '@parley/reference/openapi';

let server: TestServer;
let description: Description;
let api: OpenApi;
beforeAll(async () => {
  server = await startTestServer();
  const { operations } = server.running.server;
  description = descriptionOf(operations);
  const reply = await server.call('GET', `${server.http}/openapi.json`);
  api = reply.body as OpenApi;
});
afterAll(() => server.stop());

/** All media types of a description, with the place where each stands. */
function mediaTypes(of = api): {
  readonly place: string;
  readonly type: string;
  readonly media: MediaType;
}[] {
  const found: { place: string; type: string; media: MediaType }[] = [];
  const walk = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inside] of Object.entries(value)) {
      if (key === 'content') {
        for (const [type, media] of Object.entries(inside as Record<string, MediaType>)) {
          found.push({ place, type, media });
        }
      } else walk(inside, `${place}/${key}`);
    }
  };
  walk(of.paths, '');
  walk(of.components.responses, 'responses');
  return found;
}

/** A request whose answer is left as it came over the wire. */
function raw(path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(`${server.http}${path}`, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject).end();
    },
  );
}

describe('the description', () => {
  it('[REF1] has examples that fit their schemas, and no key is unknown to these', () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const { place, type, media } of mediaTypes()) {
      for (const [name, example] of Object.entries(media.examples ?? {})) {
        const { value, description: words = '' } = resolved(example);
        checked += 1;
        const xml = /^```xml\n([\s\S]*)\n```$/.exec(words)?.[1];
        expect([place, xml !== undefined]).toEqual([place, type.endsWith('xml')]);
        const problems = [
          ...description.problemsOf(media, value),
          ...(xml === undefined ? [] : description.problemsOfXml(media, xml)),
        ];
        if (problems.length > 0) wrong.push(`${place} ${type} ${name}: ${problems.join('; ')}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(800);
  }, 60_000);

  it('[REF2] has every operation of the server, and no other', () => {
    const registered = server.running.server.operations.map(
      ({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    const described = Object.entries(api.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const own = [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /openapi-json-only.json',
    ];
    expect(described.toSorted()).toEqual([...registered, ...own].toSorted());
  });

  it('[REF2] names no server but the one that serves it', () => {
    expect(api.servers.map(({ url }) => url)).toEqual(['/']);
    const hosts = [...JSON.stringify(api).matchAll(/https?:\/\/([\w.-]+)/g)].map(
      ([, host]) => host,
    );
    expect(new Set(hosts)).toEqual(
      new Set(['chat.example.com', 'shop.example.com', 'search.example.com', 'idp.example.com']),
    );
  });

  it('[REF3] a wrong status, a missing key, an unknown key, a hidden header: each is noticed', () => {
    const url = `${server.base}/chat/availability`;
    const answered = { 'content-type': 'application/json; charset=utf-8' };
    const good = {
      method: 'GET',
      url,
      headers: {},
      status: 200,
      answered,
      text: '{"availability":true}',
    };
    expect(description.problemOf(good)).toBeNull();
    const error = (internalCode: number) =>
      JSON.stringify({ error: { time: 'now', message: 'No', internalCode, responseStatus: 'X' } });
    const bad = [
      { ...good, status: 202 },
      { ...good, text: '{}' },
      { ...good, text: '{"availability":true,"more":1}' },
      { ...good, text: '{"availability":"true"}' },
      { ...good, answered: { ...answered, etag: '"1"' } },
      { ...good, answered: { 'content-type': 'text/html' } },
      { ...good, status: 401, text: error(1501) },
      { ...good, status: 401, text: '{"error":{}}' },
      { ...good, url: `${server.base}/nowhere` },
      { ...good, method: 'POST' },
    ];
    for (const exchange of bad) expect(description.problemOf(exchange)).not.toBeNull();
    expect(description.problemOf({ ...good, status: 401, text: error(10) })).toBeNull();
    expect(description.problemOf({ ...good, url: `${url}.json?skill=1` })).toBeNull();
  });
});

describe('XML', () => {
  const good = `<?xml version="1.0" encoding="UTF-8"?><events><link rel="next" href="https://a.example/b"/><event id="0" type="state"><time>2024-07-01T12:00:00.000Z</time><state>waiting</state></event><event id="1" type="line"><time>2024-07-01T12:00:00.000Z</time><textType>plain</textType><text>Hi</text><by>Ann</by><source>visitor</source><subType>REGULAR</subType></event></events>`;
  const problem = (text: string) =>
    description.problemOf({
      method: 'GET',
      url: `${server.base}/chat/H1-${'0'.repeat(32)}K1/events`,
      headers: {},
      status: 200,
      answered: { 'content-type': 'application/xml; charset=utf-8' },
      text,
    });

  it('[REF3] is read as a client does that knows only the description', () => {
    expect(problem(good)).toBeNull();
  });

  it.each([
    ['another root', 'events>', 'chat>'],
    [
      'an element instead of an attribute',
      '<event id="0" type="state">',
      '<event type="state"><id>0</id>',
    ],
    [
      'an attribute instead of an element',
      ' type="state"><time>2024-07-01T12:00:00.000Z</time>',
      ' type="state" time="2024-07-01T12:00:00.000Z">',
    ],
    ['a missing attribute', 'id="0" ', ''],
    ['a missing element', '<state>waiting</state>', ''],
    ['an unknown element', '<state>', '<more>1</more><state>'],
    ['an unknown attribute', '<event id="1"', '<event more="1" id="1"'],
    ['a text instead of a number', 'id="0"', 'id="first"'],
    ['a time that is none', '2024-07-01T12:00:00.000Z', 'noon'],
    ['text between elements', '<event id="1"', 'x<event id="1"'],
    ['what is no XML', '</events>', ''],
  ])('[REF3] %s is noticed', (_, part, other) => {
    expect(good).toContain(part);
    expect(problem(good.replaceAll(part, other))).not.toBeNull();
  });
});

describe('/openapi.json', () => {
  it('[REF4] is answered without a credential, to any origin, and once only to who has it', async () => {
    const first = await raw('/openapi.json', { origin: 'https://tools.example.com' });
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    const tag = String(first.headers['etag']);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const again = await raw('/openapi.json', { 'if-none-match': known });
      expect([again.status, again.body.length]).toEqual([304, 0]);
    }
    const changed = await raw('/openapi.json', { 'if-none-match': '"x"' });
    expect([changed.status, changed.body.equals(first.body)]).toEqual([200, true]);
  });

  it('[REF4] is compressed for who takes it so', async () => {
    const plain = await raw('/openapi.json', {});
    const zipped = await raw('/openapi.json', { 'accept-encoding': 'br, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    const refused = await raw('/openapi.json', { 'accept-encoding': 'gzip;q=0' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('[REF4] is the same for every server of this version', async () => {
    const other = await startTestServer();
    const reply = await call('GET', `${other.http}/openapi.json`);
    expect(reply.body).toEqual(api);
    await other.stop();
  });
});

describe('/openapi-json-only.json', () => {
  it('[REF16] has the operations of the whole description, each body and answer in JSON alone', async () => {
    const reply = await raw('/openapi-json-only.json', { origin: 'https://tools.example.com' });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
    });
    const reduced = JSON.parse(reply.body.toString()) as OpenApi;
    const operationIds = ({ paths }: OpenApi) =>
      Object.values(paths).flatMap((item) =>
        Object.values(item).map(({ operationId }) => operationId),
      );
    expect(operationIds(reduced)).toEqual(operationIds(api));
    const text = JSON.stringify(reduced);
    expect(text).not.toContain('"signature"');

    const types = new Set(mediaTypes(reduced).map(({ type }) => type));
    expect(types).toEqual(
      new Set([
        'application/json',
        'text/csv',
        'text/plain',
        'application/x-ndjson',
        'text/event-stream',
      ]),
    );
    const json = mediaTypes(api).filter(({ type }) => type === 'application/json');
    const inUse = new Set(mediaTypes(reduced).map(({ place }) => place));
    const lost = json.filter(({ place }) => !inUse.has(place)).map(({ place }) => place);
    expect(lost).toEqual([]);

    const pointedAt = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(
      ([, kind, name]) => `${kind}/${name}`,
    );
    const { securitySchemes: _, ...components } = reduced.components;
    const there = Object.entries(components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `${kind}/${name}`),
    );
    expect(there.toSorted()).toEqual([...new Set(pointedAt)].toSorted());
  });
});

function resolved(example: ExampleObject | Ref): ExampleObject {
  if (!('$ref' in example)) return example;
  const found = api.components.examples[example.$ref.slice(example.$ref.lastIndexOf('/') + 1)];
  if (found === undefined) throw new Error(`no ${example.$ref}`);
  return found;
}
