/**
 * Every operation, asked with what its description allows, with what almost fits it, and with what
 * no client should send. Nothing may fail by it, hang, or be changed by a request that was refused.
 *
 * The requests are others in each run. A failure names its seed: `PARLEY_FUZZ_SEED` makes the same
 * requests again, and `PARLEY_FUZZ_RUNS=500` makes more of them for each operation.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredOperation } from '@parley/protocol';
import { type Home, Places } from './fuzz/places.js';
import { torn } from './fuzz/hostile.js';
import { inHome, type Request, requestsOf, rightRequests, type Sent } from './fuzz/requests.js';
import { call } from './harness.js';
import { type Audience, audienceOf } from './isolation/audience.js';

const asked = process.env['PARLEY_FUZZ_RUNS'];
const RUNS = asked === undefined ? 25 : Number(asked);
const SEED = Number(process.env['PARLEY_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** However slow the machine, an ordinary run of the tests is not held up for longer, per operation. */
const LIMIT_MS = asked === undefined ? 45 : Number.POSITIVE_INFINITY;
/** So many requests are made of each operation all the same. */
const AT_LEAST = 4;
const TIMEOUT_MS = asked === undefined ? 120_000 : 3_600_000;
/** An answer that takes longer hangs: it would take a few ms. */
const PATIENCE_MS = 10_000;

/** Operations whose examples are not right in a home, and why; requests at random may be. */
const NOT_RIGHT = {
  'DELETE /api/account/:account/visitors/:visitor': 'they are in a chat',
  'GET /api/account/:account/agentSession/:session/ws': 'a WebSocket begins with an upgrade',
  'GET /api/account/:account/chat/:chat/ws': 'a WebSocket begins with an upgrade',
  'POST /api/account/:account/agentSession/:session/chat/:chat/suggestions':
    'it is for those beside the agent',
  'POST /api/account/:account/agentSession/:session/chat/:chat/takeOver': 'it is theirs already',
  'POST /api/account/:account/configuration/canned-content/categories': 'there is one of the name',
  'POST /api/account/:account/configuration/le-agents/status-reasons': 'there is one of the name',
  'POST /api/account/:account/configuration/user-import': 'the example is a table',
  'POST /api/account/:account/conversation': 'no provider of identities is connected',
  'PUT /api/account/:account/approvals/:approval': 'no program waits for an approval',
};

let places: Places;
let sent = 0;
/** Operations that did what they are for when they were asked rightly. */
const succeeded = new Set<string>();

beforeAll(async () => {
  places = await Places.start();
  console.info(`Requests of this run: PARLEY_FUZZ_SEED=${SEED}`);
}, 60_000);
afterAll(() => places.stop());

const nameOf = ({ method, url }: RegisteredOperation) => `${method} ${url}`;

/**
 * Lasts for a time, and for a few requests at least. What fast-check has for this goes on with the
 * next operation while a request of the last one is under way.
 */
class Patience {
  readonly #until: number;
  #asked = 0;

  /** @param ms for how long */
  constructor(ms: number) {
    this.#until = performance.now() + ms;
  }

  lasts(): boolean {
    this.#asked += 1;
    return this.#asked <= AT_LEAST || performance.now() < this.#until;
  }
}

/** Operations get other requests than each other, the same ones in each run of a seed. */
function seedOf(registered: RegisteredOperation): number {
  const name = [...nameOf(registered)];
  return name.reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, SEED);
}

/** Asks, from an address that nobody asked from before. */
async function ask(method: string, { path, headers, body, asker }: Sent, home: Home) {
  sent += 1;
  const from = `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`;
  const credential = asker === 'nobody' ? {} : home.credentials[asker];
  const reply = call(method, places.server.http + path, {
    ...credential,
    headers: { ...headers, 'x-forwarded-for': from },
    body,
  });
  const waits = setInterval(() => places.letWaitsEnd(), 2);
  return patiently(reply).finally(() => clearInterval(waits));
}

