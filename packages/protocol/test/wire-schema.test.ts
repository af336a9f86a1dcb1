import { Ajv2020 } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chatDocument,
  chatEventLocationDocument,
  chatRequestDocument,
  eventDocument,
  incomingRequestsDocument,
  type JsonSchema,
  newEventDocument,
  transferDocument,
  visitInfoDocument,
  wireSchema,
} from '../src/index.js';
import { valuesOf } from './support/arbitrary.js';
import { ALL, success } from './support/documents.js';

/** A schema with every object closed: a key that it does not name is a mistake. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  // Free JSON is a text in XML, whatever it is as a value.
  if (copy['contentMediaType'] === 'application/json') return {};
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
}

function checker(schema: JsonSchema) {
  const ajv = new Ajv2020({ strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['xml']);
  const check = ajv.compile(closed(schema) as object);
  return (value: unknown): readonly string[] => {
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

const dropped = (record: object, key: string) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

describe.each(ALL.map((document) => [document.name, document] as const))(
  '%s',
  (_name, document) => {
    it('[SCHEMA1] [SCHEMA2] what is written fits its schema, and no key is unknown to it', () => {
      const json = checker(wireSchema(document, 'json'));
      const request = checker(wireSchema(document, 'request-json'));
      const hal = checker(wireSchema(document, 'hal'));
      fc.assert(
        fc.property(valuesOf(document.schema, 'json'), (value) => {
          const written: unknown = JSON.parse(document.write(value, 'json'));
          expect(json(written)).toEqual([]);
          expect(request(written)).toEqual([]);
          expect(hal(JSON.parse(document.write(value, 'hal')))).toEqual([]);
        }),
        { numRuns: 25 },
      );
    });

    it('[SCHEMA3] the XML schema has an element or attribute for each field, under its root', () => {
      const problems = checker(wireSchema(document, 'xml'));
      expect(wireSchema(document, 'xml')['xml']).toMatchObject({ name: document.xmlRoot });
      fc.assert(
        fc.property(valuesOf(document.schema, 'xml'), (value) => {
          // OpenAPI describes XML by the value that it stands for.
          expect(problems(value)).toEqual([]);
        }),
        { numRuns: 20 },
      );
    });
  },
);

describe('JSON', () => {
  it('[SCHEMA1] attributes have @, texts beside them are $, beside keys stand beside the root', () => {
    const facts = checker(wireSchema(visitInfoDocument, 'json'));
    const link = { '@href': 'V/info', '@rel': 'self' };
    const info = { '@name': 'ip', $: '::1' };
    const visitInfo = { link, isInCurrentChat: true, visitorId: 'x', sessionInfo: { info } };
    expect(facts({ visitInfo })).toEqual([]);
    expect(
      facts({ visitInfo: { ...visitInfo, sessionInfo: { info: { name: 'ip', $: '' } } } }),
    ).not.toEqual([]);
    const located = checker(wireSchema(chatEventLocationDocument, 'json'));
    expect(located({ chatEventLocation: { link }, chatLocation: { link } })).toEqual([]);
    expect(located({ chatEventLocation: { link, chatLocation: { link } } })).not.toEqual([]);
  });

  it('[SCHEMA1] a list of one member is that member, never an array of it; an empty one is absent', () => {
    const schema = checker(wireSchema(eventDocument, 'json'));
    const event = {
      '@id': '1',
      '@type': 'state',
      time: '2017-02-27T06:24:15.424-05:00',
      state: 'ended',
    };
    expect(schema({ event })).toEqual([]);
    const chat = checker(wireSchema(chatDocument, 'json'));
    const problemsOf = (events: unknown) =>
      chat({ chat: { link: [], events, info: {} } }).filter((each) =>
        each.startsWith('/chat/events'),
      );
    expect(problemsOf({ link: [] })).toEqual([]);
    expect(problemsOf({ link: [], event })).toEqual([]);
    expect(problemsOf({ link: [], event: [event, event] })).toEqual([]);
    expect(problemsOf({ link: [], event: [event] })).not.toEqual([]);
  });

  it('[SCHEMA1] numbers written as texts are texts', () => {
    const schema = checker(wireSchema(incomingRequestsDocument, 'json'));
    expect(schema({ incomingRequests: { ringingCount: '1' } })).toEqual([]);
    for (const ringingCount of [1, '-1', 'one', '']) {
      expect(schema({ incomingRequests: { ringingCount } })).not.toEqual([]);
    }
  });

  it('[SCHEMA1] a key that is always there is required', () => {
    const event = {
      '@id': '1',
      '@type': 'state',
      time: '2017-02-27T06:24:15.424-05:00',
      state: 'ended',
    };
    const schema = checker(wireSchema(eventDocument, 'json'));
    for (const key of Object.keys(event)) {
      expect(schema({ event: dropped(event, key) }), key).not.toEqual([]);
    }
  });
});

describe('requests', () => {
  it.each([
    ['an id as number', { transfer: { skill: { id: 2 } } }],
    ['an id as text', { transfer: { skill: { id: '2' } } }],
    ['a text inside', { transfer: { agent: { id: 6 }, text: 'Hi' } }],
    ['a text beside', { transfer: { agent: { id: 6 } }, text: 'Hi' }],
  ])('[SCHEMA2] the schema allows what is read: %s', (_, body) => {
    expect(checker(wireSchema(transferDocument, 'request-json'))(body)).toEqual([]);
    expect(success(transferDocument.read(body))).toBeDefined();
  });

  it.each([
    ['nothing', {}],
    ['one line', { request: { preChatLines: { line: 'a' } } }],
    ['lines', { request: { preChatLines: { lines: ['a', 'b'] } } }],
    ['a bare list', { request: { preChatLines: ['a', 'b'] } }],
    ['answers', { request: { survey: { id: 1, question: { id: '2', answer: 'x' } } } }],
    ['a survey sent back', { request: { survey: { questions: [{ id: 2, answer: ['x'] }] } } }],
  ])('[SCHEMA2] the schema allows what is read of a chat request: %s', (_, body) => {
    expect(checker(wireSchema(chatRequestDocument, 'request-json'))(body)).toEqual([]);
    expect(success(chatRequestDocument.read(body))).toBeDefined();
  });

  it.each([
    ['no root', { skill: { id: 2 } }],
    ['id 0', { transfer: { skill: { id: 0 } } }],
    ['no number', { transfer: { skill: { id: 'two' } } }],
  ])('[SCHEMA2] and refuses what is refused: %s', (_, body) => {
    expect(checker(wireSchema(transferDocument, 'request-json'))(body)).not.toEqual([]);
    expect(transferDocument.read(body).ok).toBe(false);
  });

  it('[SCHEMA2] what may be left out has its default', () => {
    const body = { event: { '@type': 'line', text: 'hi' } };
    expect(checker(wireSchema(newEventDocument, 'request-json'))(body)).toEqual([]);
    expect(JSON.stringify(wireSchema(newEventDocument, 'request-json'))).toContain(
      '"default":"REGULAR"',
    );
    expect(JSON.stringify(wireSchema(newEventDocument, 'json'))).not.toContain('"default"');
  });
});

describe('XML', () => {
  it('[SCHEMA3] says which fields are attributes, and which elements wrap a list', () => {
    expect(wireSchema(eventDocument, 'xml')).toMatchObject({
      xml: { name: 'event' },
      oneOf: [{ properties: { id: { type: 'integer', xml: { attribute: true } } } }, {}, {}],
    });
    expect(wireSchema(visitInfoDocument, 'xml')).toMatchObject({
      properties: {
        sessionInfo: { type: 'array', xml: { wrapped: true }, items: { xml: { name: 'info' } } },
      },
    });
  });
});

describe('parts', () => {
  it('[SCHEMA4] a part with a name is placed by whoever asks, once per way of writing it', () => {
    const names: string[] = [];
    const reference = (name: string) => {
      names.push(name);
      return { $ref: `#/components/schemas/${name}` };
    };
    const schema = wireSchema(chatDocument, 'json', reference);
    expect(schema).toMatchObject({
      properties: {
        chat: { properties: { info: { $ref: '#/components/schemas/ChatInfo' } } },
      },
    });
    expect(new Set(names)).toEqual(new Set(['Link', 'Events', 'ChatInfo']));
  });
});
