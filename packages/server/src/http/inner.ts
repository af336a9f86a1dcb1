/**
 * Requests that come within a WebSocket: each is made into a request of the operation that it names, and
 * that operation carries it out as if it had come over HTTP.
 */
import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Method, WireError } from '@parley/protocol';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { AskedRequest } from './asked.js';
import type { Outcome } from './answer.js';
import { proofOf, provedBy } from './proof.js';
import { settle } from './raw-request.js';
import type { Turn } from './wait.js';

/** What is asked, as the frame has it. */
export interface InnerAsk {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** JSON. */
  readonly body: string;
  readonly idempotencyKey: string | undefined;
}

/** Makes the call that a request is for, with all its checks. */
export interface InnerTarget {
  ask(request: AskedRequest, turn: Turn): Outcome | Promise<Outcome>;
}

interface InnerRoute {
  readonly method: Method;
  readonly url: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly route: InnerTarget;
  readonly config: FastifyContextConfig;
}

export interface InnerRequest {
  readonly route: InnerTarget;
  readonly request: AskedRequest;
}

/** Of the request that opened the WebSocket, what is no part of those within. */
const ITS_OWN =
  /^(?:accept|accept-encoding|connection|content-.*|idempotency-key|if-.*|last-event-id|sec-websocket-.*|transfer-encoding|upgrade|x-http-method-override)$/;

export class InnerRoutes {
  readonly #routes: InnerRoute[] = [];

  add(method: Method, url: string, route: InnerTarget, config: FastifyContextConfig): void {
    const names: string[] = [];
    const parts = url.split('/').map((part) => {
      if (!part.startsWith(':')) return part.replaceAll('.', '\\.');
      names.push(part.slice(1));
      return '([^/]+)';
    });
    const pattern = new RegExp(`^${parts.join('/')}$`);
    this.#routes.push({ method, url, pattern, names, route, config });
  }

  /**
   * The request that a frame asks for, with the credentials of the one that opened the WebSocket.
   * @param isOwn whether the parameters of its path name what the WebSocket is for
   * @throws WireError when it cannot be asked for there
   */
  request(
    opened: FastifyRequest,
    { method, target, body, idempotencyKey }: InnerAsk,
    isOwn: (params: Readonly<Record<string, string>>) => boolean,
  ): InnerRequest {
    const raw = new IncomingMessage(opened.raw.socket as Socket);
    raw.method = method;
    raw.url = target;
    for (const [name, value] of Object.entries(opened.raw.headers)) {
      if (!ITS_OWN.test(name)) raw.headers[name] = value;
    }
    raw.headers.accept = 'application/json';
    if (idempotencyKey !== undefined) raw.headers['idempotency-key'] = idempotencyKey;
    const flaw = settle(raw);
    if (flaw !== null) throw new WireError(flaw.code, flaw.message);
    const { url = '' } = raw;
    const [path = '', query = ''] = url.split('?', 2);
    const found = this.#find(method, path);
    if (found === null || !isOwn(found.params)) {
      throw new WireError(
        'notFound',
        `${method.slice(0, 20)} ${path.slice(0, 200)} is nothing that can be asked for over this WebSocket: lines, typing, reading positions and accepting, of its own session or chat, can.`,
      );
    }
    const { route, config } = found.inner;
    const request: AskedRequest = {
      body,
      headers: raw.headers,
      method,
      params: found.params,
      query: Object.fromEntries(new URLSearchParams(query)),
      raw,
      routeOptions: {
        ...opened.routeOptions,
        method: found.inner.method,
        url: found.inner.url,
        config: { ...opened.routeOptions.config, ...config, url: found.inner.url },
      },
      url,
    };
    provedBy(request, proofOf(opened));
    return { route, request };
  }

  #find(
    method: string,
    path: string,
  ): { readonly inner: InnerRoute; readonly params: Record<string, string> } | null {
    for (const inner of this.#routes) {
      if (inner.method !== method) continue;
      const found = inner.pattern.exec(path);
      if (found === null) continue;
      const params = Object.fromEntries(
        inner.names.map((name, index) => [name, found[index + 1] ?? '']),
      );
      return { inner, params };
    }
    return null;
  }
}
