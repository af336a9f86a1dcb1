/** Wrong credentials that are many, keys for some origins only, and what an unknown user costs. */
import { verify } from '@node-rs/argon2';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HASH_OF_NOBODY } from '@parley/configuration/secrets/password';
import { networkOf } from '../src/http/network.js';
import { WRONG_PER_MINUTE, WrongCredentials } from '../src/auth/wrong-credentials.js';
import { SigningClient } from './auth-client.js';
import { send, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, DEMO_PASSWORD, DEMO_VISITOR_KEY } from './harness.js';

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return { ...real, verify: vi.fn(real.verify) };
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('a login', () => {
  it.each([
    ['an unknown user', { username: 'nobody', password: 'not the password' }],
    ['a user without a password', { username: 'bot1', password: 'not the password' }],
  ])('[LOGIN8] of %s has the same work done as one with a wrong password', async (_, body) => {
    const record = await fixture.host();
    expect(record).toBeDefined();
    await fixture.changeUser(103, { passwordHash: null });
    const checked = vi.mocked(verify);
    const work = async (login: { username: string; password: string }) => {
      checked.mockClear();
      expect((await fixture.server.call('POST', '/login', { body: login })).status).toBe(401);
      return checked.mock.calls.map(([hash, password]) => [String(hash), password]);
    };
    const { accounts } = fixture.server.running.server;
    const known = accounts.loaded(DEMO_ACCOUNT)?.setup.userByLogin.get('agent1')?.passwordHash;
    const { password } = body;
    expect(await work({ username: 'agent1', password })).toEqual([[known, password]]);
    expect(await work(body)).toEqual([[HASH_OF_NOBODY, password]]);
  });
});

describe('wrong credentials', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('[AUTH20] that are many get 429 with Retry-After; good ones of the same address go on', async () => {
    const { wrongCredentials } = fixture.server.running.server;
    const now = fixture.clock.elapsed();
    for (let count = 0; count < WRONG_PER_MINUTE; count += 1) {
      expect(wrongCredentials.count('203.0.113.7', now)).toBe(0);
    }
    const { bearer } = await fixture.login('agent1');
    const signed = new SigningClient(fixture.clock);
    const forged = new SigningClient(fixture.clock, {
      appKey: 'x',
      secret: 'x',
      accessToken: 'x',
      accessTokenSecret: 'x',
    });
    const opening = `${fixture.base}/agentSession?NC=true`;
    const visiting = `${fixture.base}/chat/availability`;
    const calls = {
      bearer: ['POST', opening, `Bearer ${bearer}`, 'Bearer wrong'],
      signature: ['POST', opening, signed.sign('POST', opening), forged.sign('POST', opening)],
      appKey: ['GET', visiting, `LivePerson appKey=${DEMO_VISITOR_KEY}`, 'LivePerson appKey=no'],
    } as const;
    for (const [method, url, good, wrong] of Object.values(calls)) {
      const refused = await send(method, url, { ...from('203.0.113.7'), authorization: wrong });
      expect([refused.status, at(JSON.parse(refused.text), 'error.internalCode')]).toEqual([
        429, 1601,
      ]);
      expect(refused.headers['retry-after']).toBe('60');
      const elsewhere = await send(method, url, { ...from('203.0.113.8'), authorization: wrong });
      expect(elsewhere.status).toBe(401);
      const taken = await send(method, url, { ...from('203.0.113.7'), authorization: good });
      expect([200, 201]).toContain(taken.status);
    }
    fixture.clock.advance(60_000);
    const later = await send('POST', opening, {
      ...from('203.0.113.7'),
      authorization: 'Bearer wrong',
    });
    expect(later.status).toBe(401);
  });

  it('[AUTH20] are counted in bounded memory', () => {
    const counter = new WrongCredentials(1);
    expect([counter.count('first', 0), counter.count('first', 1)]).toEqual([0, 59_999]);
    for (let index = 0; index < 10_000; index += 1) counter.count(`address ${index}`, 2);
    // The oldest count made room.
    expect(counter.count('first', 3)).toBe(0);
    expect(counter.count('address 9999', 4)).toBeGreaterThan(0);
  });

  it('[AUTH21] a network of 64 bits counts as one address', () => {
    const network = '2001:db8:0:7::/64';
    for (const address of ['2001:db8:0:7::1', '2001:0db8::7:ffff:1:2:3', '2001:DB8:0:7:1:2:3:4']) {
      expect(networkOf(address)).toBe(network);
    }
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(networkOf('64:ff9b::192.0.2.33')).toBe('64:ff9b:0:0::/64');
    expect(networkOf('1:2:3:4:5:6:192.0.2.33')).toBe('1:2:3:4::/64');
    expect(networkOf('192.0.2.33')).toBe('192.0.2.33');
    expect(networkOf('')).toBe('');
  });

  it('[AUTH21] guessing passwords from one network is throttled as from one address', async () => {
    const guesser = await Fixture.start({
      throttle: { perNetwork: 1 },
      trustedProxies: ['127.0.0.1'],
    });
    try {
      const login = (address: string, username: string, password: string) =>
        guesser.server.call('POST', '/login', {
          body: { username, password },
          headers: from(address),
        });
      for (const host of [1, 2]) {
        expect((await login(`2001:db8::${host}`, `u${host}`, 'wrong one')).status).toBe(401);
      }
      expect((await login('2001:db8::3', 'agent1', DEMO_PASSWORD)).status).toBe(429);
      expect((await login('2001:db8:0:1::3', 'agent1', DEMO_PASSWORD)).status).toBe(200);
    } finally {
      await guesser.stop();
    }
  });
});

describe('a visitors’ key for some origins', () => {
  const KEY = 'for-the-shop';
  beforeAll(async () => {
    await fixture.add('appKey', {
      kind: 'visitor',
      key: KEY,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      userId: null,
      trusted: false,
      origins: ['https://shop.example.com'],
    });
  });
  const ask = (headers: Readonly<Record<string, string>>, query = '') =>
    send('GET', `${fixture.base}/chat/availability${query}`, headers);
  const header = { authorization: `LivePerson appKey=${KEY}` };

  it('[AUTH22] serves pages of those, and what is no page', async () => {
    expect((await ask({ ...header, origin: 'https://shop.example.com' })).status).toBe(200);
    expect((await ask(header)).status).toBe(200);
  });

  it.each([
    'https://evil.example',
    'http://shop.example.com',
    'https://shop.example.com.evil.example',
    'null',
  ])('[AUTH22] refuses pages of %s: 403, which they may read', async (origin) => {
    for (const reply of [
      await ask({ ...header, origin }),
      await ask({ origin }, `?appKey=${KEY}`),
    ]) {
      expect([reply.status, at(JSON.parse(reply.text), 'error.internalCode')]).toEqual([403, 1202]);
      expect(at(JSON.parse(reply.text), 'error.message')).toContain(origin);
      expect(reply.headers['access-control-allow-origin']).toBe('*');
    }
  });

  it('[AUTH22] does nothing for a page it refuses', async () => {
    const headers = { ...header, origin: 'https://evil.example' };
    const reply = await send('POST', `${fixture.base}/chat/request`, headers, '{"request":{}}');
    expect(reply.status).toBe(403);
    expect((await fixture.host()).state.chats.size).toBe(0);
  });
});
