/** An HTTP server of a bot's process that says how its bots are: for orchestrators, and for Prometheus. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './bot.js';
import { type BotSnapshot, prometheusText } from './metrics.js';

/** A bot, as far as it is asked how it is. */
export interface Observed {
  readonly health: Health;
  readonly snapshot: BotSnapshot;
}

export interface HealthServerOptions {
  /** 0, by default, takes any free one: `port` says which. */
  readonly port?: number;
  /** `127.0.0.1` by default. Beyond this machine `/metrics` needs a token. */
  readonly host?: string;
  /** Bearer that `/metrics` is asked with, 16 characters or more. */
  readonly token?: string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Shortest token that is not guessed. */
const MIN_TOKEN = 16;

/**
 * The metrics of bots that share a process, as text of Prometheus.
 * @throws TypeError for two bots of the same name: their figures could not be told apart.
 */
export function botMetrics(bots: readonly Observed[]): string {
  const snapshots = bots.map(({ snapshot }) => snapshot);
  const twice = snapshots.find(({ name }, index) =>
    snapshots.some((other, at) => at < index && other.name === name),
  );
  if (twice !== undefined) {
    throw new TypeError(`Two bots are named "${twice.name}": give each its own name (name).`);
  }
  return prometheusText(snapshots);
}

/**
 * Serves `/healthz` (200 while the process lives), `/readyz` (200 while all bots are ready, else 503; both name
 * each bot's status and why) and `/metrics`.
 * @throws TypeError for a token that is too short, or missing where others could ask; what `listen` throws
 */
export async function serveHealth(
  bots: readonly Observed[],
  { port = 0, host = '127.0.0.1', token }: HealthServerOptions = {},
): Promise<HealthServer> {
  if (token !== undefined && token.length < MIN_TOKEN) {
    throw new TypeError(`token is ${token.length} characters long: ${MIN_TOKEN} are needed.`);
  }
  if (token === undefined && !LOOPBACK.has(host)) {
    throw new TypeError(`On ${host} others can ask for the metrics: give a token.`);
  }
  botMetrics(bots);
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, { error: 'Only GET is answered here.' }, { allow: 'GET, HEAD' });
    } else if (path === '/healthz' || path === '/readyz') {
      const isReady = bots.every(({ health }) => health.status === 'ready');
      send(response, path === '/healthz' || isReady ? 200 : 503, report(bots));
    } else if (path === '/metrics' && mayRead(request, token)) {
      const type = 'text/plain; version=0.0.4; charset=utf-8';
      response.writeHead(200, { 'content-type': type }).end(botMetrics(bots));
    } else if (path === '/metrics') {
      const error = 'The metrics need the token that serveHealth was given: send it as a bearer.';
      send(response, 401, { error }, { 'www-authenticate': 'Bearer' });
    } else send(response, 404, { error: 'There are /healthz, /readyz and /metrics.' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function report(bots: readonly Observed[]) {
  return {
    bots: bots.map(({ health: { status, reason, chats }, snapshot: { name } }) => ({
      ...{ name, status, reason, chats },
    })),
  };
}

/** By their hashes: the time that it takes says nothing. */
function mayRead({ headers }: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}
