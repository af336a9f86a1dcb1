/** An endpoint of a webhook bot on a real socket: it answers, stalls, fails and cuts as it is told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookPayload } from '../../src/index.js';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: WebhookPayload;
}

export type Behaviour = (response: ServerResponse, delivery: Delivery) => unknown;

/** Answers with a status and JSON. */
export function answer(
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): Behaviour {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Never answers. */
export const stall: Behaviour = () => {};

/** Cuts the connection in the middle of its answer. */
export const cut: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"reply":"half');
  setImmediate(() => response.destroy());
};

export class Endpoint {
  readonly url: string;
  readonly deliveries: Delivery[] = [];
  /** What the next requests about lines get, in order; what comes later repeats the last. */
  next: readonly Behaviour[] = [];
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bot`;
  }

  static async start(): Promise<Endpoint> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = new Endpoint(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const payload = JSON.parse(body) as WebhookPayload;
      const delivery = { headers: request.headers, body, payload };
      endpoint.deliveries.push(delivery);
      if (payload.type !== 'line:visitor') {
        answer(204)(response, delivery);
        return;
      }
      const [behaviour = answer(204), ...rest] = endpoint.next;
      if (rest.length > 0) endpoint.next = rest;
      behaviour(response, delivery);
    });
    return endpoint;
  }

  /** Deliveries about what visitors said. */
  get lines(): readonly Delivery[] {
    return this.deliveries.filter(({ payload }) => payload.type === 'line:visitor');
  }

  begin(...behaviours: readonly Behaviour[]): void {
    this.deliveries.length = 0;
    this.next = behaviours;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
