/** `…/query`: what changed in a collection since a revision, or all of it. */
import { readBody } from '../http/read-body.js';
import { queryParam } from '../http/query.js';
import { answerWith } from '../http/reply.js';
import type { RecordState } from '@parley/configuration/changes/draft';
import { type ChangesQuery, changesQueryDocument, WireError } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { type Kind, parseRecord, type Stored } from '@parley/configuration/records/records';
import { type Call, onAccount } from '../http/call.js';
import { versionOf } from '../http/representation.js';
import type { Answer } from '../http/answer.js';
import type { Operation } from '../http/operation.js';
import { loadAccount, plainResource, resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import { configurationCallOf, type ConfigurationCall } from './call.js';
import type { LeCollection } from './collection.js';
import { CONFIGURATION_API, pluralOf } from './collection-routes.js';
import { localTime } from '@parley/configuration/changes/local-time';
import { parseSelection, pick } from './select.js';

/** Name of the collections' application, as the original API names it. */
const APP_NAME = 'le-users';

type Parameters = ChangesQuery['parameters'][number];

/** A change as it is kept: the record as it is now, at the revision of its last change. */
interface Change<K extends Kind> {
  readonly record: Stored<K>;
  readonly state: RecordState;
}

/**
 * Registers the query of a collection, twice: below its account, and, as the original API has it,
 * without one in the path: there the body names the account.
 */
export function registerQuery<K extends Kind, T extends object, C extends object>(
  app: FastifyInstance,
  server: ConfigurationContext,
  collection: LeCollection<K, T, C>,
): void {
  const { delta, changes, snapshot } = collection.answers;
  const described = {
    summary: `Returns the changes to the ${pluralOf(collection.what)}: after a revision (type 0), within a range of revisions (1), or everything as it is now (2).`,
    query: {
      select: { description: 'Fields to return.', schema: { type: 'string' } },
    },
    body: changesQueryDocument,
    answers: { 200: [delta, changes, snapshot] },
    errors: [
      'unauthorized',
      'forbidden',
      'invalidField',
      'invalidQuery',
      'badAccountId',
      'unknownAccount',
    ],
  } satisfies Omit<Operation<never>, 'handle'>;
  const path = `/configuration/${collection.path}/query`;
  resource(app, server, CONFIGURATION_API, path, {
    POST: {
      ...described,
      handle: (call) => answer(call, collection, readBody(call, changesQueryDocument), [call]),
    },
  });
  plainResource(app, server, CONFIGURATION_API, `/api/account${path}`, {
    POST: {
      ...described,
      handle: async (call) => {
        const asked = readBody(call, changesQueryDocument);
        const calls = await callsOf(call, asked.parameters);
        const [first] = calls;
        if (first === undefined) {
          throw new WireError('invalidField', 'parameters must name an account: {"site": …}.');
        }
        return answer(first, collection, asked, calls);
      },
    },
  });
}

/** One authorized call per parameter. @throws WireError as for any call on that account. */
function callsOf(
  call: Call<ConfigurationContext>,
  parameters: readonly Parameters[],
): Promise<ConfigurationCall[]> {
  return Promise.all(
    parameters.map(async ({ site }, index) => {
      if (site === undefined) {
        throw new WireError('invalidField', `parameters[${index}].site is required.`);
      }
      return configurationCallOf(onAccount(call, await loadAccount(call.server, site)));
    }),
  );
}

async function answer<K extends Kind, T extends object, C extends object>(
  call: ConfigurationCall,
  collection: LeCollection<K, T, C>,
  { type, parameters }: ChangesQuery,
  calls: readonly ConfigurationCall[],
): Promise<Answer> {
  const selection = parseSelection(queryParam(call, 'select'));
  const asked = parameters.length === 0 ? [{}] : parameters;
  const parts = await Promise.all(
    asked.map(async (parameter: Parameters, index) => {
      const of = calls[index] ?? call;
      checkSite(of, parameter, index);
      const changes = await changesOf(of, collection, type, parameter);
      const { setup, id: siteId } = of.account;
      const serialize = ({ record, state }: Change<K>) =>
        pick(collection.serialize(record, setup, state), selection);
      return { siteId, setup, serialize, ...changes };
    }),
  );
  switch (type) {
    case 0:
      return answerWith(call, collection.answers.delta, {
        appDataList: [
          {
            appName: APP_NAME,
            appApiVersion: Number.parseInt(versionOf(call.request) || '1', 10),
            accountList: {
              accountList: parts.map(({ siteId, changes, revision, serialize }) => ({
                siteId,
                itemsCollection: { items: changes.map(serialize), revision },
              })),
            },
          },
        ],
      });
    case 1:
      return answerWith(
        call,
        collection.answers.changes,
        parts.map(({ siteId, changes, serialize, setup }) => ({
          siteId,
          revisionsCollection: [...byRevision(changes)].map(([revision, changed]) => ({
            revision,
            revisionDate: dateOf(changed, setup.engine.settings.timeZone),
            items: changed.map(serialize),
          })),
        })),
      );
    default:
      return answerWith(
        call,
        collection.answers.snapshot,
        parts.map(({ siteId, changes, revision, serialize }) => ({
          revision,
          siteId,
          collection: changes.map(serialize),
        })),
      );
  }
}

/** In an account's own path the body may name that account and no other. */
function checkSite(call: ConfigurationCall, { site }: Parameters, index: number): void {
  if (site === undefined || site === call.account.id) return;
  throw new WireError(
    'unknownAccount',
    `parameters[${index}].site "${site}" is not the account of the path, ${call.account.id}.`,
  );
}

/** The records asked for that the caller may see, and the collection's revision. */
async function changesOf<K extends Kind, T extends object, C extends object>(
  call: ConfigurationCall,
  { kind, checkReach, shows }: LeCollection<K, T, C>,
  type: number,
  { revision: known = 0, from = 0, to = Number.MAX_SAFE_INTEGER }: Parameters,
): Promise<{ readonly changes: Change<K>[]; readonly revision: number }> {
  checkReach(call, null);
  const everything = type === 2;
  const after = type === 0 ? known : from;
  const options = everything ? {} : { changedAfter: after };
  const { items, revision } = await call.server.store.config.list(call.account.id, kind, options);
  const changes = items
    .filter((item) => everything || type === 0 || item.revision <= to)
    .map((item): Change<K> => {
      const record = parseRecord(kind, item);
      return { record, state: item.deleted ? 'deleted' : 'live' };
    })
    .filter(({ record }) => shows(call, record))
    .sort((a, b) => a.record.revision - b.record.revision || a.record.id - b.record.id);
  return { changes, revision };
}

function byRevision<K extends Kind>(changes: readonly Change<K>[]): Map<number, Change<K>[]> {
  const groups = new Map<number, Change<K>[]>();
  for (const change of changes) {
    const same = groups.get(change.record.revision);
    if (same === undefined) groups.set(change.record.revision, [change]);
    else same.push(change);
  }
  return groups;
}

function dateOf<K extends Kind>(changes: readonly Change<K>[], timeZone: string): string {
  const latest = Math.max(0, ...changes.map(({ record }) => changedAtOf(record)));
  return localTime(latest, timeZone) ?? '';
}

function changedAtOf(record: object): number {
  return 'changedAt' in record && typeof record.changedAt === 'number' ? record.changedAt : 0;
}
