/** Whether the server serves yet, or still: what it answers before its accounts are loaded and while it stops. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { chooseRepresentation, errorDocument, errorFormOf } from '@parley/protocol';
import type { StoreDamage } from '@parley/store';
import type { Scrub } from '@parley/runtime/integrity/scrub';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './context.js';
import { answersNoMore } from './connection.js';
import { callerKeyOf } from './caller-key.js';
import { idsOf } from './correlation.js';
import { EXPOSED } from './cors.js';
import { ALWAYS } from './errors.js';
import { holdHead } from './heads.js';
import { ProxyCheck } from './proxy-check.js';
import { rawFacts, settle } from './raw-request.js';
import { lackOfRoom } from './room.js';
import { type Flaw, flawOf } from './well-formed.js';

export type Phase = 'starting' | 'serving' | 'stopping';

/** Seconds after which a client may ask again. */
const RETRY_AFTER = '1';

const REFUSALS = {
  starting: 'The service is starting and reads its accounts; ask again in a second.',
  stopping: 'The service is stopping; ask again in a second, it may be back by then.',
} as const;

/** The one place that knows the phase. */
export class Lifecycle {
  phase: Phase = 'starting';
}

/**
 * Passes well-formed requests on while the server serves, each network's in its turn; health is
 * answered always and at once, everything else gets 503.
 */
export function gate(
  lifecycle: Lifecycle,
  server: HttpContext,
  serve: RequestListener,
): RequestListener {
  const proxies = new ProxyCheck(server);
  const pass: RequestListener = (raw, response) => {
    const { phase } = lifecycle;
    if (server.tracing !== null && !isOperators(raw.url)) server.tracing.begin(raw);
    const flaw = flawOf(raw) ?? settle(raw);
    if (flaw !== null) refuse(raw, response, flaw, server);
    else if (isOperators(raw.url)) serve(raw, response);
    else if (phase === 'serving') {
      proxies.look(raw);
      const lack = holdHead(server, raw, response);
      if (lack !== null) {
        refuse(raw, response, openly(lack), server);
        return;
      }
      const network = server.proxies.network(raw);
      const task = () => safely(raw, () => serveInTurn(raw, response));
      server.turns.add(network, task, callerKeyOf(raw));
    } else refuse(raw, response, notNow(phase), server);
  };

  /** Serves a request whose turn it is. */
  const serveInTurn: RequestListener = (raw, response) => {
    // Whoever has gone meanwhile is owed nothing.
    if (raw.socket.destroyed) return;
    // A large answer need not be made when there is no room for it.
    const lack = lackOfRoom(server, raw, server.largeAnswers.expected(raw.url ?? ''));
    if (lack === null) serve(raw, response);
    else refuse(raw, response, openly(lack), server);
  };

  const safely = (raw: IncomingMessage, task: () => void): void => {
    try {
      task();
    } catch (error) {
      // What fails here has no document left to say so: the connection ends, and nobody else's.
      server.failures.lines.error({ err: error, ...idsOf(raw) }, 'a request could not be taken');
      raw.socket.destroy();
    }
  };
  return (raw, response) => safely(raw, () => pass(raw, response));
}

function notNow(phase: Exclude<Phase, 'serving'>): Flaw {
  const close = phase === 'stopping' ? { connection: 'close' } : {};
  const headers = { 'retry-after': RETRY_AFTER, ...close };
  return openly({ code: phase, message: REFUSALS[phase], headers });
}

/** It reveals nothing of any account, and lets pages of other origins see that they should retry. */
function openly({ code, message, headers }: Flaw): Flaw {
  const open = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED,
  };
  return { code, message, headers: { ...headers, ...open } };
}

/** What an operator asks: answered at once, whatever the load and the phase. */
const OPERATORS = /^\/(?:healthz|readyz|metrics)(?:\?|$)/;

function isOperators(url: string | undefined): boolean {
  return url !== undefined && OPERATORS.test(url);
}

function refuse(
  raw: IncomingMessage,
  response: ServerResponse,
  flaw: Flaw,
  { clock, metrics }: Pick<HttpContext, 'clock' | 'metrics'>,
): void {
  metrics.requests.refused(flaw.code);
  const time = clock.now();
  const path = (raw.url ?? '').split('?', 1)[0] ?? '';
  const ending = path.endsWith('.xml') ? 'xml' : path.endsWith('.json') ? 'json' : undefined;
  const { suffix = ending } = rawFacts(raw);
  const chosen = chooseRepresentation({ suffix, accept: raw.headers.accept });
  const representation = chosen === 'none' ? 'json' : chosen;
  const { code, message, headers } = flaw;
  const form = errorFormOf(path);
  const { requestId } = idsOf(raw);
  const answer = errorDocument({ code, message, time, timeZone: 'UTC', form, requestId });
  const body = answer.write(representation);
  if (headers?.['connection'] === 'close') answersNoMore(raw.socket);
  response.writeHead(answer.status, {
    'content-type': answer.contentType(representation),
    'content-length': Buffer.byteLength(body),
    ...ALWAYS,
    ...headers,
  });
  response.end(body);
}

/** Most accounts that are named as unavailable. */
const MAX_NAMED = 100;

/** What health is reported from. */
export interface HealthContext extends Pick<HttpContext, 'accounts' | 'store'> {
  /** What it found of damage is reported by `/readyz`. */
  readonly scrub: Pick<Scrub, 'damage'>;
}

/** Registers `/healthz`, whether the process is alive, and `/readyz`, whether to send it requests. */
export function registerHealth(
  app: FastifyInstance,
  lifecycle: Lifecycle,
  server: HealthContext,
): void {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'alive' }));
  app.get('/readyz', (_request, reply) => {
    const unavailable = server.accounts.unavailable().slice(0, MAX_NAMED);
    const status = readiness(lifecycle, server);
    const damaged = server.scrub.damage().slice(0, MAX_NAMED);
    const answer = {
      status,
      ...(unavailable.length === 0 ? {} : { unavailable }),
      ...(damaged.length === 0 ? {} : { damaged: damaged.map(reportedDamage) }),
    };
    if (status === 'ready') return reply.send(answer);
    return reply.code(503).header('retry-after', RETRY_AFTER).send(answer);
  });
}

function reportedDamage({ report, found }: StoreDamage) {
  return { account: report.accountId, because: found };
}

/** One account that cannot be served is no reason to send the others' requests elsewhere; all are. */
function readiness(lifecycle: Lifecycle, { store, accounts }: HealthContext): string {
  if (lifecycle.phase !== 'serving') return lifecycle.phase;
  if (!store.healthy()) return 'store-failing';
  return accounts.areAllFailing ? 'accounts-failing' : 'ready';
}
