import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartOptions, type StartProgress, startServer } from '../src/index.js';
import { at, call, DEMO_ACCOUNT, startTestServer, type TestServer } from './harness.js';

describe('a started server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ httpsPort: 0 });
  });
  afterAll(() => server.stop());

  it('[START1] says that it is alive and ready', async () => {
    expect((await call('GET', `${server.http}/healthz`)).body).toEqual({ status: 'alive' });
    const ready = await call('GET', `${server.http}/readyz`);
    expect(ready.status).toBe(200);
    expect(at(ready.body, 'status')).toBe('ready');
  });

  it('[START2] listens on free ports when asked for port 0, and reports them', () => {
    const { httpPort, httpsPort, http, https } = server.running;
    expect(httpPort).toBeGreaterThan(1023);
    expect(httpsPort).not.toBe(httpPort);
    expect([http, https]).toEqual([
      `http://localhost:${httpPort}`,
      `https://localhost:${httpsPort}`,
    ]);
  });

  it.each([['no HTTP at all', 'HELLO\r\n\r\n', 'not a readable HTTP']])(
    '[START3] answers %s with a clean 400',
    async (_, bytes, words) => {
      const text = await talk(server.running.httpPort, bytes);
      expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      const body: unknown = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
      expect(at(body, 'error.responseStatus')).toBe('BAD_REQUEST');
      expect(at(body, 'error.message')).toContain(words);
    },
  );

  it('[START14] says when the system lets fewer connections be open than are allowed', async () => {
    const many = await startTestServer({ connections: { inAll: 100_000_000 } });
    expect(many.log).toMatch(/lets a process open \d+ files \(ulimit -n\)/);
    expect(many.log).toContain('raise it to 100000200 or more');
    await many.stop();
    expect(server.log).not.toContain('ulimit');
  });

  it('[START4] keeps another server out of its data directory', async () => {
    const another = startServer({ dataDir: server.dataDir, httpPort: 0, httpsPort: null });
    await expect(another).rejects.toThrow(server.dataDir);
    expect((await call('GET', `${server.http}/readyz`)).status).toBe(200);
  });

  it('[START5] names a port that is taken, and what to do, and lets the data directory go', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-start-'));
    const { httpPort } = server.running;
    const starts: StartOptions[] = [
      { dataDir, httpPort, httpsPort: null },
      { dataDir, httpPort: 0, httpsPort: httpPort },
    ];
    for (const [index, options] of starts.entries()) {
      const option = index === 0 ? '--http-port' : '--https-port';
      const start = startServer({ ...options, logLevel: 'silent' });
      await expect(start).rejects.toThrow(
        new RegExp(`Port ${httpPort} on 127\\.0\\.0\\.1 is taken.*${option}`),
      );
    }
    const freed = await startServer({ dataDir, httpPort: 0, httpsPort: null, logLevel: 'silent' });
    await freed.close();
    await rm(dataDir, { recursive: true });
  });
});

