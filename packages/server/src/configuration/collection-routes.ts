/** Registers a collection: its list, its records, and the errors they may answer. */
import { type ErrorCode, recordIdsDocument, type Parameter } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { Kind } from '@parley/configuration/records/records';
import type { Operation } from '../http/operation.js';
import { type Api, resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import { authorizeConfiguration, type ConfigurationCall } from './call.js';
import type { Collection } from './collection.js';
import { CollectionHandlers } from './collection-handlers.js';

/** What every call on the configuration goes through. */
export const CONFIGURATION_API: Api<ConfigurationCall, ConfigurationContext> = {
  // Every version that the original API's documentation names for some part of it.
  versions: ['1', '2', '3', '4', '5', '6'].flatMap((major) => [major, `${major}.0`]),
  cors: 'agent',
  authorize: authorizeConfiguration,
};

/** Which fields an answer shows. */
export const SELECT: Readonly<Record<string, Parameter>> = {
  select: {
    description: 'Fields to return: $all (default), or names such as id,name.',
    schema: { type: 'string' },
  },
};

const READ_QUERY: Readonly<Record<string, Parameter>> = {
  ...SELECT,
  include_deleted: {
    description: 'Whether to return deleted records too. For administrators only.',
    schema: { type: 'boolean' },
  },
};

/** A change at the revision that the caller knows. */
export const AT_REVISION: Readonly<Record<string, Parameter>> = {
  'If-Match': {
    description: 'The revision that the collection must have. * or -1: any.',
    schema: { type: 'string' },
  },
};

/** Nothing, where the caller has this revision. */
export const NOT_AGAIN: Readonly<Record<string, Parameter>> = {
  'If-Match': {
    description:
      'The same, in the form used by clients of the original API. -1 asks for everything.',
    schema: { type: 'string' },
  },
  'If-None-Match': {
    description: 'The revision that the caller has. If it is current, the response is 304.',
    schema: { type: 'string' },
  },
};

const READ_ERRORS: readonly ErrorCode[] = ['unauthorized', 'forbidden', 'invalidQuery'];
const WRITE_ERRORS: readonly ErrorCode[] = [
  ...READ_ERRORS,
  'invalidField',
  'unknownSkill',
  'weakPassword',
  'conflict',
  'staleRevision',
];

/** What a collection can do besides what every one can. */
export type Extras = 'changed by lists' | 'none';

export function registerCollection<K extends Kind, T extends object, C extends object>(
  app: FastifyInstance,
  server: ConfigurationContext,
  collection: Collection<K, T, C>,
  extras: Extras,
): void {
  const { what, one, many, change, views } = collection;
  const whats = pluralOf(what);
  const handlers = new CollectionHandlers(collection);
  const base = `/configuration/${collection.path}`;
  const byLists = {
    PUT: {
      summary: `Changes several ${whats}, each named by its id: all or none.`,
      query: SELECT,
      headers: AT_REVISION,
      body: change,
      answers: { 200: many },
      gives: ['ETag'],
      errors: [...WRITE_ERRORS, 'notFound'],
      handle: (call) => handlers.changeMany(call),
    },
    DELETE: {
      summary: `Deletes the ${whats} with the listed ids: all or none.`,
      query: SELECT,
      headers: AT_REVISION,
      body: recordIdsDocument,
      answers: { 200: many },
      gives: ['ETag'],
      errors: [...WRITE_ERRORS, 'notFound'],
      handle: (call) => handlers.removeMany(call),
    },
  } satisfies Record<string, Operation<ConfigurationCall>>;
  resource(app, server, CONFIGURATION_API, base, {
    GET: {
      summary: `Lists the ${whats} that the caller may see.`,
      query: { ...READ_QUERY, ...views?.list },
      headers: NOT_AGAIN,
      gives: ['ETag'],
      answers: { 200: views === undefined ? many : [many, ...views.groupedIn], 304: null },
      errors: READ_ERRORS,
      handle: (call) => handlers.readAll(call),
    },
    POST: {
      summary: `Creates one ${what} or, from a list, several: all or none.`,
      query: SELECT,
      headers: AT_REVISION,
      body: change,
      retry: { name: `configuration ${collection.path}`, caller: 'user' },
      answers: { 201: [one, many] },
      gives: ['ETag', 'Location'],
      errors: WRITE_ERRORS,
      handle: (call) => handlers.create(call),
    },
    ...(extras === 'changed by lists' ? byLists : {}),
  });
  resource(app, server, CONFIGURATION_API, `${base}/:id`, {
    GET: {
      summary: `Returns one ${what}.`,
      query: { ...READ_QUERY, ...views?.one },
      headers: NOT_AGAIN,
      gives: ['ETag'],
      answers: { 200: one, 304: null },
      errors: [...READ_ERRORS, 'notFound'],
      handle: (call) => handlers.readOne(call),
    },
    PUT: {
      summary: `Changes the given fields of one ${what}.`,
      query: SELECT,
      headers: AT_REVISION,
      body: change,
      answers: { 200: one },
      gives: ['ETag'],
      errors: [...WRITE_ERRORS, 'notFound'],
      handle: (call) => handlers.changeOne(call),
    },
    DELETE: {
      summary: `Deletes one ${what}; its id is never used again.`,
      query: SELECT,
      headers: AT_REVISION,
      answers: { 200: one },
      gives: ['ETag'],
      errors: [...WRITE_ERRORS, 'notFound'],
      handle: (call) => handlers.removeOne(call),
    },
  });
}

/** Several of what a collection holds, in words. */
export function pluralOf(what: string): string {
  return what.startsWith('category ') ? what.replace('category', 'categories') : `${what}s`;
}
