/**
 * Starts a server for a test: the demo account in a folder of its own, free ports, and a clock that
 * the test may drive. All tests talk to it over real HTTP.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireBeDescribed, watch } from './described.js';
import { EVENT_STREAM } from '@parley/protocol';
import type { Clock } from '@parley/runtime/clock/clock';
import type { SettingsRecord } from '@parley/configuration/records/records';
import { creation, replacement } from '@parley/configuration/records/record-changes';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  type RunningServer,
  type StartOptions,
  startServer,
} from '../src/index.js';

export { DEMO_ACCOUNT, DEMO_PASSWORD, DEMO_VISITOR_KEY };

/** A clock that stands still until it is asked to go on. */
export class FakeClock implements Clock {
  readonly #start: number;
  #now: number;
  #timers: { readonly time: number; readonly callback: () => void }[] = [];

  /** @param start Epoch ms; by default an afternoon in summer. */
  constructor(start = Date.parse('2024-07-01T12:00:00.000Z')) {
    this.#start = start;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now - this.#start;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { time: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Time passes while nothing is called back, as when the process is stopped: that comes later. */
  standStill(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, calling back what comes due, each at its own time and in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers
        .filter(({ time }) => time <= end)
        .sort((a, b) => a.time - b.time)
        .at(0);
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.time);
      due.callback();
    }
    this.#now = end;
  }
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body when it is JSON, else undefined; read it with `at`. */
  readonly body: unknown;
}

export interface CallOptions {
  /** Sent as JSON when it is neither text nor bytes. */
  readonly body?: unknown;
  readonly bearer?: string;
  readonly appKey?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The certificate that an https call trusts, PEM. */
  readonly ca?: string;
}

/** The headers of an answer without those that differ between answers to the very same request. */
export function steadyHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { date: _, 'x-request-id': __, traceparent: ___, ...steady } = headers;
  return steady;
}

/** One HTTP call; every status is an answer. @throws Error when it is not as described. */
export function call(method: string, url: string, options: CallOptions = {}): Promise<Reply> {
  const { body, bearer, appKey, cookie, ca } = options;
  const plain = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const text = plain ? body : JSON.stringify(body);
  const headers: Record<string, string> = {
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(appKey === undefined ? {} : { authorization: `LivePerson appKey=${appKey}` }),
    ...(cookie === undefined ? {} : { cookie }),
    ...options.headers,
  };
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const { origin, hostname, port } = new URL(url);
  // As it is written: a client that makes `a/b` of `a/./b` would hide what the server makes of it.
  const path = url.slice(origin.length) || '/';
  return new Promise<Reply>((resolve, reject) => {
    const tls = ca === undefined ? {} : { ca };
    const request = send({ hostname, port, path, method, headers, ...tls });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      const done = () => {
        const received = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: received,
          body: parsed(received),
        });
      };
      response.on('end', done);
      // Of a stream, which has no end, what there is when it begins.
      if (response.headers['content-type']?.startsWith(EVENT_STREAM)) {
        response.on('data', () => {
          if (!/^event: .*\n\n/ms.test(Buffer.concat(chunks).toString('utf8'))) return;
          done();
          request.destroy();
        });
      }
    });
    request.end(text);
  }).then((reply) => {
    const { status, headers: answered, text: received } = reply;
    requireBeDescribed({ method, url, headers, status, answered, text: received });
    return reply;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value at a path of keys and indexes, `error.internalCode` or `chat.link.0.@href`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, key) => {
    return typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined;
  }, value);
}

/** The text at a path. @throws Error when there is none. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found === 'string') return found;
  throw new Error(`there is no text at ${path} of ${JSON.stringify(value)}`);
}

/** The link of a relation, wherever `link` stands below the path. @throws Error when there is none. */
export function linkAt(value: unknown, path: string, rel: string): string {
  const found = at(value, path);
  const links: unknown[] = Array.isArray(found) ? found : [found];
  const link = links.find((each) => (at(each, '@rel') ?? at(each, 'rel')) === rel);
  const href = at(link, '@href') ?? at(link, 'href');
  if (typeof href === 'string') return href;
  throw new Error(`there is no link ${rel} at ${path} of ${JSON.stringify(value)}`);
}