/** @throws Error when it takes longer than any answer may. */
function patiently<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([answer, hangs]).finally(() => clearTimeout(timer));
}

/** @throws Error when the request does what no request may. */
async function requireHold(registered: RegisteredOperation, request: Request): Promise<number> {
  const home = await places.usable();
  const before = await places.state(home.account);
  // The answer is held against the description too: see `call`.
  const reply = await ask(registered.method, inHome(request, registered, home), home);
  if (reply.status >= 500) throw new Error(`${reply.status}: ${reply.text}`);
  if (reply.status >= 400) {
    expect(await places.state(home.account)).toEqual(before);
  } else if (registered.method !== 'GET' && !places.stillWhole(home)) {
    places.leave();
  }
  return reply.status;
}

describe(`every operation (PARLEY_FUZZ_SEED=${SEED})`, { retry: 0 }, () => {
  const audiences = {
    ...{ public: true, login: true, agent: true, user: true, configuration: true },
    ...{ supervision: true, visitor: true, reporter: true },
  } satisfies Record<Audience, true>;

  it.each(Object.keys(audiences))(
    '[FUZZ1, FUZZ2, FUZZ3] for %s: whatever is asked is answered, and changes nothing when refused',
    async (audience) => {
      const { operations } = places.server.running.server;
      for (const registered of operations.filter((each) => audienceOf(each) === audience)) {
        if (registered.method !== 'GET') places.leave();
        for (const request of rightRequests(registered)) {
          const status = await requireHold(registered, request);
          if (status < 400) succeeded.add(nameOf(registered));
        }
        const patience = new Patience(LIMIT_MS);
        const result = await fc.check(
          fc.asyncProperty(requestsOf(registered), async (request) => {
            if (patience.lasts()) await requireHold(registered, request);
          }),
          { seed: seedOf(registered), numRuns: RUNS, endOnFailure: true },
        );
        if (!result.failed) continue;
        const report = fc.defaultReportMessage(result);
        throw new Error(`${nameOf(registered)}: ${report}`, { cause: result.errorInstance });
      }
    },
    TIMEOUT_MS,
  );

  it('[FUZZ4] requests get past the door: every operation did what it is for', () => {
    const { operations } = places.server.running.server;
    const without = operations.map(nameOf).filter((name) => !succeeded.has(name));
    expect(without.sort()).toEqual(Object.keys(NOT_RIGHT).sort());
  });
});

describe(`bytes that are hardly HTTP (PARLEY_FUZZ_SEED=${SEED})`, { retry: 0 }, () => {
  const heads = fc.constantFrom(
    ...[
      'GET /api/account/12345678/chat/availability?v=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      'POST /api/account/12345678/login?v=1.3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}',
      'POST /api/account/1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      'OPTIONS * HTTP/1.0\r\nAuthorization: LivePerson appKey=a\r\n\r\n',
    ],
  );

  it(
    '[FUZZ1] bring no 5xx, and the connection ends',
    async () => {
      const { httpPort } = places.server.running;
      const once = torn(torn(heads));
      const patience = new Patience(LIMIT_MS * 10);
      await fc.assert(
        fc.asyncProperty(fc.oneof(once, torn(once)), async (text) => {
          if (!patience.lasts()) return;
          const received = await patiently(bytesOf(httpPort, text));
          // 501 is the answer to a transfer coding that nobody knows.
          expect(received).not.toMatch(/^HTTP\/1\.1 5(?!01 )/m);
        }),
        { seed: SEED, numRuns: RUNS * 10 },
      );
    },
    TIMEOUT_MS,
  );
});

/** Sends a text and no more; what comes until the server ends the connection. */
function bytesOf(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text, 'latin1'));
    socket.setEncoding('latin1').on('data', (data) => {
      received += data;
    });
    // A reset is an end too.
    socket.on('error', () => resolve(received)).on('close', () => resolve(received));
  });
}
