/** Links and proxies: where the server is, when it stands behind another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningClient } from './auth-client.js';
import { send, Fixture } from './chat-fixture.js';
import { DEMO_VISITOR_KEY, linkAt } from './harness.js';

const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
const HTTPS_PROXY = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };

const selfOf = async (fixture: Fixture, headers: Readonly<Record<string, string>>) => {
  const { text } = await send('GET', fixture.base, { ...KEY, ...headers });
  return linkAt(JSON.parse(text), 'account.link', 'self');
};

describe('a public domain', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({
      publicDomain: 'chat.example.com:8443',
      trustedProxies: ['127.0.0.1'],
    });
  });
  afterAll(() => fixture.stop());

  it('[LINK7] decides every link, whatever host and scheme were used', async () => {
    const base = 'https://chat.example.com:8443/api/account/12345678';
    for (const headers of [
      {},
      { host: 'inner:8080' },
      { 'x-forwarded-host': 'other.example.com' },
    ]) {
      expect(await selfOf(fixture, headers)).toBe(base);
    }
    const chat = await send('POST', `${fixture.base}/chat/request`, KEY);
    expect(chat.headers.location).toMatch(/^https:\/\/chat\.example\.com:8443\/api\/account\//);
    const lookup = await send('GET', `${fixture.base}/service/agentVep/baseURI.json`);
    expect(lookup.text).toContain('"baseURI":"chat.example.com:8443"');
    expect((await send('GET', fixture.base, { ...KEY, host: 'a"b' })).status).toBe(400);
  });

  it('[LINK7, SIGN5] signed requests fit by the public domain, and as they were asked', async () => {
    const client = new SigningClient(fixture.clock);
    const path = '/api/account/12345678/agentSession?v=1';
    for (const origin of ['https://chat.example.com:8443', fixture.server.http]) {
      const authorization = client.sign('POST', origin + path);
      const reply = await send('POST', fixture.server.http + path, { authorization });
      expect([origin, reply.status]).toEqual([origin, 201]);
    }
    const authorization = client.sign('POST', `https://evil.example.com${path}`);
    expect((await send('POST', fixture.server.http + path, { authorization })).status).toBe(401);
  });
});

describe('the first request through a proxy', () => {
  const warnings = (fixture: Fixture) =>
    fixture.server.log
      .split('\n')
      .filter((line) => line.includes('"fault"'))
      .map((line) => JSON.parse(line) as { fault: string; proxy: string; msg: string });

  it('[PROXY5] warns once that the proxy is not trusted, and what to do', async () => {
    const fixture = await Fixture.start();
    for (let count = 0; count < 3; count += 1) await selfOf(fixture, HTTPS_PROXY);
    const [first, ...more] = warnings(fixture);
    expect([first?.fault, first?.proxy, more]).toEqual(['untrusted', '127.0.0.1', []]);
    expect(first?.msg).toContain('--trusted-proxies 127.0.0.1');
    await fixture.stop();
  });

  it('[PROXY5] warns of links that would be wrong, each fault once', async () => {
    const fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
    await selfOf(fixture, { host: 'chat.example.com', ...HTTPS_PROXY });
    await selfOf(fixture, {});
    expect(warnings(fixture)).toEqual([]);
    for (let count = 0; count < 2; count += 1) {
      await selfOf(fixture, { host: 'chat.example.com', 'x-forwarded-for': '203.0.113.9' });
      await selfOf(fixture, HTTPS_PROXY);
      await selfOf(fixture, {
        ...HTTPS_PROXY,
        host: 'chat.example.com',
        forwarded: 'for=198.51.100.7',
      });
    }
    expect(warnings(fixture).map(({ fault }) => fault)).toEqual([
      'no-scheme',
      'own-address',
      'both',
    ]);
    await fixture.stop();
  });

  it('[PROXY5] warns of no links where the public domain decides them', async () => {
    const fixture = await Fixture.start({
      trustedProxies: ['127.0.0.1'],
      publicDomain: 'chat.example.com',
    });
    await selfOf(fixture, { 'x-forwarded-for': '203.0.113.9' });
    expect(warnings(fixture)).toEqual([]);
    await fixture.stop();
  });
});
