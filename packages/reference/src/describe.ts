/** The OpenAPI description of a server, made from its operations. */
import { readFileSync } from 'node:fs';
import type { RegisteredOperation } from '@parley/protocol';
import { CHAPTERS, placeOf } from './chapters.js';
import { ComponentsBuilder } from './components.js';
import { INTRODUCTION } from './introduction.js';
import type { OpenApi, OpenApiMethod, OperationObject, PathItem } from './openapi.js';
import { operationObject } from './operations.js';
import { serverPaths } from './server-paths.js';

const file: { version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** A description, and its examples of XML as texts. */
export interface ApiDescription {
  readonly api: OpenApi;
  /** By the name of the example. */
  readonly exampleTexts: ReadonlyMap<string, string>;
}

/**
 * Describes these operations.
 * @throws Error when one of them lacks something that the description needs to say: a mistake of
 *   this program, which says what to do.
 */
export function describeApi(operations: readonly RegisteredOperation[]): ApiDescription {
  const components = new ComponentsBuilder();
  const paths = new Map<string, Partial<Record<OpenApiMethod, OperationObject>>>();
  for (const registered of inChapterOrder(operations)) {
    const path = registered.url.replaceAll(/:(\w+)/g, '{$1}');
    const item = paths.get(path) ?? {};
    item[registered.method.toLowerCase() as OpenApiMethod] = operationObject(
      registered,
      components,
    );
    paths.set(path, item);
  }
  const all: Record<string, PathItem> = {
    ...Object.fromEntries(paths),
    ...serverPaths(components),
  };
  checkNames(all);
  const api: OpenApi = {
    openapi: '3.1.1',
    info: {
      title: 'Parley',
      version: file.version,
      summary: 'Live chat, wire-compatible with the LivePerson Chat Agent API.',
      description: INTRODUCTION,
      contact: { name: 'The operator of this server' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    tags: CHAPTERS.map(({ title, description }) => ({ name: title, description })),
    paths: all,
    components: components.build(),
  };
  return { api, exampleTexts: components.texts() };
}

/** Chapter by chapter, each in the order in which its operations were registered. */
function inChapterOrder(operations: readonly RegisteredOperation[]): RegisteredOperation[] {
  return CHAPTERS.flatMap(({ id }) => operations.filter(({ url }) => placeOf(url).chapter === id));
}

function checkNames(paths: Readonly<Record<string, PathItem>>): void {
  const seen = new Map<string, string>();
  for (const [path, item] of Object.entries(paths)) {
    for (const { operationId } of Object.values(item)) {
      const other = seen.get(operationId);
      if (other !== undefined) {
        throw new Error(`${path} and ${other} both have an operation called ${operationId}.`);
      }
      seen.set(operationId, path);
    }
  }
}
