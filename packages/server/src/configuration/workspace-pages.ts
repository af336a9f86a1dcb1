/** `…/configuration/workspace-pages`: the pages of others that the workspace shows to whoever asks. */
import { pagesFor } from '@parley/configuration/changes/workspace-pages';
import { workspacePagesDocument } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { Answer } from '../http/answer.js';
import { answerEmpty, answerWith } from '../http/reply.js';
import { resource } from '../http/resource.js';
import { pageFrame } from '../http/page-frames.js';
import type { ConfigurationCall } from './call.js';
import { CONFIGURATION_API, NOT_AGAIN } from './collection-routes.js';
import type { ConfigurationContext } from './context.js';
import { isKnown, revisionHeaders } from './revision.js';

/** Registers what agents read of the setting `workspacePages`. */
export function registerWorkspacePages(app: FastifyInstance, server: ConfigurationContext): void {
  resource(app, server, CONFIGURATION_API, '/configuration/workspace-pages', {
    GET: {
      summary: 'Lists the pages that the workspace shows the caller beside chats.',
      headers: NOT_AGAIN,
      answers: { 200: workspacePagesDocument, 304: null },
      gives: ['ETag'],
      errors: ['unauthorized'],
      handle: readWorkspacePages,
    },
  });
}

function readWorkspacePages(call: ConfigurationCall): Answer {
  const { account, server, user } = call;
  const { revisions } = account.setup;
  // The roles of whoever asks decide, too.
  const revision = (revisions['settings'] ?? 0) + (revisions['user'] ?? 0);
  const headers = revisionHeaders(revision);
  if (isKnown(call.request.headers, revision)) return answerEmpty(call, 304, headers);
  const pages = pagesFor(account.setup, user.roles).map(({ title, url, skillIds }) => ({
    title,
    url,
    skillIds: [...skillIds],
    frame: pageFrame(server.secrets, account.id, url),
  }));
  return answerWith(call, workspacePagesDocument, pages, 200, headers);
}
