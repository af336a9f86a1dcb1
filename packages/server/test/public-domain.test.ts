/** Links and proxies: where the server is, when it stands behind another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningClient } from './auth-client.js';
import { send, World } from './chat-world.js';
import { DEMO_VISITOR_KEY, linkAt } from './harness.js';

const KEY = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}` };
const HTTPS_PROXY = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };

const selfOf = async (world: World, headers: Readonly<Record<string, string>>) => {
  const { text } = await send('GET', world.base, { ...KEY, ...headers });
  return linkAt(JSON.parse(text), 'account.link', 'self');
};

describe('a public domain', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      publicDomain: 'chat.example.com:8443',
      trustedProxies: ['127.0.0.1'],
    });
  });
  afterAll(() => world.stop());

  it('[LINK7] decides every link, whatever host and scheme were used', async () => {
    const base = 'https://chat.example.com:8443/api/account/12345678';
    for (const headers of [
      {},
      { host: 'inner:8080' },
      { 'x-forwarded-host': 'other.example.com' },
    ]) {
      expect(await selfOf(world, headers)).toBe(base);
    }
    const chat = await send('POST', `${world.base}/chat/request`, KEY);
    expect(chat.headers.location).toMatch(/^https:\/\/chat\.example\.com:8443\/api\/account\//);
    const lookup = await send('GET', `${world.base}/service/agentVep/baseURI.json`);
    expect(lookup.text).toContain('"baseURI":"chat.example.com:8443"');
    expect((await send('GET', world.base, { ...KEY, host: 'a"b' })).status).toBe(400);
  });

  it('[LINK7, SIGN5] signed requests fit by the public domain, and as they were asked', async () => {
    const client = new SigningClient(world.clock);
    const path = '/api/account/12345678/agentSession?v=1';
    for (const origin of ['https://chat.example.com:8443', world.server.http]) {
      const authorization = client.sign('POST', origin + path);
      const reply = await send('POST', world.server.http + path, { authorization });
      expect([origin, reply.status]).toEqual([origin, 201]);
    }
    const authorization = client.sign('POST', `https://evil.example.com${path}`);
    expect((await send('POST', world.server.http + path, { authorization })).status).toBe(401);
  });
});

describe('the first request through a proxy', () => {
  const told = (world: World) =>
    world.server.log
      .split('\n')
      .filter((line) => line.includes('"fault"'))
      .map((line) => JSON.parse(line) as { fault: string; proxy: string; msg: string });

  it('[PROXY5] tells once that the proxy is not trusted, and what to do', async () => {
    const world = await World.start();
    for (let count = 0; count < 3; count += 1) await selfOf(world, HTTPS_PROXY);
    const [first, ...more] = told(world);
    expect([first?.fault, first?.proxy, more]).toEqual(['untrusted', '127.0.0.1', []]);
    expect(first?.msg).toContain('--trusted-proxies 127.0.0.1');
    await world.stop();
  });

  it('[PROXY5] tells of links that would be wrong, each fault once', async () => {
    const world = await World.start({ trustedProxies: ['127.0.0.1'] });
    await selfOf(world, { host: 'chat.example.com', ...HTTPS_PROXY });
    await selfOf(world, {});
    expect(told(world)).toEqual([]);
    for (let count = 0; count < 2; count += 1) {
      await selfOf(world, { host: 'chat.example.com', 'x-forwarded-for': '203.0.113.9' });
      await selfOf(world, HTTPS_PROXY);
      await selfOf(world, {
        ...HTTPS_PROXY,
        host: 'chat.example.com',
        forwarded: 'for=198.51.100.7',
      });
    }
    expect(told(world).map(({ fault }) => fault)).toEqual(['no-scheme', 'own-address', 'both']);
    await world.stop();
  });

  it('[PROXY5] tells nothing of links where the public domain decides them', async () => {
    const world = await World.start({
      trustedProxies: ['127.0.0.1'],
      publicDomain: 'chat.example.com',
    });
    await selfOf(world, { 'x-forwarded-for': '203.0.113.9' });
    expect(told(world)).toEqual([]);
    await world.stop();
  });
});
