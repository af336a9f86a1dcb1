/** Every documented example is sent to a server, in every representation that is documented. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredOperation } from '@parley/protocol';
import { ACCESS_ERRORS, placeOf } from '@parley/reference/chapters';
import { answerExamples, bodiesOf } from '@parley/reference/examples';
import { ExampleFixture } from './example-scenario.js';
import { at, call, type Reply } from './harness.js';

let examples: ExampleFixture;
beforeAll(async () => {
  examples = await ExampleFixture.start();
});
afterEach(() => examples.fixture.clear());
afterAll(() => examples.stop());

const operations = (): readonly RegisteredOperation[] =>
  examples.fixture.server.running.server.operations;

const title = ({ method, url }: RegisteredOperation) => `${method} ${url}`;

function expected(registered: RegisteredOperation): number {
  const [first] = Object.keys(registered.operation.answers);
  return Number(first);
}

async function send(
  registered: RegisteredOperation,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { url, credential, adapt, made } = await examples.scenarioFor(registered);
  const reply = await call(registered.method, url, {
    ...credential,
    headers,
    ...(body === undefined ? {} : { body: adapt(body) }),
  });
  await examples.undo([...made, reply.headers.location ?? '']);
  return reply;
}

describe('examples', () => {
  it('[REF5] every body that an operation reads has an example', () => {
    const without = operations().filter(
      (each) => each.operation.body !== undefined && bodiesOf(each).length === 0,
    );
    expect(without.map(title)).toEqual([]);
  });

  it('[REF5] every document that is answered has an example', () => {
    const without = operations().flatMap((each) =>
      Object.values(each.operation.answers)
        .flatMap((documents) => documents ?? [])
        .filter((document) => answerExamples([document], each, 'json').length === 0)
        .map((document) => `${document.name} of ${title(each)}`),
    );
    expect(without).toEqual([]);
  });

  it('[REF6] every example body, as JSON and as XML, is answered as the description says', async () => {
    const wrong: string[] = [];
    for (const registered of operations()) {
      for (const [type, { example }] of Object.entries(registered.operation.lines?.body ?? {})) {
        const reply = await send(registered, example, { 'content-type': type });
        await examples.fixture.clear();
        const made = reply.text.trimEnd().split('\n').length > 1 && !/"error"/.test(reply.text);
        if (reply.status !== 200 || !made)
          wrong.push(`${title(registered)} ${type}: ${reply.text}`);
      }
      for (const example of bodiesOf(registered)) {
        const sent = [
          [JSON.stringify(example.body), 'application/json'] as const,
          ...(registered.operation.jsonOnly
            ? []
            : [[example.writeXml(), 'application/xml'] as const]),
        ];
        for (const [body, type] of sent) {
          const reply = await send(registered, body, { 'content-type': type });
          await examples.fixture.clear();
          if (reply.status === expected(registered)) continue;
          wrong.push(`${title(registered)} ${example.name} ${type}: ${reply.status} ${reply.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('[REF6] every operation without a body is answered as the description says, in each representation', async () => {
    const wrong: string[] = [];
    for (const registered of operations()) {
      const { body, lines, stream } = registered.operation;
      // A WebSocket is asked for otherwise.
      if (body !== undefined || lines !== undefined || stream === 'websocket') continue;
      for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
        const reply = await send(registered, undefined, { accept });
        await examples.fixture.clear();
        if (reply.status !== expected(registered)) {
          wrong.push(`${title(registered)} ${accept}: ${reply.status} ${reply.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('[REF7] answers have the links of their examples, in the same order', async () => {
    const wrong: string[] = [];
    for (const registered of operations()) {
      const { method, operation } = registered;
      if (method !== 'GET') continue;
      const documents = Object.values(operation.answers).flatMap((each) => each ?? []);
      const exemplified = answerExamples(documents, registered, 'json').map(({ value }) =>
        relations(value()),
      );
      if (exemplified.every((rels) => rels.length < 2)) continue;
      const reply = await send(registered, undefined, {});
      await examples.fixture.clear();
      const rels = relations(reply.body);
      if (!exemplified.some((each) => each.join() === rels.join())) {
        wrong.push(`${title(registered)}: ${rels.join()} instead of ${exemplified.join(' or ')}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('[REF8] what needs a credential is refused without one, with an error that is described', async () => {
    const wrong: string[] = [];
    for (const registered of operations()) {
      const { access } = placeOf(registered.url);
      if (!ACCESS_ERRORS[access].includes('unauthorized') || access === 'owner') continue;
      const { url } = await examples.scenarioFor(registered);
      const [example] = bodiesOf(registered);
      const reply = await call(registered.method, url, { body: example?.body });
      await examples.fixture.clear();
      if (reply.status !== 401) wrong.push(`${title(registered)}: ${reply.status} ${reply.text}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

/** The relations of all links in a document, in its order. */
function relations(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(relations);
  if (typeof value !== 'object' || value === null) return [];
  const rel = at(value, '@rel') ?? at(value, 'rel');
  return typeof rel === 'string' ? [rel] : Object.values(value).flatMap(relations);
}
