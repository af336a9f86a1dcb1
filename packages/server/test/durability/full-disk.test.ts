/** A real disk that is full: no file of the server may grow beyond a limit, until it is lifted. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import {
  at,
  call,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  type Reply,
  textAt,
} from '../harness.js';
import { ServerProcess } from './process/server-process.js';

/** Room for the start and some lines. */
const LARGEST_FILE = 1_500_000;
const LONG = 'x'.repeat(7_900);

/** The limit is set by a tool that Linux has. */
const canLimit = spawnSync('prlimit', ['--version']).status === 0;

const appKey = DEMO_VISITOR_KEY;
let dataDir: string | null = null;
let server: ServerProcess | null = null;

afterEach(async () => {
  await server?.end('SIGKILL');
  if (dataDir !== null) await rm(dataDir, { recursive: true, force: true });
});

it.runIf(canLimit)(
  '[DUR3] a full disk costs no acknowledged line, answers 503 with Retry-After, and is over when there is room again',
  { timeout: 120_000 },
  async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-full-'));
    server = new ServerProcess(dataDir, { largestFile: LARGEST_FILE }).begin();
    const origin = await server.ready;
    const base = `${origin}/api/account/${DEMO_ACCOUNT}`;
    const body = { username: 'agent1', password: DEMO_PASSWORD };
    const { body: login } = await call('POST', `${base}/login?v=1.3`, { body });
    const bearer = textAt(login, 'bearer');
    const opened = await call('POST', `${base}/agentSession?v=1&NC=true`, { bearer });
    const incoming = `${opened.headers.location}/incomingRequests?v=1`;
    const started = await call('POST', `${base}/chat/request?v=1`, { appKey, body: {} });
    expect(started.status, started.text).toBe(201);
    const chat = started.headers.location ?? '';
    expect((await call('POST', incoming, { bearer })).status).toBe(201);
    const answered: [string, string][] = [];
    const say = async (text: string): Promise<Reply> => {
      const body = { event: { '@type': 'line', text } };
      const reply = await call('POST', `${chat}/events?v=1`, { appKey, body });
      if (reply.status === 201)
        answered.push([reply.headers.location?.split('/').at(-1) ?? '', text]);
      return reply;
    };
    const lines = async (): Promise<[string, string][]> => {
      const all: [string, string][] = [];
      // One document does not hold all of them: the next one begins after the last event.
      for (let from = 4; ; ) {
        const { body, text } = await call('GET', `${chat}/events?v=1&from=${from}`, { appKey });
        expect(at(body, 'events'), text.slice(0, 300)).toBeDefined();
        // A single one stands there without a list.
        const events = [at(body, 'events.event') ?? []].flat();
        for (const event of events) all.push([textAt(event, '@id'), textAt(event, 'text')]);
        if (events.length === 0) return all;
        from = Number(all.at(-1)?.[0]) + 1;
      }
    };

    let reply = await say(`0 ${LONG}`);
    for (let n = 1; reply.status === 201 && n < 1_000; n += 1) reply = await say(`${n} ${LONG}`);
    expect(reply.status, reply.text).toBe(503);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answered.length).toBeGreaterThan(10);
    expect(await lines()).toEqual(answered);
    const notReady = await call('GET', `${origin}/readyz`);
    expect([notReady.status, at(notReady.body, 'status')]).toEqual([503, 'store-failing']);

    server.enlargeDisk();
    await vi.waitUntil(async () => (await say('room again')).status === 201, {
      interval: 100,
      timeout: 20_000,
    });
    expect(await lines()).toEqual(answered);
    expect((await call('GET', `${origin}/readyz`)).status).toBe(200);
  },
);
