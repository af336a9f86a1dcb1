/**
 * The network of a simulation: `fetch` for each client, real HTTP/1.1 in memory, and what goes wrong on the
 * way. It knows when something is under way, so that no time passes meanwhile.
 */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Fetch } from '@parley/client/agent';
import { sleepOn } from './sleep.js';
import type { ProcessClock, VirtualClock } from './clock.js';
import { VirtualSocket } from './connection.js';
import { type Fate, type Faults, fateOf, NO_FATE } from './faults.js';

type Init = Parameters<Fetch>[1];

/** A request that the server answered, as it saw it. */
export interface Observed {
  readonly client: string;
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly key: string | null;
  readonly body: string | undefined;
  /** Of what was made. */
  readonly location: string | null;
}

/** What a client has of the network. */
export interface ClientNetwork {
  readonly fetch: Fetch;
  /** Breaks all of its connections, as the death of its process would. */
  cut(): void;
}

interface Client {
  readonly name: string;
  readonly agent: HttpAgent;
  readonly clock: ProcessClock;
  /** When each call was made last, ms, and how often before at that time. */
  readonly calls: Map<string, { readonly at: number; readonly times: number }>;
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | ReadableStream<Uint8Array>;
}

export class Network {
  readonly #clock: VirtualClock;
  readonly #observe: (request: Observed) => void;
  readonly #chatName: (id: string) => string;
  readonly #sockets = new Set<VirtualSocket>();
  #faults: Faults = {};
  #take: ((connection: Duplex) => void) | null = null;
  #addresses = 0;
  #busy = 0;
  #activity = 0;

  /**
   * @param observe is given each request that was answered
   * @param chatName what a chat is called in every run of the same seed
   */
  constructor(
    clock: VirtualClock,
    observe: (request: Observed) => void,
    chatName: (id: string) => string,
  ) {
    this.#clock = clock;
    this.#observe = observe;
    this.#chatName = chatName;
  }

  /** Counts up whenever something is sent or comes. */
  get activity(): number {
    return this.#activity;
  }

  /** How many requests the server has that it will answer without time passing. */
  get busy(): number {
    return this.#busy;
  }

  set faults(faults: Faults) {
    this.#faults = faults;
  }

  /** A server takes connections from now on; null: nobody does, and those there are break. */
  serve(take: ((connection: Duplex) => void) | null): void {
    this.#take = take;
    if (take === null) for (const socket of [...this.#sockets]) socket.destroy();
  }

  /** Something happened that is not seen here. */
  happened(): void {
    this.#activity += 1;
  }

  /** Lets something happen in real time; no virtual time passes meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work;
    } finally {
      this.#busy -= 1;
      this.#activity += 1;
    }
  }

  /**
   * A client, at an address of its own.
   * @param name for whoever observes
   */
  client(name: string): ClientNetwork {
    this.#addresses += 1;
    const address = `10.${(this.#addresses >> 16) & 255}.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`;
    const own = new Set<VirtualSocket>();
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1_000 });
    let port = 10_000;
    agent.createConnection = () => {
      port += 1;
      return this.#connect(address, port, own);
    };
    const client: Client = { name, agent, clock: this.#clock.as(name), calls: new Map() };
    const fetch: Fetch = (url, init) => this.#fetch(client, url, init);
    const cut = () => {
      for (const socket of [...own]) socket.destroy();
    };
    return { fetch, cut };
  }

  #connect(address: string, port: number, own: Set<VirtualSocket>): VirtualSocket {
    const { client, server } = VirtualSocket.pair(address, port);
    for (const set of [this.#sockets, own]) {
      set.add(client);
      client.once('close', () => set.delete(client));
    }
    // Whoever uses it hears of its end; a connection that nobody uses may end.
    client.on('error', () => {});
    if (this.#take === null) queueMicrotask(() => client.destroy(refused()));
    else this.#take(server);
    return client;
  }

  async #fetch(client: Client, url: string, init: Init): Promise<Response> {
    const { signal } = init;
    signal.throwIfAborted();
    const fate = this.#fate(client, url, init.method);
    await this.#pass(fate.delays[0], client, signal);
    if (fate.refused !== null) return refusal(fate.refused);
    if (fate.lost === 'request') return await this.#lost(fate, signal);
    if (fate.twice) this.#again(client, url, init);
    const { status, headers, body } = await this.#exchange(client, url, init);
    if (fate.lost === 'answer') {
      if (typeof body !== 'string') await body.cancel();
      return await this.#lost(fate, signal);
    }
    await this.#pass(fate.delays[1], client, signal);
    if (typeof body !== 'string') this.#breakLater(fate, client);
    if (typeof body !== 'string') return new Response(body, { status, headers });
    return textResponse(body, status, headers);
  }

  /** By which call it is, and when: in which order calls of the same time are made, or that one more was, changes nothing. */
  #fate({ name, calls }: Client, url: string, method: string): Fate {
    const { delay, drop, duplicate, tooMany, serverErrors } = this.#faults;
    if (!(delay || drop || duplicate || tooMany || serverErrors)) return NO_FATE;
    const path = url
      .replace(/H\d+-\w+/g, (id) => this.#chatName(id))
      .replace(/agentSession\/[^/?]+/, 'agentSession')
      .replace(/\?.*/, '');
    const call = `${name} ${method} ${path}`;
    const at = this.#clock.elapsed();
    const last = calls.get(call);
    const times = last?.at === at ? last.times + 1 : 0;
    calls.set(call, { at, times });
    return fateOf(this.#faults, this.#clock.randomOf(`${call} ${at} ${times}`));
  }

  async #pass(ms: number, { clock }: Client, signal: AbortSignal): Promise<void> {
    if (ms > 0) await sleepOn(clock, ms, signal);
  }

  async #lost({ reset }: Fate, signal: AbortSignal): Promise<never> {
    if (reset) throw networkError('ECONNRESET');
    // Nobody says anything any more: it is the client that gives up.
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  /** The same request once more; its answer is nobody's. */
  #again(client: Client, url: string, init: Init): void {
    const isStream = init.headers['accept'] === 'text/event-stream';
    if (isStream || url.includes('wait=')) return;
    this.#exchange(client, url, { ...init, signal: new AbortController().signal }).catch(() => {});
  }

