import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  at,
  type CallOptions,
  cookieOf,
  FakeClock,
  type LoggedIn,
  linkAt,
  type Reply,
  startTestServer,
  type TestServer,
} from './harness.js';

const HOUR = 60 * 60 * 1000;

/** Opens an agent session: answers 201 while the bearer lives. */
function openSession(server: TestServer, { bearer }: LoggedIn): Promise<Reply> {
  return server.call('POST', '/agentSession?v=1&NC=true', { bearer });
}

function refresh(server: TestServer, options: CallOptions): Promise<Reply> {
  return server.call('POST', '/refresh?v=1.3', options);
}

function logout(server: TestServer, options: CallOptions): Promise<Reply> {
  return server.call('POST', '/logout?v=1.3', options);
}

describe('a live login', () => {
  let server: TestServer;
  const clock = new FakeClock();
  beforeAll(async () => {
    server = await startTestServer({ clock });
  });
  afterAll(() => server.stop());

  it('[LOGIN20] ends after its time to live, per account', async () => {
    const login = await server.login('agent1');
    clock.advance(8 * HOUR - 1000);
    expect((await openSession(server, login)).status).toBe(201);
    clock.advance(1000);
    expect((await openSession(server, login)).status).toBe(401);

    await server.configure({ sessionTtlSeconds: 60 });
    const short = await server.login('agent1');
    await server.configure({ sessionTtlSeconds: 8 * 60 * 60 });
    clock.advance(60_000);
    expect((await openSession(server, short)).status).toBe(401);
  });

  it('[LOGIN21] is renewed by refresh as often as asked: 200 without a body, its end pushed out, the cookie the same', async () => {
    const { cookie, csrf, bearer, userId } = await server.login('agent1');
    for (let times = 0; times < 3; times += 1) {
      clock.advance(5 * HOUR);
      const reply = await refresh(server, { cookie, body: { csrf } });
      expect(reply.status).toBe(200);
      expect(reply.text).toBe('');
      expect(`session_id=${cookieOf(reply, 'session_id')}`).toBe(cookie);
      expect(reply.headers['set-cookie']?.[0]).toContain('Max-Age=28800;');
    }
    expect((await openSession(server, { cookie, csrf, bearer, userId })).status).toBe(201);
    expect((await logout(server, { cookie, body: { csrf } })).status).toBe(200);
    expect((await refresh(server, { cookie, body: { csrf } })).status).toBe(401);
    expect((await openSession(server, { cookie, csrf, bearer, userId })).status).toBe(401);
  });

  it('[LOGIN29] finds its cookie however the name is written, among others', async () => {
    const { cookie, csrf } = await server.login('agent1');
    const value = cookie.slice('session_id='.length);
    for (const name of ['Session_id', 'SESSION_ID', 'session_Id']) {
      const several = `theme=dark; ${name}=${value}; session_idx=1`;
      const reply = await refresh(server, { cookie: several, body: { csrf } });
      expect(reply.status).toBe(200);
      expect(cookieOf(reply, 'session_id')).toBe(value);
    }
    const other = await refresh(server, { cookie: `sessionid=${value}`, body: { csrf } });
    expect(other.status).toBe(401);
    expect((await logout(server, { cookie: `Session_Id=${value}`, body: { csrf } })).status).toBe(
      200,
    );
  });

  it('[LOGIN22] is ended by logout at once: bearer, cookie, and the agent session', async () => {
    const login = await server.login('agent1');
    const opened = await openSession(server, login);
    const session = linkAt(opened.body, 'agentSessionLocation.link', 'location');
    const second = await server.login('agent1');
    const reply = await logout(server, { cookie: login.cookie, body: { csrf: login.csrf } });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe('');
    expect((await openSession(server, login)).status).toBe(401);
    const again = await refresh(server, { cookie: login.cookie, body: { csrf: login.csrf } });
    expect(again.status).toBe(401);
    const gone = await server.call('GET', session, { bearer: second.bearer });
    expect(gone.status).toBe(404);
    expect((await openSession(server, second)).status).toBe(201);
  });

  it('[LOGIN23] is proved by its csrf token: without it or with another, 401 and code 10', async () => {
    const login = await server.login('agent1');
    const other = await server.login('agent2');
    const bodies = [{ csrf: other.csrf }, { csrf: '' }, { csrf: 7 }, {}, undefined];
    for (const body of bodies) {
      for (const reply of [
        await refresh(server, { cookie: login.cookie, body }),
        await logout(server, { cookie: login.cookie, body }),
      ]) {
        expect(reply.status).toBe(401);
        expect(at(reply.body, 'error.internalCode')).toBe(10);
      }
    }
    expect((await openSession(server, login)).status).toBe(201);
    const malformed = await refresh(server, { cookie: login.cookie, body: '{"csrf":' });
    expect(malformed.status).toBe(400);
  });

  it('[LOGIN24] may be named by its bearer instead of the cookie', async () => {
    const { bearer, csrf } = await server.login('agent1');
    const renewed = await refresh(server, { bearer, body: { csrf } });
    expect([renewed.status, renewed.headers['set-cookie']]).toEqual([200, undefined]);
    expect((await refresh(server, { bearer, body: { csrf: 'no' } })).status).toBe(401);
    expect((await logout(server, { bearer, body: { csrf } })).status).toBe(200);
    expect((await logout(server, { bearer, body: { csrf } })).status).toBe(401);
  });

  it('[LOGIN24] needs one of them', async () => {
    const { csrf } = await server.login('agent1');
    const reply = await logout(server, { body: { csrf } });
    expect(reply.status).toBe(401);
    expect(at(reply.body, 'error.message')).toContain('session_id');
  });

  it("[LOGIN25] cannot be used by other sites' pages through the browser's cookie", async () => {
    const { cookie, csrf, bearer } = await server.login('agent1');
    const body = { csrf };
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const reply = await logout(server, { cookie, body, headers });
      expect(reply.status).toBe(403);
    }
    const own = [{ origin: server.http }, { 'sec-fetch-site': 'same-origin' }];
    for (const headers of own) {
      expect((await refresh(server, { cookie, body, headers })).status).toBe(200);
    }
    const byBearer = await refresh(server, {
      bearer,
      body,
      headers: { origin: 'https://evil.example' },
    });
    expect(byBearer.status).toBe(200);
  });

  it('[LOGIN25] can be used by pages of the origins that the account allows', async () => {
    await server.configure({ agentOrigins: ['https://desk.example'] });
    const { cookie, csrf } = await server.login('agent1');
    const headers = { origin: 'https://desk.example' };
    const reply = await refresh(server, { cookie, body: { csrf }, headers });
    expect(reply.status).toBe(200);
    expect(reply.headers['access-control-allow-origin']).toBe('https://desk.example');
    expect(reply.headers['access-control-allow-credentials']).toBe('true');
  });

  it('[LOGIN26] belongs to one account', async () => {
    const { store } = server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 0 });
    const { bearer, csrf, cookie } = await server.login('agent1');
    const other = `${server.http}/api/account/other`;
    const byBearer = await server.call('POST', `${other}/refresh`, { bearer, body: { csrf } });
    const byCookie = await server.call('POST', `${other}/refresh`, { cookie, body: { csrf } });
    expect([byBearer.status, byCookie.status]).toEqual([401, 401]);
  });
});

