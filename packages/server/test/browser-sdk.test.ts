/** What the original's browser SDK asks before it can talk: where, and through which frame. */
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, DEMO_ACCOUNT, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  call('GET', server.http + path, { headers });

/** What a page that loads the script gets, by a function of that name. */
function passed(script: string, name: string): unknown {
  let got: unknown;
  const receive = (value: unknown) => {
    got = value;
  };
  runInNewContext(script, nested(name.split('.'), receive));
  return JSON.parse(JSON.stringify(got));
}

function nested(names: readonly string[], receive: unknown): Record<string, unknown> {
  const [first = '', ...rest] = names;
  return { [first]: rest.length === 0 ? receive : nested(rest, receive) };
}

describe.each(['/csdr/account', '/api/account'])('the domain lookup by script tag at %s', (at) => {
  const base = `${at}/${DEMO_ACCOUNT}/service`;

  it('[SDK1] lists every service, as a call of the page’s function', async () => {
    const reply = await get(`${base}/baseURI.lpCsds?version=1.0&cb=lpTag.csds.cb_1`);
    expect([reply.status, reply.headers['content-type']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    const answer = passed(reply.text, 'lpTag.csds.cb_1') as {
      ResultSet: { lpData: { baseURIs: { service: string; account: string; baseURI: string }[] } };
    };
    const { baseURIs } = answer.ResultSet.lpData;
    const port = server.running.httpsPort ?? server.running.httpPort;
    for (const service of ['conversationVep', 'smt']) {
      expect(baseURIs).toContainEqual({
        service,
        account: DEMO_ACCOUNT,
        baseURI: `127.0.0.1:${port}`,
      });
    }
  });

  it('[SDK1] names one service as older pages read it', async () => {
    const reply = await get(`${base}/adminArea/baseURI.lpCsds?version=1.0&cb=f`);
    const port = server.running.httpsPort ?? server.running.httpPort;
    const where = `127.0.0.1:${port}`;
    expect(passed(reply.text, 'f')).toEqual({
      ResultSet: {
        lpData: [{ lpServer: where, baseURI: where, service: 'adminArea', account: DEMO_ACCOUNT }],
      },
    });
    expect((await get(`${base}/nothing/baseURI.lpCsds?cb=f`)).status).toBe(404);
    expect((await get(`${at}/nobody/service/baseURI.lpCsds?cb=f`)).status).toBe(404);
  });

  it.each([
    '',
    'cb=',
    `cb=${'a'.repeat(65)}`,
    'cb=alert(1)',
    'cb=a-b',
    'cb=%3Cscript%3E',
    'cb=a&cb=b',
  ])('[SDK2] calls nothing but a function’s name: %s', async (query) => {
    const reply = await get(`${base}/baseURI.lpCsds?${query}`);
    expect([reply.status, reply.headers['content-type']]).toEqual([
      400,
      'application/json; charset=utf-8',
    ]);
  });
});

describe('the transport frames', () => {
  it.each([
    '/hcp/html/postmessage.min.html',
    '/hcp/html/lpsunco/postmessage.html',
    '/postmessage/postmessage.min.html',
  ])('[SDK3] %s is a page that runs its own script alone, and may be embedded', async (path) => {
    const { status, headers, text } = await get(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; connect-src 'self'");
    expect(policy).toContain('frame-ancestors *');
    expect(headers['x-frame-options']).toBeUndefined();
    expect(text).not.toMatch(/<script>|javascript:/);
    const [, script = ''] = /src="([^"]+)"/.exec(text) ?? [];
    const code = await get(script);
    expect([code.status, code.headers['content-type']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
    const again = await get(script, { 'if-none-match': String(code.headers.etag) });
    expect(again.status).toBe(304);
  });

  it('[SDK4] the server says which origins an account allows for visitors', async () => {
    const allowed = async (account: string, origin: string) => {
      const query = new URLSearchParams({ account, origin });
      return (await get(`/postmessage/origin?${query}`)).body;
    };
    expect(await allowed(DEMO_ACCOUNT, 'https://shop.example')).toEqual({ allowed: true });
    await server.configure({ visitorOrigins: ['https://shop.example'] });
    expect(await allowed(DEMO_ACCOUNT, 'https://shop.example')).toEqual({ allowed: true });
    expect(await allowed(DEMO_ACCOUNT, 'https://evil.example')).toEqual({ allowed: false });
    expect(await allowed('nobody', 'https://shop.example')).toEqual({ allowed: false });
    await server.configure({ visitorOrigins: ['*'] });
  });
});
