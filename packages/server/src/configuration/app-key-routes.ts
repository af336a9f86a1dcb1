/** `…/configuration/app-keys`: made and rotated with their secrets shown once, listed without. */
import { requireAdministrator } from './call.js';
import { answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import {
  appKeyChangeDocument,
  appKeyDocument,
  appKeySecretsDocument,
  appKeysDocument,
  WireError,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { Answer } from '../http/answer.js';
import { resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import {
  addAppKey,
  alterAppKey,
  type MadeKey,
  removeAppKey,
  rotateAppKey,
  serializeAppKey,
} from '@parley/configuration/changes/app-keys';
import type { ConfigurationCall } from './call.js';
import { changeAndApply, idOf } from './collection-handlers.js';
import { AT_REVISION, CONFIGURATION_API } from './collection-routes.js';
import { revisionHeaders } from './revision.js';

/** Registers the app keys of an account; administrators only. */
export function registerAppKeys(app: FastifyInstance, server: ConfigurationContext): void {
  const path = '/configuration/app-keys';
  resource(app, server, CONFIGURATION_API, path, {
    GET: {
      summary: 'Lists the app keys, without their secrets.',
      answers: { 200: appKeysDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden'],
      handle: list,
    },
    POST: {
      summary: 'Creates an app key; its secrets are shown in this response and never again.',
      description:
        'A visitor key has no secret. If your pages or apps already use a key, send its value in key.',
      body: appKeyChangeDocument,
      headers: AT_REVISION,
      answers: { 201: appKeySecretsDocument },
      gives: ['ETag', 'Location'],
      errors: ['unauthorized', 'forbidden', 'invalidField', 'conflict', 'staleRevision'],
      handle: create,
    },
  });
  resource(app, server, CONFIGURATION_API, `${path}/:id`, {
    GET: {
      summary: 'Returns one app key, without its secrets.',
      answers: { 200: appKeyDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden', 'notFound'],
      handle: read,
    },
    PUT: {
      summary: 'Changes the name, origins or trust of an app key.',
      body: appKeyChangeDocument,
      headers: AT_REVISION,
      answers: { 200: appKeyDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden', 'notFound', 'invalidField', 'staleRevision'],
      handle: change,
    },
    DELETE: {
      summary: 'Revokes an app key, and ends everything that was opened with it.',
      headers: AT_REVISION,
      answers: { 200: appKeyDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden', 'notFound', 'staleRevision'],
      handle: revoke,
    },
  });
  resource(app, server, CONFIGURATION_API, `${path}/:id/rotate`, {
    POST: {
      summary:
        'Gives an app key new secrets, shown in this response and never again; the old ones stop working.',
      headers: AT_REVISION,
      answers: { 200: appKeySecretsDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden', 'notFound', 'conflict', 'staleRevision'],
      handle: rotate,
    },
  });
}

function list(call: ConfigurationCall): Answer {
  requireAdministrator(call);
  const { setup } = call.account;
  const keys = [...setup.records.appKey.values()].map((key) => serializeAppKey(key, setup));
  return answerWith(
    call,
    appKeysDocument,
    keys,
    200,
    revisionHeaders(setup.revisions['appKey'] ?? 0),
  );
}

function read(call: ConfigurationCall): Answer {
  requireAdministrator(call);
  return showKey(call, idOf(call), call.account.setup.revisions['appKey'] ?? 0);
}

async function create(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const asked = readBody(call, appKeyChangeDocument);
  const { result, revisions } = await changeAndApply(call, 'appKey', (draft) =>
    addAppKey(draft, call.server.secrets, asked),
  );
  const location = `${call.base}/configuration/app-keys/${result.id}`;
  return showSecrets(call, result, revisions['appKey'] ?? 0, 201, { location });
}

async function change(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const id = idOf(call);
  const asked = readBody(call, appKeyChangeDocument);
  const { revisions } = await changeAndApply(call, 'appKey', (draft) => {
    if (!draft.records.appKey.has(id)) throw noKey(id);
    alterAppKey(draft, id, asked);
  });
  return showKey(call, id, revisions['appKey'] ?? 0);
}

async function rotate(call: ConfigurationCall): Promise<Answer> {
  const id = idOf(call);
  const { result, revisions } = await changeAndApply(call, 'appKey', (draft) => {
    if (!draft.records.appKey.has(id)) throw noKey(id);
    return rotateAppKey(draft, call.server.secrets, id);
  });
  return showSecrets(call, result, revisions['appKey'] ?? 0, 200, {});
}

async function revoke(call: ConfigurationCall): Promise<Answer> {
  const id = idOf(call);
  const { result, revisions } = await changeAndApply(call, 'appKey', (draft) => {
    const key = draft.records.appKey.get(id);
    if (key === undefined) throw noKey(id);
    removeAppKey(draft, id);
    return key;
  });
  const serialized = serializeAppKey(result, call.account.setup);
  return answerWith(
    call,
    appKeyDocument,
    serialized,
    200,
    revisionHeaders(revisions['appKey'] ?? 0),
  );
}

function showKey(call: ConfigurationCall, id: number, revision: number): Answer {
  const { setup } = call.account;
  const key = setup.records.appKey.get(id);
  if (key === undefined) throw noKey(id);
  return answerWith(
    call,
    appKeyDocument,
    serializeAppKey(key, setup),
    200,
    revisionHeaders(revision),
  );
}

function showSecrets(
  call: ConfigurationCall,
  { id, secrets }: MadeKey,
  revision: number,
  status: number,
  headers: Readonly<Record<string, string>>,
): Answer {
  const { setup } = call.account;
  const key = setup.records.appKey.get(id);
  if (key === undefined) throw noKey(id);
  const serialized = { ...serializeAppKey(key, setup), ...secrets };
  return answerWith(call, appKeySecretsDocument, serialized, status, {
    ...revisionHeaders(revision),
    ...headers,
  });
}

function noKey(id: number): WireError {
  return new WireError(
    'notFound',
    `There is no app key ${id}: read the whole collection for the ids there are.`,
  );
}