describe('logins and restarts', () => {
  it('[LOGIN27] a login outlives a restart; an ended one stays ended', async () => {
    let server = await startTestServer();
    try {
      const kept = await server.login('agent1');
      const ended = await server.login('agent2');
      await logout(server, { bearer: ended.bearer, body: { csrf: ended.csrf } });
      server = await server.restart();
      expect((await openSession(server, kept)).status).toBe(201);
      const reply = await refresh(server, { cookie: kept.cookie, body: { csrf: kept.csrf } });
      expect(reply.status).toBe(200);
      expect((await openSession(server, ended)).status).toBe(401);
    } finally {
      await server.stop();
    }
  });

  it('[LOGIN28] keeps hashes only: no token and no password is found in the data directory', async () => {
    const server = await startTestServer();
    try {
      const { bearer, csrf, cookie } = await server.login('agent1');
      const secrets = [bearer, csrf, cookie.split('=')[1] ?? '', 'parley-demo-bot-secret'];
      const files = await readdir(server.dataDir, { withFileTypes: true });
      const kept = files.filter((file) => file.isFile() && file.name !== 'server.lock');
      expect(kept.map(({ name }) => name)).toContain('parley.db-wal');
      for (const { name } of kept) {
        const text = await readFile(join(server.dataDir, name), 'latin1');
        for (const secret of secrets) expect(text.includes(secret)).toBe(false);
      }
    } finally {
      await server.stop();
    }
  });
});