/** The value of a cookie that the answer set. @throws Error when it set none of that name. */
export function cookieOf(reply: Reply, name: string): string {
  for (const line of reply.headers['set-cookie'] ?? []) {
    const [pair = ''] = line.split(';');
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  throw new Error(`no cookie ${name} was set`);
}

/** For tests in which logins fail often, and are about something else. */
export const UNTHROTTLED = {
  perUserAndNetwork: 1_000_000,
  perUser: 1_000_000,
  firstPerUser: 1_000_000,
  perNetwork: 1_000_000,
  perKeyAndNetwork: 1_000_000,
} as const;

export interface LoggedIn {
  readonly bearer: string;
  readonly csrf: string;
  /** `session_id=…`, ready to be sent. */
  readonly cookie: string;
  readonly userId: string;
}

export interface TestServerOptions extends Partial<StartOptions> {
  /** Settings of the demo account. */
  readonly settings?: SettingsRecord;
}

/** A running server with the demo account. */
export class TestServer {
  readonly running: RunningServer;
  readonly dataDir: string;
  readonly #options: TestServerOptions;
  readonly #log: string[];

  constructor(running: RunningServer, dataDir: string, options: TestServerOptions, log: string[]) {
    this.running = running;
    this.dataDir = dataDir;
    this.#options = options;
    this.#log = log;
  }

  /** `http://127.0.0.1:port` */
  get http(): string {
    return `http://127.0.0.1:${this.running.httpPort}`;
  }

  /** `https://127.0.0.1:port` */
  get https(): string {
    return `https://127.0.0.1:${this.running.httpsPort}`;
  }

  /** `http://127.0.0.1:port/api/account/12345678` */
  get base(): string {
    return `${this.http}/api/account/${DEMO_ACCOUNT}`;
  }

  /** Everything that was logged so far; also over restarts. */
  get log(): string {
    return this.#log.join('');
  }

  /** Calls a path below the demo account, or a whole URL. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply> {
    return call(method, path.startsWith('http') ? path : this.base + path, options);
  }

  /** @throws Error when the login fails. */
  async login(username: string, password: string = DEMO_PASSWORD): Promise<LoggedIn> {
    const reply = await this.call('POST', '/login?v=1.3', { body: { username, password } });
    if (reply.status !== 200) throw new Error(`login of ${username}: ${reply.text}`);
    return {
      bearer: textAt(reply.body, 'bearer'),
      csrf: textAt(reply.body, 'csrf'),
      cookie: `session_id=${cookieOf(reply, 'session_id')}`,
      userId: textAt(reply.body, 'config.userId'),
    };
  }

  /** Sets the demo account's settings, from now on. */
  async configure(settings: SettingsRecord): Promise<void> {
    const { store, accounts } = this.running.server;
    const { items } = await store.config.list(DEMO_ACCOUNT, 'settings');
    const before = items.at(0);
    const change =
      before === undefined
        ? creation('settings', settings)
        : replacement('settings', before.id, { ...JSON.parse(before.data), ...settings });
    await store.config.write(DEMO_ACCOUNT, { changes: [change] });
    await accounts.refresh(DEMO_ACCOUNT);
  }

  /** Stops it and starts another on the same folder, on other ports. */
  async restart(options: TestServerOptions = {}): Promise<TestServer> {
    await this.running.close();
    return startOn(this.dataDir, { ...this.#options, ...options }, this.#log);
  }

  /** Stops it and removes its folder. */
  async stop(): Promise<void> {
    await this.running.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Starts a server with the demo account on free ports; without HTTPS unless asked for. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'parley-test-')));
  const server = await startOn(dataDir, options, []);
  if (options.settings !== undefined) await server.configure(options.settings);
  return server;
}

async function startOn(
  dataDir: string,
  options: TestServerOptions,
  log: string[],
): Promise<TestServer> {
  const { settings: _, ...start } = options;
  const running = await startServer({
    demo: true,
    httpPort: 0,
    httpsPort: null,
    closeGraceMs: 2_000,
    // Tests hold accounts while they move the clock by hours.
    restAfterMs: 0,
    logStream: { write: (line) => log.push(line) },
    ...start,
    dataDir,
  });
  watch(running);
  return new TestServer(running, dataDir, options, log);
}
