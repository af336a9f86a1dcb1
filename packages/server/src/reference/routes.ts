/** Serves the description at `/openapi.json` and the reference made from it at `/docs`. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { WireError } from '@parley/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../http/errors.js';
import type { HttpContext } from '../http/context.js';
import { type ApiDescription, describeApi } from '@parley/reference/describe';
import { guides } from '@parley/reference/guides';
import { jsonOnly } from '@parley/reference/json-only';
import { homePage } from '@parley/reference/pages/home';
import { guidePage, PAGES, pageOf, queryOf, searchPage } from '@parley/reference/pages/pages';
import { type Place, placesOf, search } from '@parley/reference/pages/search';
import { scriptOfPages } from '@parley/reference/pages/script';
import { ICON, STYLE } from '@parley/reference/pages/style';
import { FULL, JSON_ONLY } from '@parley/reference/server-paths';

/**
 * Nothing is loaded or asked but the style sheet, the icon, the script and what that finds, all of it
 * from here; nothing in a page itself is run; no page may frame these.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What is shown while one types, at most; the search page shows all. */
const MAX_HITS = 12;

/** Something that is the same for everybody, ready to be sent. */
interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly etag: string;
}

/** Registers the description and its pages. Each is made when it is first asked for, and kept. */
export function registerReference(app: FastifyInstance, server: HttpContext): void {
  const reference = new Reference(server);

  for (const address of [FULL, JSON_ONLY]) {
    app.get(address, (request, reply) => {
      // It says nothing of any account, so tools in browsers may read it from anywhere.
      void reply.header('access-control-allow-origin', '*');
      return send(request, reply, reference.description(address === JSON_ONLY));
    });
  }
  app.get('/', (request, reply) => {
    // Clients that ask for data get a 404, as at any other such address.
    if (!/\btext\/html\b/.test(request.headers.accept ?? '')) return reply.callNotFound();
    return sendHtml(request, reply, reference.home());
  });
  app.get('/docs', (request, reply) => sendPage(request, reply, ''));
  app.get('/docs/', (_request, reply) => reply.redirect('/docs', 308));
  app.get('/docs/search', (request, reply) =>
    sendHtml(request, reply, reference.search(soughtBy(request))),
  );
  app.get('/docs/search.json', (request, reply) => reply.send(reference.hits(soughtBy(request))));
  app.get('/docs/guides/:name', (request, reply) => {
    const { name } = request.params as { name: string };
    const page = reference.guide(name);
    return page === null
      ? sendNoPage(request, reply, `guides/${name}`)
      : sendHtml(request, reply, page);
  });
  app.get('/docs/:page', (request, reply) => {
    const { page } = request.params as { page: string };
    return sendPage(request, reply, page);
  });

  function sendPage(request: FastifyRequest, reply: FastifyReply, name: string) {
    const page = reference.page(name);
    return page === null ? sendNoPage(request, reply, name) : sendHtml(request, reply, page);
  }

  function sendNoPage(request: FastifyRequest, reply: FastifyReply, name: string) {
    const message = `There is no page ${name.slice(0, 40)} in the reference: begin at /docs.`;
    sendError(server, request, reply, new WireError('notFound', message));
    return reply;
  }
}

function soughtBy(request: FastifyRequest): string {
  const { q } = request.query as { q?: string | string[] };
  return [q ?? []].flat().join(' ');
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
  readonly #server: HttpContext;
  readonly #assets = new Map<string, Asset>();
  #described: ApiDescription | undefined;
  #places: readonly Place[] | undefined;

  constructor(server: HttpContext) {
    this.#server = server;
  }

  home(): Asset {
    return this.#kept('/', () => asset('text/html; charset=utf-8', homePage()));
  }

  /** The whole description, or that of JSON alone. */
  description(isJsonOnly: boolean): Asset {
    return this.#kept(isJsonOnly ? JSON_ONLY : FULL, () => {
      const { api } = this.#describe();
      const served = isJsonOnly ? jsonOnly(api) : api;
      return asset('application/json; charset=utf-8', JSON.stringify(served));
    });
  }

  /** A page, the style sheet, the script or the icon; null for another name. */
  page(name: string): Asset | null {
    if (name === 'style.css')
      return this.#kept(name, () => asset('text/css; charset=utf-8', STYLE));
    if (name === 'reference.js')
      return this.#kept(name, () => asset('text/javascript; charset=utf-8', scriptOfPages()));
    if (name === 'icon.svg') return this.#kept(name, () => asset('image/svg+xml', ICON));
    if (!PAGES.includes(name)) return null;
    return this.#kept(name, () =>
      asset('text/html; charset=utf-8', pageOf(this.#describe(), name) ?? ''),
    );
  }

  /** A guide; null for another name. */
  guide(name: string): Asset | null {
    if (!guides.some((each) => each.name === name)) return null;
    return this.#kept(`guides/${name}`, () =>
      asset('text/html; charset=utf-8', guidePage(this.#describe(), name) ?? ''),
    );
  }

  /** The first of what was found, for the script, and how many there are. */
  hits(sought: string) {
    const found = search(this.#allPlaces(), queryOf(sought));
    const first = found.slice(0, MAX_HITS);
    return {
      found: found.length,
      hits: first.map(({ kind, href, title, where }) => ({ kind, href, title, where })),
    };
  }

  /** What was found; nothing of it is kept, because nobody knows what will be asked. */
  search(sought: string): Asset {
    return asset(
      'text/html; charset=utf-8',
      searchPage(this.#describe(), this.#allPlaces(), sought),
    );
  }

  #allPlaces(): readonly Place[] {
    this.#places ??= placesOf(this.#describe());
    return this.#places;
  }

  #describe(): ApiDescription {
    this.#described ??= describeApi(this.#server.operations);
    return this.#described;
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
