/**
 * The pages that the original's browser SDK embeds to reach the server from brands' pages
 * (rules SDK…). The script in them decides what they carry; here it is asked which origins an
 * account allows.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { allowsVisitorOrigin } from '../http/cors.js';
import type { HttpContext } from '../http/context.js';

/** Where the SDK looks for them. */
export const FRAME_PATHS = [
  '/hcp/html/postmessage.min.html',
  '/hcp/html/lpsunco/postmessage.html',
  '/postmessage/postmessage.min.html',
] as const;

const SCRIPT_PATH = '/postmessage/frame.js';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Parley</title><script src="${SCRIPT_PATH}"></script></head>
<body></body>
</html>
`;

/**
 * Nothing runs but its own script, nothing is reached but its own server. Any page may embed it: it
 * carries nothing for origins that the account does not allow.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/** Registers the frames, their script, and the question which origins may use them. */
export function registerFrames(app: FastifyInstance, server: HttpContext): void {
  const script = readFileSync(new URL('../../browser/frame.js', import.meta.url), 'utf8');
  const etag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 22)}"`;
  for (const path of FRAME_PATHS) {
    app.get(path, (_request, reply) =>
      reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': POLICY,
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-cache',
        })
        .send(PAGE),
    );
  }
  app.get(SCRIPT_PATH, (request, reply) => {
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.header('content-type', 'text/javascript; charset=utf-8').send(script);
  });
  app.get('/postmessage/origin', async (request, reply) => {
    const { account, origin } = request.query as Readonly<Record<string, unknown>>;
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const allowed = await isAllowed(server, text(account), text(origin));
    return reply.send({ allowed });
  });
}

/** Whether visitors' pages of this origin may reach the account; false for one that is not there. */
async function isAllowed(server: HttpContext, accountId: string, origin: string): Promise<boolean> {
  const account = server.accounts.loaded(accountId) ?? (await server.accounts.get(accountId));
  return account !== null && allowsVisitorOrigin(account.setup, origin);
}
