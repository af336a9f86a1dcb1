/** Origins of the subdomains of a site: what `https://*.example.com` stands for, and what never. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lists } from '@parley/configuration/origin-list';
import { ConfigurationFixture, type ApiRecord } from './configuration-fixture.js';

const SITE = ['https://*.example.com'];

describe('a wildcard', () => {
  it.each([
    'https://shop.example.com',
    'https://a.b.c.example.com',
    'https://xn--mnchen-3ya.example.com',
    'https://a_b.example.com',
  ])('[CORS6] stands for %s', (origin) => {
    expect(lists(SITE, origin)).toBe(true);
  });

  it.each([
    'https://example.com',
    'https://evilexample.com',
    'https://shop-example.com',
    'https://shop.example.com.evil.example',
    'https://shop.example.com:8443',
    'http://shop.example.com',
    'https://.example.com',
    'https://shop..example.com',
    'https://evil.example/.example.com',
    'https://evil.example#.example.com',
    'https://evil.example\\.example.com',
    'https://evil.example:1@shop.example.com',
    'https://evil.example?.example.com',
    'https://*.example.com.evil.example',
    'https://shop.EXAMPLE.com',
    'null',
    '*',
    '',
  ])('[CORS6] never stands for %s', (origin) => {
    expect(lists(SITE, origin)).toBe(false);
  });

  it('[CORS6] keeps scheme and port, and is nothing where it could stand for every site', () => {
    expect(lists(['http://*.shop.test:8080'], 'http://a.shop.test:8080')).toBe(true);
    expect(lists(['http://*.shop.test:8080'], 'http://a.shop.test')).toBe(false);
    for (const entry of [
      '*',
      'https://*',
      'https://*.com',
      'https://*.0.0.1',
      'https://a*.b.com',
    ]) {
      expect([entry, lists([entry], 'https://shop.com')]).toEqual([entry, false]);
      expect([entry, lists([entry], 'https://ab.b.com')]).toEqual([entry, false]);
      expect([entry, lists([entry], 'https://127.0.0.1')]).toEqual([entry, false]);
    }
  });
});

describe('lists of origins', () => {
  let fixture: ConfigurationFixture;
  beforeAll(async () => {
    fixture = await ConfigurationFixture.start();
  });
  afterAll(() => fixture.stop());

  const SETTINGS = '/configuration/settings';
  const set = (settings: object) => fixture.require('PUT', SETTINGS, settings);

  it('[CORS7] of visitors, of agents and of keys take wildcards and heed them', async () => {
    const wild = ['https://*.Example.com', 'https://desk.example.org'];
    const origins = ['https://*.example.com', 'https://desk.example.org'];
    expect(await set({ visitorOrigins: wild, agentOrigins: wild })).toMatchObject({
      visitorOrigins: origins,
      agentOrigins: origins,
    });
    const { server } = fixture.fixture;
    const key: ApiRecord = await fixture.require('POST', '/configuration/app-keys', {
      kind: 'visitor',
      origins: wild,
    });
    expect(key['origins']).toEqual(origins);
    const { cookie, csrf } = await server.login('agent1');
    const good = [
      'https://shop.example.com',
      'https://a.b.example.com',
      'https://desk.example.org',
    ];
    const bad = ['https://example.com', 'https://evilexample.com', 'http://shop.example.com'];
    for (const origin of [...good, ...bad]) {
      const headers = { origin };
      const allowed = good.includes(origin) ? origin : undefined;
      const appKey = String(key['key']);
      const visit = await server.call('GET', '/chat/availability', { appKey, headers });
      expect([origin, visit.status]).toEqual([origin, allowed === undefined ? 403 : 200]);
      expect(visit.headers['access-control-allow-origin']).toBe(allowed);
      expect(visit.headers['vary']).toContain('Origin');
      const credentials = allowed === undefined ? undefined : 'true';
      expect(visit.headers['access-control-allow-credentials']).toBe(credentials);
      const refresh = await server.call('POST', '/refresh', { cookie, headers, body: { csrf } });
      expect([origin, refresh.status]).toEqual([origin, allowed === undefined ? 403 : 200]);
      expect(refresh.headers['access-control-allow-origin']).toBe(allowed);
    }
  });

  it.each([
    ['https://*.com', '* stands for the subdomains of one site only'],
    ['https://*', '* stands for the subdomains of one site only'],
    ['https://shop.*.com', 'write https://*.example.com'],
    ['https://shop*.example.com', 'write https://*.example.com'],
    ['https://*.*.example.com', 'write https://*.example.com'],
    ['https://**.example.com', 'write https://*.example.com'],
    ['https://*.example.com/page', 'is no origin'],
    ['https://*.example.com:*', 'is no origin'],
    ['*.example.com', 'is no origin'],
  ])('[CORS8] do not take %s', async (origin, words) => {
    for (const field of ['visitorOrigins', 'agentOrigins']) {
      const [status, message] = await fixture.refused('PUT', SETTINGS, { [field]: [origin] });
      expect([status, message]).toEqual([400, expect.stringContaining(words)]);
      expect(message).toContain(`${field} "${origin}"`);
    }
    const key = { kind: 'visitor', origins: [origin] };
    expect((await fixture.refused('POST', '/configuration/app-keys', key))[0]).toBe(400);
  });
});
