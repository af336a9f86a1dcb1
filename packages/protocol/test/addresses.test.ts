/** Every field that holds an address is marked as one: found by walking the schemas of all documents. */
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { Annotated } from '../src/annotations.js';
import { type Shape, shapeOf } from '../src/shape.js';
import { DOCUMENTS, type DocumentType } from '../src/index.js';

interface Keywords extends Annotated {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
}

interface Leaf {
  readonly path: string;
  /** The field's own name; that of the list for its members. */
  readonly name: string;
  readonly schema: Keywords;
}

function* leavesOf(schema: TSchema, path: string, name: string): Generator<Leaf> {
  const keywords = schema as Keywords;
  const wire = keywords['x-wire'] ?? {};
  if (wire.free === undefined && wire.numberOrText === undefined) {
    for (const branch of keywords.anyOf ?? []) yield* leavesOf(branch, path, name);
    if (keywords.items !== undefined) yield* leavesOf(keywords.items, `${path}[]`, name);
    for (const [field, inside] of Object.entries(keywords.properties ?? {})) {
      yield* leavesOf(inside, `${path}.${field}`, field);
    }
    if (keywords.anyOf ?? keywords.items ?? keywords.properties) return;
  }
  yield { path, name, schema: keywords };
}

const documents = [...DOCUMENTS.values()] as unknown as readonly DocumentType<unknown>[];
const leaves = documents.flatMap(({ name, schema }) => [...leavesOf(schema, name, name)]);
const texts = leaves.filter(({ schema: { type } }) => type === 'string');

/** Names under which addresses stand, in this API and in others. */
const LIKE_AN_ADDRESS =
  /ur[il]s?$|url|href|link|referr?er|redirect|webhook|endpoint|jwks|issuer|picture|image|avatar|logo|icon|photo|website|homepage|origin|src$|callback/i;

/** Fields that are called so and hold no address, with what they hold instead. */
const NO_ADDRESS: Readonly<Record<string, string>> = Object.fromEntries(
  ['visitorIdentity', 'visitorIdentities[]', 'visitorIdentityChange[]'].map((path) => [
    `${path}.issuer`,
    'what tokens must say, compared letter by letter',
  ]),
);

const ADDRESSES = ['link', 'page', 'picture', 'endpoint', 'own-address', 'origin'];

describe('every document', () => {
  it('[LINKS4] marks each field that holds an address', () => {
    const unmarked = texts.filter(
      ({ path, name, schema }) =>
        LIKE_AN_ADDRESS.test(name) &&
        NO_ADDRESS[path] === undefined &&
        !ADDRESSES.includes(schema['x-wire']?.form ?? ''),
    );
    expect(
      unmarked.map(({ path }) => path),
      'mark it with address(…) or ownAddress(…) of annotations.ts, or say here what it holds',
    ).toEqual([]);
  });

  it('[LINKS4] knows of the fields there are', () => {
    const marked = texts
      .filter(({ schema }) => ADDRESSES.includes(schema['x-wire']?.form ?? ''))
      .map(({ path }) => path);
    expect(marked).toEqual(
      expect.arrayContaining([
        'chatRequest.chatReferrer',
        'engagementRequest.appDetails.referrer',
        'engagementRequest.pages[].url',
        'engagementRequest.pages[].referrer',
        'visitPages.page[].url',
        'visitState.externalReferrer',
        'userChange[].pictureUrl',
        'configuredUser.pictureUrl',
        'settingsChange.visitorOrigins[]',
        'chat.link[].href',
        'baseURI.baseURI',
      ]),
    );
  });

  it('[LINKS3] knows the free JSON that is this server’s own, of which only named addresses are looked at', () => {
    const own = leaves.filter(({ schema }) => schema['x-wire']?.free === 'own');
    expect(own.map(({ path }) => path)).toEqual([
      'audit.entries[].detail',
      'predefinedContentByCategory',
    ]);
  });
});

describe('what is kept from before', () => {
  /** A value of the shape in which every text is this one. */
  function filled(shape: Shape, text: string): unknown {
    switch (shape.kind) {
      case 'text':
        return text;
      case 'number':
      case 'number-or-text':
        return 1;
      case 'boolean':
        return true;
      case 'free':
        return { uri: text, inside: [{ imageUrl: text }], other: [text] };
      case 'list':
        return [filled(shape.member, text)];
      case 'object':
        return Object.fromEntries(
          shape.fields.map((field) => [field.name, filled(field.shape, text)]),
        );
      case 'choice': {
        const [[literal, branch] = []] = [...shape.branches];
        const value = branch === undefined ? {} : filled(branch.shape, text);
        return { ...(value as object), [shape.by]: literal };
      }
      default:
        return shape satisfies never;
    }
  }

  /** Where the text stands in a value. */
  function* placesOf(value: unknown, text: string, path = ''): Generator<string> {
    if (value === text) yield path;
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inside] of Object.entries(value)) {
      yield* placesOf(inside, text, Array.isArray(value) ? path : `${path}.${name}`);
    }
  }

  it.each(documents.map((document) => [document.name, document] as const))(
    '[LINKS5] %s has no harmful address in any representation',
    (_, document) => {
      const harmful = 'javascript:alert(1)';
      const value = filled(shapeOf(document.schema), harmful);
      for (const representation of ['json', 'hal'] as const) {
        const written: unknown = JSON.parse(document.write(value, representation));
        const places = [...placesOf(written, harmful)].filter((place) =>
          LIKE_AN_ADDRESS.test(place.slice(place.lastIndexOf('.') + 1).replace('@', '')),
        );
        const own = places.filter((place) => !/href$|baseURI$|rigins$|issuer$/.test(place));
        expect(own).toEqual([]);
      }
      const xml = document.write(value, 'xml');
      for (const [, name = ''] of xml.matchAll(/<(\w+)>javascript:alert\(1\)</g)) {
        if (/^(?:baseURI|origin|issuer)$/.test(name)) continue;
        expect(name).not.toMatch(LIKE_AN_ADDRESS);
      }
    },
  );
});
