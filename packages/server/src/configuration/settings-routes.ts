/** `…/configuration/settings` and `…/configuration/audit`. */
import { requireAdministrator, requireManager } from './call.js';
import { answerEmpty, answerWith } from '../http/reply.js';
import { readBody } from '../http/read-body.js';
import { queryInteger } from '../http/query.js';
import {
  auditDocument,
  type DocumentValue,
  formatTime,
  REL,
  settingsChangeDocument,
  settingsDocument,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { Answer } from '../http/answer.js';
import { resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import type { ConfigurationCall } from './call.js';
import { changeAndApply } from './collection-handlers.js';
import { AT_REVISION, CONFIGURATION_API, NOT_AGAIN } from './collection-routes.js';
import { isKnown, revisionHeaders } from './revision.js';
import { alterSettings, serializeSettings } from '@parley/configuration/changes/settings';

/** Entries of the audit in one answer: by default, and at most. */
const AUDIT_PAGE = 50;
const AUDIT_PAGE_MAX = 500;

/** Registers the settings and the audit log. */
export function registerSettings(app: FastifyInstance, server: ConfigurationContext): void {
  resource(app, server, CONFIGURATION_API, '/configuration/settings', {
    GET: {
      summary: 'Returns the account’s settings, with defaults for those that are not set.',
      headers: NOT_AGAIN,
      answers: { 200: settingsDocument, 304: null },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden'],
      handle: readSettings,
    },
    PUT: {
      summary: 'Changes the given settings and leaves the others.',
      headers: AT_REVISION,
      body: settingsChangeDocument,
      answers: { 200: settingsDocument },
      gives: ['ETag'],
      errors: ['unauthorized', 'forbidden', 'invalidField', 'unknownSkill', 'staleRevision'],
      handle: changeSettings,
    },
  });
  resource(app, server, CONFIGURATION_API, '/configuration/audit', {
    GET: {
      summary: 'Lists who changed what in the configuration, newest first.',
      query: {
        limit: {
          description: 'The number of entries to return.',
          schema: { type: 'integer', minimum: 1, maximum: AUDIT_PAGE_MAX, default: AUDIT_PAGE },
        },
        before: {
          description: 'Only entries older than the one with this id.',
          schema: { type: 'integer', minimum: 1 },
        },
      },
      answers: { 200: auditDocument },
      errors: ['unauthorized', 'forbidden', 'invalidQuery'],
      handle: readAudit,
    },
  });
}

function readSettings(call: ConfigurationCall): Answer {
  requireManager(call);
  const { setup } = call.account;
  const revision = setup.revisions['settings'] ?? 0;
  if (isKnown(call.request.headers, revision))
    return answerEmpty(call, 304, revisionHeaders(revision));
  return answerWith(
    call,
    settingsDocument,
    serializeSettings(setup),
    200,
    revisionHeaders(revision),
  );
}

async function changeSettings(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const asked = readBody(call, settingsChangeDocument);
  const { revisions } = await changeAndApply(call, 'settings', (draft) => {
    alterSettings(draft, asked, call.server.outgoing.addresses);
  });
  const revision = revisions['settings'] ?? 0;
  const serialized = serializeSettings(call.account.setup);
  return answerWith(call, settingsDocument, serialized, 200, revisionHeaders(revision));
}

type AuditEntry = DocumentValue<typeof auditDocument>['entries'][number];

async function readAudit(call: ConfigurationCall): Promise<Answer> {
  requireAdministrator(call);
  const limit = queryInteger(call, 'limit', { min: 1, max: AUDIT_PAGE_MAX }) ?? AUDIT_PAGE;
  const before = queryInteger(call, 'before', { min: 1, max: Number.MAX_SAFE_INTEGER });
  const { setup, id: accountId } = call.account;
  const page = { limit, ...(before === undefined ? {} : { before }) };
  const found = await call.server.store.config.audit(accountId, page);
  const { timeZone } = setup.engine.settings;
  const entries = found.map(({ id, at, actor, action, target, from, detail }): AuditEntry => {
    const user = /^user:(\d+)$/.exec(actor)?.[1];
    const name = user === undefined ? undefined : setup.users.get(Number(user))?.loginName;
    return {
      id,
      time: formatTime(at, timeZone),
      actor,
      ...(name === undefined ? {} : { actorName: name }),
      action,
      target,
      from,
      detail: JSON.parse(detail),
    };
  });
  const oldest = entries.at(-1)?.id;
  const more = entries.length === limit && oldest !== undefined && oldest > 1;
  const href = `${call.base}/configuration/audit?before=${oldest}&limit=${limit}`;
  return answerWith(
    call,
    auditDocument,
    more ? { link: { href, rel: REL.next }, entries } : { entries },
  );
}
