/** Over streamable HTTP: for programs that connect by an address. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { Writes } from './approvals.js';
import { type McpOptions, mcpServer } from './server.js';

/** Where it listens, and whom it lets in. */
export interface HttpOptions {
  readonly port: number;
  /** The address to listen on; this machine alone (`127.0.0.1`) by default. */
  readonly host?: string;
  /** What programs send as `Authorization: Bearer …`: 32 characters at least. */
  readonly token: string;
  /** Host names, without port, that requests may name besides those of this machine. */
  readonly hosts?: readonly string[];
  /** Origins of pages that may call, `https://host`: none by default, since programs send none. */
  readonly origins?: readonly string[];
}

/** It listens. */
export interface McpHttp {
  /** `http://127.0.0.1:7777/mcp` */
  readonly url: string;
  close(): Promise<void>;
}

const PATH = '/mcp';
const MIN_TOKEN = 32;
const MAX_BODY = 1024 * 1024;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Serves any number of programs, which all work in the same agent session.
 * @throws Error for a token that is too short, and what listening throws.
 */
export async function serveHttp(options: McpOptions, http: HttpOptions): Promise<McpHttp> {
  if (http.token.length < MIN_TOKEN) {
    throw new Error(
      `The token has ${http.token.length} characters: it needs ${MIN_TOKEN} or more.`,
    );
  }
  const shared = { writes: new Writes(), ...options };
  const handler = createMcpHandler(() => mcpServer(shared), { maxRequestBodySize: MAX_BODY });
  const server = createServer((request, response) => {
    const refused = refusalOf(request, http);
    if (refused !== null) refuse(response, refused);
    else {
      void respond(request, response, handler.fetch).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    }
  });
  const host = http.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(http.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`,
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Pages of strangers, names that lead here by a trick, and whoever has not the token. */
function refusalOf({ headers, url }: IncomingMessage, http: HttpOptions): Refusal | null {
  const name = (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
  if (![...LOOPBACK, ...(http.hosts ?? [])].includes(name)) {
    return { status: 403, message: 'This host name is not one of this server: see --allow-host.' };
  }
  const { origin } = headers;
  if (origin !== undefined && !(http.origins ?? []).includes(origin)) {
    return { status: 403, message: 'Pages of this origin may not call: see --allow-origin.' };
  }
  const [scheme = '', token = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || !isSame(token, http.token)) {
    return { status: 401, message: 'Send the token of this server as Authorization: Bearer …' };
  }
  if ((url ?? '').replace(/\?.*$/, '') !== PATH) {
    return { status: 404, message: `There is nothing here but ${PATH}.` };
  }
  return null;
}

/** Takes the same time wherever two tokens differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="parley mcp"' } : {};
  response.writeHead(status, {
    'content-type': 'application/json',
    connection: 'close',
    ...challenge,
  });
  response.end(JSON.stringify({ error: { message } }));
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await handle(webRequest(request, gone.signal));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  await pipeline(
    Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]),
    response,
    {
      signal: gone.signal,
    },
  ).catch(() => {});
}

function webRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', headers: sent, url = PATH } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(sent)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  const body =
    method === 'GET' || method === 'HEAD'
      ? {}
      : { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' as const };
  return new Request(`http://${sent.host}${url}`, { method, headers, signal, ...body });
}
