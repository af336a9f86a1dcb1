import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gate, Lifecycle, registerHealth } from '../src/http/phase.js';
import { at, call, startTestServer, type TestServer } from './harness.js';

describe('a server that is not serving', () => {
  const lifecycle = new Lifecycle();
  const app = fastify();
  let backing: TestServer;
  let base: string;
  let healthy = true;
  const front = createServer();
  beforeAll(async () => {
    backing = await startTestServer();
    const { store } = backing.running.server;
    const server = {
      ...backing.running.server,
      store: { ...store, healthy: () => healthy },
    };
    registerHealth(app, lifecycle, server);
    app.get('/served', () => 'yes');
    await app.ready();
    front.on(
      'request',
      gate(lifecycle, server, (raw, response) => app.routing(raw, response)),
    );
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    front.close();
    await app.close();
    await backing.stop();
  });

  it.each(['starting', 'stopping'] as const)(
    '[START12] answers 503 with Retry-After while %s, in the representation of the caller',
    async (phase) => {
      lifecycle.phase = phase;
      const json = await call('POST', `${base}/served`, { body: { any: 'body' } });
      expect(json.status).toBe(503);
      expect(json.headers['retry-after']).toBe('1');
      expect(at(json.body, 'error.responseStatus')).toBe('SERVICE_UNAVAILABLE');
      expect(at(json.body, 'error.message')).toContain(phase);
      const xml = await call('GET', `${base}/served`, { headers: { accept: 'application/xml' } });
      expect(xml.text).toContain('<responseStatus>SERVICE_UNAVAILABLE</responseStatus>');
      const suffix = await call('GET', `${base}/served.xml`);
      expect(suffix.headers['content-type']).toContain('application/xml');
    },
  );

  it.each(['starting', 'stopping'] as const)(
    '[START13] is alive but not ready while %s',
    async (phase) => {
      lifecycle.phase = phase;
      expect((await call('GET', `${base}/healthz`)).status).toBe(200);
      const ready = await call('GET', `${base}/readyz`);
      expect([ready.status, ready.headers['retry-after']]).toEqual([503, '1']);
      expect(at(ready.body, 'status')).toBe(phase);
    },
  );

  it('[START13] is not ready while its store fails', async () => {
    lifecycle.phase = 'serving';
    expect((await call('GET', `${base}/served`)).text).toBe('yes');
    expect((await call('GET', `${base}/readyz`)).status).toBe(200);
    healthy = false;
    const ready = await call('GET', `${base}/readyz`);
    expect([ready.status, at(ready.body, 'status')]).toEqual([503, 'store-failing']);
  });
});
