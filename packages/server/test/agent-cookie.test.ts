/** The security cookie of agent sessions, over TLS with an ordinary cookie jar (rules SESS…). */
import { readFile } from 'node:fs/promises';
import { CookieJar } from 'tough-cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, type Reply, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let ca: string;
let bearers: { readonly agent1: string; readonly agent2: string };
beforeAll(async () => {
  server = await startTestServer({ httpsPort: 0 });
  ca = await readFile(server.running.caFile ?? '', 'utf8');
  const [one, two] = await Promise.all([server.login('agent1'), server.login('agent2')]);
  bearers = { agent1: one.bearer, agent2: two.bearer };
});
afterAll(() => server.stop());

/** A client with a cookie jar, as browsers and HTTP libraries have one. */
class Client {
  readonly jar = new CookieJar();

  async call(method: string, url: string, bearer: string, body?: unknown): Promise<Reply> {
    const cookie = await this.jar.getCookieString(url);
    const reply = await server.call(method, url, {
      ca,
      bearer,
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { body }),
    });
    for (const line of reply.headers['set-cookie'] ?? []) await this.jar.setCookie(line, url);
    return reply;
  }

  /** A new agent session; gives its address. */
  async open(bearer: string, query = '?v=1'): Promise<string> {
    const url = `${server.https}/api/account/12345678/agentSession${query}`;
    const reply = await this.call('POST', url, bearer);
    expect(reply.status).toBe(201);
    return reply.headers.location ?? '';
  }
}

const refused = (reply: Reply) => [reply.status, at(reply.body, 'error.internalCode')];

describe('the security cookie', () => {
  it('[AUTH4] is set at opening, unreadable for scripts, over TLS only, for that session alone', async () => {
    const url = `${server.https}/api/account/12345678/agentSession?v=1`;
    const reply = await server.call('POST', url, { ca, bearer: bearers.agent1 });
    const path = new URL(reply.headers.location ?? '').pathname;
    expect(reply.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(
          `^parley_agent_session=[0-9a-f]{64}; Path=${path}; HttpOnly; Secure; SameSite=None$`,
        ),
      ),
    ]);
  });

  it('[AUTH5] is wanted by every later request to the session: 401 without it', async () => {
    const client = new Client();
    const session = await client.open(bearers.agent1);
    expect((await client.call('GET', session, bearers.agent1)).status).toBe(200);
    const bare = new Client();
    for (const path of ['', '/incomingRequests', '/availability', '/chat/H1-0K1/events']) {
      expect(refused(await bare.call('GET', session + path, bearers.agent1))).toEqual([401, 1101]);
    }
    expect(refused(await bare.call('DELETE', session, bearers.agent1))).toEqual([401, 1101]);
    const forged = await server.call('GET', session, {
      ca,
      bearer: bearers.agent1,
      cookie: `parley_agent_session=${'0'.repeat(64)}`,
    });
    expect(refused(forged)).toEqual([401, 1101]);
    expect((await client.call('GET', session, bearers.agent1)).status).toBe(200);
  });

  it('[AUTH5] is not enough without the bearer', async () => {
    const client = new Client();
    const session = await client.open(bearers.agent1);
    const cookie = await client.jar.getCookieString(session);
    const reply = await server.call('GET', session, { ca, cookie });
    expect(refused(reply)).toEqual([401, 10]);
  });

  it.each(['?v=1&NC=true', '?NC=TRUE&v=1'])('[AUTH6] %s turns it off', async (query) => {
    const client = new Client();
    const session = await client.open(bearers.agent1, query);
    expect(await client.jar.getCookies(session)).toEqual([]);
    expect((await client.call('GET', session, bearers.agent1)).status).toBe(200);
  });

  it.each(['?v=1&NC=false', '?v=1&nc=true', '?v=1&NC='])('[AUTH6] %s does not', async (query) => {
    const client = new Client();
    const session = await client.open(bearers.agent1, query);
    expect((await client.jar.getCookies(session)).length).toBe(1);
  });

  it('[AUTH3] two sessions in one ordinary jar each get their own', async () => {
    const client = new Client();
    const first = await client.open(bearers.agent1);
    const second = await client.open(bearers.agent2);
    for (const [session, bearer] of [
      [first, bearers.agent1],
      [second, bearers.agent2],
      [first, bearers.agent1],
    ] as const) {
      expect((await client.jar.getCookies(session)).length).toBe(1);
      const away = { availability: { chat: 'Away' } };
      expect((await client.call('PUT', `${session}/availability`, bearer, away)).status).toBe(200);
      expect((await client.call('GET', `${session}/info?v=1`, bearer)).status).toBe(200);
    }
    const swapped = new Client();
    const [cookie] = await client.jar.getCookies(second);
    await swapped.jar.setCookie(
      `${cookie?.cookieString()}; Path=${new URL(first).pathname}; Secure`,
      first,
    );
    expect(refused(await swapped.call('GET', first, bearers.agent1))).toEqual([401, 1101]);
  });

  it.each(['json', 'xml'])('[AUTH4] a client that writes .%s finds its session', async (suffix) => {
    const client = new Client();
    const url = `${server.https}/api/account/12345678/agentSession.${suffix}?v=1`;
    const location = (bearer: string) =>
      client.call('POST', url, bearer).then(({ headers }) => headers.location ?? '');
    const first = await location(bearers.agent1);
    const second = await location(bearers.agent2);
    for (const path of [`.${suffix}?v=1`, '?v=1', `/availability.${suffix}`]) {
      expect((await client.call('GET', first + path, bearers.agent1)).status).toBe(200);
      expect((await client.call('GET', second + path, bearers.agent2)).status).toBe(200);
    }
    expect((await client.jar.getCookies(`${first}.${suffix}`)).length).toBe(1);
    expect((await client.call('DELETE', `${second}.${suffix}`, bearers.agent2)).status).toBe(200);
  });

  it('[AUTH3] a new session of the same agent gets a new one', async () => {
    const client = new Client();
    const first = await client.open(bearers.agent1);
    const second = await client.open(bearers.agent1);
    expect((await client.call('GET', first, bearers.agent1)).status).toBe(404);
    expect((await client.call('GET', second, bearers.agent1)).status).toBe(200);
  });
});
