/**
 * The network of a simulation: `fetch` for each client, real HTTP/1.1 in memory, and what goes wrong on the
 * way. It knows when something is under way, so that no time passes meanwhile.
 */
import type { Duplex } from 'node:stream';
import type { Fetch } from '@parley/client/agent';
import { sleepOn } from './sleep.js';
import type { ProcessClock, VirtualClock } from './clock.js';
import { type ClientEnd, VirtualSocket } from './connection.js';
import { type Fate, type Faults, fateOf, NO_FATE } from './faults.js';
import { HttpConnections, type HttpHead } from './http-client.js';

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
  readonly connections: HttpConnections;
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
    let port = 10_000;
    const connections = new HttpConnections((end) => {
      port += 1;
      return this.#connect(address, port, end);
    });
    const client: Client = { name, connections, clock: this.#clock.as(name), calls: new Map() };
    const fetch: Fetch = (url, init) => this.#fetch(client, url, init);
    return { fetch, cut: () => connections.cutAll() };
  }

  #connect(address: string, port: number, end: ClientEnd): VirtualSocket | null {
    if (this.#take === null) return null;
    const socket = new VirtualSocket(address, port, end);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#take(socket);
    return socket;
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

  #breakLater({ breaks }: Fate, { connections }: Client): void {
    if (breaks !== null) this.#clock.after(breaks, () => connections.cutInUse());
  }

  #exchange({ name, connections }: Client, url: string, init: Init): Promise<Received> {
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
      const failed = (error: unknown) => {
        signal.removeEventListener('abort', aborted);
        answered();
        reject(error);
      };
      const aborted = () => {
        failed(signal.reason);
        stream?.fail(signal.reason);
        cut();
      };
      let head: HttpHead | null = null;
      let stream: EventStream | null = null;
      const pieces: Buffer[] = [];
      const { host, pathname, search } = target;
      const question = { method, path: pathname + search, host, headers, body };
      const cut = connections.ask(question, {
        head: (came) => {
          head = came;
          const { status } = came;
          const location = came.header('location') ?? null;
          const observed = { client: name, method, url: target, status, body, location };
          this.#observe({ ...observed, key: headers['idempotency-key'] ?? null });
          if (!came.header('content-type')?.startsWith('text/event-stream')) return;
          answered();
          stream = new EventStream(
            () => {
              this.#activity += 1;
            },
            () => cut(),
          );
          resolve({ status, headers: headersOf(came), body: stream.body });
        },
        piece: (piece) => {
          if (stream === null) pieces.push(piece);
          else stream.add(piece);
        },
        end: () => {
          signal.removeEventListener('abort', aborted);
          answered();
          if (stream !== null) stream.end();
          else if (head !== null) {
            const text = Buffer.concat(pieces).toString('utf8');
            resolve({ status: head.status, headers: headersOf(head), body: text });
          }
        },
        broken: (code) => {
          stream?.fail(networkError(code));
          failed(networkError(code));
        },
      });
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
    });
  }
}

/** The body of an answer that goes on and on. */
class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #happened: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #phase: 'open' | 'over' = 'open';

  /**
   * @param happened is told when something comes
   * @param cancelled is told when nobody reads it any more
   */
  constructor(happened: () => void, cancelled: () => void) {
    this.#happened = happened;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#phase = 'over';
        cancelled();
      },
    });
  }

  add(piece: Uint8Array): void {
    if (this.#phase === 'over') return;
    this.#happened();
    this.#controller?.enqueue(piece);
  }

  end(): void {
    if (this.#over()) this.#controller?.close();
  }

  fail(error: unknown): void {
    if (this.#over()) this.#controller?.error(error);
  }

  #over(): boolean {
    if (this.#phase === 'over') return false;
    this.#phase = 'over';
    this.#happened();
    return true;
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

function headersOf({ headers }: HttpHead): Headers {
  const all = new Headers();
  for (const [name, value] of headers) all.append(name, value);
  return all;
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

function once<A extends unknown[]>(act: (...of: A) => void): (...of: A) => void {
  let done = false;
  return (...of) => {
    if (done) return;
    done = true;
    act(...of);
  };
}
