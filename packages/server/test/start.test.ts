import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, call, startTestServer, type TestServer } from './harness.js';

describe('a started server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('[START1] says that it is alive and ready', async () => {
    expect((await call('GET', `${server.http}/healthz`)).body).toEqual({ status: 'alive' });
    const ready = await call('GET', `${server.http}/readyz`);
    expect(ready.status).toBe(200);
    expect(at(ready.body, 'status')).toBe('ready');
  });
});