/** Sends bytes and answers everything that comes back until the other side closes. */
function talk(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('options that cannot work', () => {
  const dataDir = join(tmpdir(), 'parley-never-made');
  const cases: readonly (readonly [string, Partial<StartOptions>, string])[] = [
    ['a host with a scheme', { host: 'http://x' }, 'http://x'],
    ['a host with a port', { host: 'localhost:80' }, 'localhost:80'],
    ['a port out of range', { httpPort: 70_000 }, '70000'],
    ['a fraction of a port', { httpsPort: 1.5 }, '1.5'],
    ['one port for both', { httpPort: 8080, httpsPort: 8080 }, '8080'],
    ['a public domain with a scheme', { publicDomain: 'https://x.y' }, 'https://x.y'],
    ['a public domain with a path', { publicDomain: 'x.y/z' }, 'x.y/z'],
    ['proxies that are no addresses', { trustedProxies: ['lan'] }, 'lan'],
    ['outgoing addresses that are none', { outgoingAllow: ['idp'] }, 'idp'],
    ['proxies with a wrong range', { trustedProxies: ['10.0.0.0/99'] }, '10.0.0.0/99'],
    ['the demo on the network', { demo: true, host: '0.0.0.0' }, '0.0.0.0'],
  ];

  it.each(cases)(
    '[START6] are refused before anything is touched: %s',
    async (_, options, words) => {
      const start = startServer({ dataDir, ...options });
      await expect(start).rejects.toMatchObject({
        name: 'StartError',
        message: expect.stringContaining(words),
      });
      await expect(rm(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it('[START6] are a host that this machine does not have', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'parley-start-'));
    const start = startServer({ dataDir: dir, host: '192.0.2.1', httpPort: 0, httpsPort: null });
    await expect(start).rejects.toThrow('no address 192.0.2.1');
    await rm(dir, { recursive: true });
  });
});

describe('a stop', () => {
  it('[START7] answers what is under way, refuses what comes later, and ends', async () => {
    const server = await startTestServer();
    const { httpPort } = server.running;
    const body = JSON.stringify({ username: 'agent1', password: 'parley-demo' });
    const head = (path: string, more = '') => `${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
    const login = head(
      `POST /api/account/${DEMO_ACCOUNT}/login`,
      `Content-Length: ${body.length}\r\n`,
    );
    const { socket, text } = await begin(httpPort, login + body.slice(0, 10));
    const idle = await begin(httpPort, head('GET /healthz'));
    const closed = server.running.close();
    expect(server.running.close()).toBe(closed);
    // The rest of the login, and on the same connection one more request.
    socket.write(body.slice(10) + head(`GET /api/account/${DEMO_ACCOUNT}/agentSession`));
    const answers = await text;
    expect(answers).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answers).toContain('"bearer"');
    // Either the answer under way said that its connection ends, or what came after it is refused.
    const second = answers.indexOf('HTTP/1.1 503');
    const [first, refusal] = second < 0 ? [answers, ''] : [answers, answers.slice(second)];
    if (refusal === '') expect(first).toMatch(/connection: close\r\n/i);
    else expect(refusal).toMatch(/retry-after: 1\r\n/i);
    await idle.text;
    await closed;
    await expect(call('GET', `http://127.0.0.1:${httpPort}/healthz`)).rejects.toThrow(
      'ECONNREFUSED',
    );
    await server.stop();
  });

  it('[START7] waits for no connection that has not asked for anything', async () => {
    const server = await startTestServer({ closeGraceMs: 60_000 });
    const spare = await begin(server.running.httpPort, '');
    await server.running.close();
    expect(await spare.text).toBe('');
    await server.stop();
  });

  it('[START8] cuts off what does not end in time', async () => {
    const server = await startTestServer({ closeGraceMs: 100 });
    const head = `POST /api/account/${DEMO_ACCOUNT}/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`;
    const { text } = await begin(server.running.httpPort, head);
    await server.running.close();
    expect(await text).toBe('');
    await server.stop();
  });
});

/** Opens a connection, sends bytes, and waits until the server has had time to read them. */
async function begin(
  port: number,
  bytes: string,
): Promise<{ readonly socket: Socket; readonly text: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  let received = '';
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  const text = new Promise<string>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  // Another connection's answer shows that the server has read what came before it.
  await call('GET', `http://127.0.0.1:${port}/healthz`);
  await call('GET', `http://127.0.0.1:${port}/healthz`);
  return { socket, text };
}

describe('the loading of accounts', () => {
  it('[START9] is reported step by step', async () => {
    const server = await startTestServer();
    const progress: StartProgress[] = [];
    const again = await server.restart({ onProgress: (step) => progress.push(step) });
    expect(progress).toEqual([
      { step: 'listening', httpPort: again.running.httpPort, httpsPort: null },
      { step: 'accounts', done: 0, of: 1 },
      { step: 'accounts', done: 1, of: 1 },
    ]);
    await again.stop();
  });

  it('[START10] goes on without an account that cannot be read', async () => {
    const server = await startTestServer();
    await server.running.close();
    const store = await openSqliteStore({ directory: server.dataDir });
    await store.accounts.create({ id: 'broken', createdAt: 0 });
    await store.config.write('broken', {
      changes: [{ op: 'create', kind: 'user', nameKey: 'x', data: 'not JSON' }],
    });
    await store.close();
    const again = await server.restart();
    try {
      await again.login('agent1');
      const broken = await call('POST', `${again.http}/api/account/broken/login`, {
        body: { username: 'x', password: 'y' },
      });
      expect(broken.status).toBe(503);
      expect(broken.headers['retry-after']).toBeDefined();
      expect(again.log).toContain('account broken cannot be loaded');
    } finally {
      await again.stop();
    }
  });

  it('[START11] finds accounts that were made meanwhile by another process', async () => {
    const server = await startTestServer();
    try {
      const store = await openSqliteStore({ directory: server.dataDir });
      await store.accounts.create({ id: 'later', createdAt: 0 });
      await store.close();
      const url = `${server.http}/api/account/later/service/agentVep/baseURI.json`;
      expect((await call('GET', url)).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

it('[START5] a port held by a program that is no server is named too', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-start-'));
  await expect(startServer({ dataDir, httpPort: port, httpsPort: null })).rejects.toThrow(
    `Port ${port}`,
  );
  holder.close();
  await rm(dataDir, { recursive: true });
});
