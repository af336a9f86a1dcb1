/**
 * The workspace within pages of others, and pages of others within the workspace.
 *
 * Which account a page is for is known only once somebody has logged in, and what an account lists is
 * nobody else's business. So whoever embeds the workspace names the account and the origins of the pages
 * around it (`?embed=1&account=…&origin=…`), and the answer repeats those of them that the account lists:
 * it says nothing that was not known, and no other page is let in, since browsers compare the pages that are
 * really there. And pages of others are shown by a frame of this server between them and the workspace, whose
 * address only who may see the page is given: it alone may load the page's origin.
 */
import { createHash } from 'node:crypto';
import { lists } from '@parley/configuration/origin-list';
import type { WorkspacePage } from '@parley/configuration/records/settings-record';
import { WireError } from '@parley/protocol';
import { isAccountId, type LiveAccount } from '@parley/runtime/accounts/accounts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpContext } from '../http/context.js';
import { sendError } from '../http/errors.js';
import { isFrameKey } from '../http/page-frames.js';

/** Origins that are looked at: a page stands in so many others at most. */
const MAX_ORIGINS = 10;
/** As browsers write them: nothing that means something in a policy. */
const ORIGIN = /^https?:\/\/[a-z0-9._-]+(?::\d{1,5})?$/;

/**
 * The origins around the workspace that it was asked to stand in, as far as the account lists them; none
 * when it was not asked to.
 */
export async function embeddersOf(
  server: HttpContext,
  { query }: FastifyRequest,
): Promise<readonly string[]> {
  const { embed, account: id, origin } = query as Readonly<Record<string, unknown>>;
  if (embed !== '1' || typeof id !== 'string') return [];
  const named = [origin].flat().slice(0, MAX_ORIGINS);
  const account = await accountOf(server, id);
  if (account === null) return [];
  const { agentOrigins } = account.setup;
  return named.filter(
    (each): each is string =>
      typeof each === 'string' && ORIGIN.test(each) && lists(agentOrigins, each),
  );
}

const STYLE =
  'html,body{height:100%;margin:0}iframe{display:block;width:100%;height:100%;border:0}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * What a page of others may do: run, keep its own data, send forms, open windows. It may not lead the
 * workspace elsewhere.
 */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';

/** Registers the frames that pages of others are shown in. */
export function registerFrames(app: FastifyInstance, server: HttpContext): void {
  app.get('/workspace/frame/:account/:key', async (request, reply) => {
    const { account: id = '', key = '' } = request.params as Readonly<Record<string, string>>;
    const account = await accountOf(server, id);
    const page = account?.setup.settings.workspacePages.find(({ url }) =>
      isFrameKey(server.secrets, id, url, key),
    );
    if (account === null || page === undefined) {
      const message =
        'There is no such page: read configuration/workspace-pages again for those there are.';
      sendError(server, request, reply, new WireError('notFound', message));
      return reply;
    }
    const rules = [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `frame-src ${new URL(page.url).origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      // The workspace may stand in a page itself.
      ["frame-ancestors 'self'", ...account.setup.agentOrigins].join(' '),
    ];
    return reply
      .headers({
        'content-security-policy': rules.join('; '),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
      })
      .send(frameOf(page));
  });
}

function frameOf({ title, url }: WorkspacePage): string {
  const name = escaped(title);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title><style>${STYLE}</style></head><body><iframe title="${name}" src="${escaped(url)}" sandbox="${SANDBOX}"></iframe></body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

async function accountOf(server: HttpContext, id: string): Promise<LiveAccount | null> {
  return isAccountId(id) ? server.accounts.get(id) : null;
}
