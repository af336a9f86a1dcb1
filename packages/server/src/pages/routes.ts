/**
 * Serves the pages that people look at: the workspace of agents at `/workspace/`, the widget of visitors
 * at `/widget.js`, and, with the demo account, a shop that has the widget at `/demo/`. They are files that
 * the build made; what they do they do by the API.
 */
import { join } from 'node:path';
import { WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext } from '../http/context.js';
import { sendError } from '../http/errors.js';
import { type AppFile, codingFor, readAppFiles } from './app-files.js';
import { embeddersOf, registerFrames } from './frames.js';

/** Seconds for which a file may be kept whose name changes with its content. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** What pages of others load by a name that stays: asked for anew every few minutes. */
const SHORTLY = 'public, max-age=300';
const ASK_AGAIN = 'no-cache';
const NOT_KEPT = 'no-store';

/**
 * What a page of ours may do: run its own scripts, load its own styles, talk to its own server, and show
 * pictures that lines of a chat refer to. Nothing in a page itself is run, and no page may frame it.
 */
const RULES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
];

/** @param more rules of that page alone */
function pageHeaders(...more: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': [...RULES, ...more, "frame-ancestors 'none'"].join('; '),
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
}

const PAGE_HEADERS = pageHeaders();
/** The workspace shows pages of others within frames of its own: see frames.ts. */
const WORKSPACE_RULE = "frame-src 'self'";
const WORKSPACE_HEADERS = pageHeaders(WORKSPACE_RULE);

/** The workspace within pages of these origins. */
function embeddedHeaders(origins: readonly string[]): Record<string, string> {
  const rules = [...RULES, WORKSPACE_RULE, `frame-ancestors ${origins.join(' ')}`];
  return { 'content-security-policy': rules.join('; '), 'referrer-policy': 'no-referrer' };
}

/** Where built pages are: `workspace/dist`, `widget/dist` below this folder. */
export interface PagesOptions {
  readonly folder: string;
  /** Whether the demo account is there: only then is there a shop. */
  readonly demo: boolean;
}

/** Which pages there are. */
export interface Pages {
  readonly workspace: boolean;
  readonly widget: boolean;
  readonly demo: boolean;
}

export const NO_PAGES: Pages = { workspace: false, widget: false, demo: false };

/** Registers the pages that were built; the others answer 404. */
export function registerPages(
  app: FastifyInstance,
  server: HttpContext,
  { folder, demo }: PagesOptions,
): Pages {
  const workspace = readAppFiles(join(folder, 'workspace/dist'));
  if (workspace !== null) registerWorkspace(app, server, workspace);
  const widget = readAppFiles(join(folder, 'widget/dist'));
  if (widget !== null) registerWidget(app, server, widget);
  const shop = demo && widget !== null ? readAppFiles(join(folder, 'widget/demo')) : null;
  if (shop !== null) registerShop(app, server, shop);
  return { workspace: workspace !== null, widget: widget !== null, demo: shop !== null };
}

type Files = ReadonlyMap<string, AppFile>;

function registerWorkspace(app: FastifyInstance, server: HttpContext, files: Files): void {
  // Relative, so that it leads to the right place behind a proxy's path prefix.
  app.get('/workspace', (_request, reply) => reply.redirect('workspace/', 308));
  registerFrames(app, server);
  app.get('/workspace/*', async (request, reply) => {
    const path = pathIn(request);
    const file = files.get(path);
    if (file !== undefined && path !== 'index.html') {
      const page = file.type.startsWith('text/html');
      return send(request, page ? reply.headers(WORKSPACE_HEADERS) : reply, file);
    }
    const index = files.get('index.html');
    // An address within the app: it finds out itself what to show. One with an ending is a file.
    if (index === undefined || /\.\w+$/.test(path)) return sendNone(server, request, reply);
    const page = based(index, path.split('/').length - 1);
    const embedders = await embeddersOf(server, request);
    if (embedders.length === 0) return send(request, reply.headers(WORKSPACE_HEADERS), page);
    // Not kept: what the account lists may change.
    return send(request, reply.headers(embeddedHeaders(embedders)), page, NOT_KEPT);
  });
}

function registerWidget(app: FastifyInstance, server: HttpContext, files: Files): void {
  const open = {
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  };
  app.get('/widget.js', (request, reply) => {
    const file = files.get('widget.js');
    if (file === undefined) return sendNone(server, request, reply);
    return send(request, reply.headers(open), file, SHORTLY);
  });
  app.get('/widget/*', (request, reply) => {
    const file = files.get(pathIn(request));
    if (file === undefined) return sendNone(server, request, reply);
    return send(request, reply.headers(open), file);
  });
}

function registerShop(app: FastifyInstance, server: HttpContext, files: Files): void {
  app.get('/demo', (_request, reply) => reply.redirect('demo/', 308));
  app.get('/demo/*', (request, reply) => {
    const path = pathIn(request) || 'index.html';
    const file = files.get(path) ?? files.get(`${path}.html`);
    if (file === undefined) return sendNone(server, request, reply);
    const page = file.type.startsWith('text/html');
    return send(request, page ? reply.headers(PAGE_HEADERS) : reply, file);
  });
}

function pathIn({ params }: FastifyRequest): string {
  return (params as { readonly '*': string })['*'];
}

/**
 * The page at an address that lies deeper than its files: whatever is relative in it counts from where
 * the app begins.
 */
function based(index: AppFile, depth: number): AppFile {
  if (depth === 0) return index;
  const base = `<base href="${'../'.repeat(depth)}">`;
  const text = index.plain.toString('utf8').replace('<head>', `<head>${base}`);
  const etag = `${index.etag.slice(0, -1)}-${depth}"`;
  return { ...index, etag, plain: Buffer.from(text), coded: {} };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: AppFile,
  kept = file.isHashed ? FOR_EVER : ASK_AGAIN,
): FastifyReply {
  const { type, etag, plain, coded } = file;
  void reply.headers({ etag, 'cache-control': kept, vary: 'Accept-Encoding' });
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  if (known.includes(etag) || known.includes(`W/${etag}`)) return reply.code(304).send();
  void reply.header('content-type', type);
  const coding = codingFor(file, request.headers['accept-encoding']?.toString());
  const bytes = coding === null ? plain : (coded[coding] ?? plain);
  return (coding === null ? reply : reply.header('content-encoding', coding)).send(bytes);
}

function sendNone(server: HttpContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = `There is no file at ${request.url.split('?', 1)[0]?.slice(0, 200)}: begin at /workspace/ or /demo/.`;
  sendError(server, request, reply, new WireError('notFound', message));
  return reply;
}
