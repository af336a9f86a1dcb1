/** Serves the description at `/openapi.json` and the reference made from it at `/docs`. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../http/errors.js';
import type { Server } from '../server.js';
import { describeApi } from './describe.js';
import type { OpenApi } from './openapi.js';
import { homePage } from './pages/home.js';
import { PAGES, pageOf, searchPage } from './pages/pages.js';
import { type Place, placesOf } from './pages/search.js';
import { ICON, STYLE } from './pages/style.js';

/** Nothing is loaded but the style sheet and the icon, both from here; no page may frame these. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Something that is the same for everybody, ready to be sent. */
interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly etag: string;
}

/** Registers the description and its pages. Each is made when it is first asked for, and kept. */
export function registerReference(app: FastifyInstance, server: Server): void {
  const reference = new Reference(server);

  app.get('/openapi.json', (request, reply) => {
    // It says nothing of any account, so tools in browsers may read it from anywhere.
    void reply.header('access-control-allow-origin', '*');
    return send(request, reply, reference.description());
  });
  app.get('/', (request, reply) => {
    // Clients that ask for data are told that there is none here, as at any other such address.
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return reply.callNotFound();
    return sendHtml(request, reply, reference.home());
  });
  app.get('/docs', (request, reply) => sendPage(request, reply, ''));
  app.get('/docs/', (_request, reply) => reply.redirect('/docs', 308));
  app.get('/docs/search', (request, reply) => {
    const { q } = request.query as { q?: string | string[] };
    return sendHtml(request, reply, reference.search([q ?? []].flat().join(' ')));
  });
  app.get('/docs/:page', (request, reply) => {
    const { page } = request.params as { page: string };
    return sendPage(request, reply, page);
  });

  function sendPage(request: FastifyRequest, reply: FastifyReply, name: string) {
    const page = reference.page(name);
    if (page !== null) return sendHtml(request, reply, page);
    const message = `There is no page ${name.slice(0, 40)} in the reference: begin at /docs.`;
    sendError(server, request, reply, new WireError('notFound', message));
    return reply;
  }
}

function sendHtml(request: FastifyRequest, reply: FastifyReply, page: Asset) {
  void reply.headers({
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  return send(request, reply, page);
}

/** What is served, made from the operations once all of them are registered. */
class Reference {
  readonly #server: Server;
  readonly #assets = new Map<string, Asset>();
  #api: OpenApi | undefined;
  #places: readonly Place[] | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  home(): Asset {
    return this.#kept('/', () => asset('text/html; charset=utf-8', homePage()));
  }

  description(): Asset {
    return this.#kept('openapi.json', () =>
      asset('application/json; charset=utf-8', JSON.stringify(this.#described())),
    );
  }

  /** A page, the style sheet or the icon; null for another name. */
  page(name: string): Asset | null {
    if (name === 'style.css')
      return this.#kept(name, () => asset('text/css; charset=utf-8', STYLE));
    if (name === 'icon.svg') return this.#kept(name, () => asset('image/svg+xml', ICON));
    if (!PAGES.includes(name)) return null;
    return this.#kept(name, () =>
      asset('text/html; charset=utf-8', pageOf(this.#described(), name) ?? ''),
    );
  }

  /** What was found; nothing of it is kept, because nobody knows what will be asked. */
  search(sought: string): Asset {
    const api = this.#described();
    this.#places ??= placesOf(api);
    return asset('text/html; charset=utf-8', searchPage(api, this.#places, sought));
  }

  #described(): OpenApi {
    this.#api ??= describeApi(this.#server.operations);
    return this.#api;
  }

  #kept(name: string, make: () => Asset): Asset {
    const known = this.#assets.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#assets.set(name, made);
    return made;
  }
}

function asset(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  const digest = createHash('sha256').update(plain).digest('base64url');
  return { type, plain, zipped: gzipSync(plain), etag: `"${digest.slice(0, 27)}"` };
}

function send(request: FastifyRequest, reply: FastifyReply, { type, plain, zipped, etag }: Asset) {
  void reply.headers({ etag, 'cache-control': 'no-cache', vary: 'Accept-Encoding' });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  void reply.header('content-type', type);
  if (
    !/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(String(request.headers['accept-encoding'] ?? ''))
  ) {
    return reply.send(plain);
  }
  return reply.header('content-encoding', 'gzip').send(zipped);
}

function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