  #breakLater({ breaks }: Fate, { agent }: Client): void {
    if (breaks === null) return;
    this.#clock.after(breaks, () => {
      for (const sockets of Object.values(agent.sockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    });
  }

  #exchange({ name, agent }: Client, url: string, init: Init): Promise<Received> {
    const target = new URL(url);
    const { method, headers, body, signal } = init;
    const isHeld = target.searchParams.has('wait');
    this.#activity += 1;
    if (!isHeld) this.#busy += 1;
    const answered = once(() => {
      this.#activity += 1;
      if (!isHeld) this.#busy -= 1;
    });
    return new Promise<Received>((resolve, reject) => {
      let over = false;
      const failed = (error: () => unknown) => {
        if (over) return;
        over = true;
        answered();
        reject(error());
      };
      const request = httpRequest({
        ...{ agent, method, headers: { ...headers, host: target.host } },
        ...{ path: target.pathname + target.search, host: target.hostname },
      });
      const aborted = () => {
        failed(() => signal.reason);
        request.destroy();
      };
      request.on('error', (error) => failed(() => networkError(codeOf(error))));
      request.on('close', () => failed(() => networkError('ECONNRESET')));
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        const { location = null } = response.headers;
        const observed = { client: name, method, url: target, status, body, location };
        this.#observe({ ...observed, key: headers['idempotency-key'] ?? null });
        const head = { status, headers: headersOf(response) };
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          over = true;
          answered();
          resolve({ ...head, body: this.#streamOf(response, signal) });
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => failed(() => networkError('ECONNRESET')));
        response.on('end', () => {
          signal.removeEventListener('abort', aborted);
          over = true;
          answered();
          resolve({ ...head, body: Buffer.concat(chunks).toString('utf8') });
        });
      });
      request.end(body);
    });
  }

  #streamOf(response: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        const end = once((error: unknown) => {
          this.#activity += 1;
          if (error === null) controller.close();
          else controller.error(error);
        });
        response.on('data', (chunk: Buffer) => {
          this.#activity += 1;
          if (!response.destroyed) controller.enqueue(chunk);
        });
        response.on('end', () => end(null));
        const broken = () => end(networkError('ECONNRESET'));
        response.on('close', broken).on('error', broken);
        signal.addEventListener('abort', () => {
          end(signal.reason);
          response.destroy();
        });
      },
      cancel: () => {
        response.destroy();
      },
    });
  }
}

/** An answer that is there as a whole: no stream is made of it unless somebody wants one. */
function textResponse(text: string, status: number, headers: Headers): Response {
  const response = new Response(null, { status, headers });
  if (text === '') return response;
  return Object.defineProperties(response, {
    text: { value: async () => text },
    json: { value: async () => JSON.parse(text) as unknown },
    body: { get: () => new Response(text).body },
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** What a proxy says that cannot, or will not, pass a request on. */
function refusal(status: 429 | 502 | 503): Response {
  const headers = {
    'content-type': 'text/html',
    ...(status === 429 ? { 'retry-after': '2' } : {}),
  };
  return new Response(`<h1>${status}</h1>`, { status, headers });
}

/** As `fetch` of Node throws it. */
function networkError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'ECONNRESET';
}

function once<A extends unknown[]>(act: (...of: A) => void): (...of: A) => void {
  let done = false;
  return (...of) => {
    if (done) return;
    done = true;
    act(...of);
  };
}
