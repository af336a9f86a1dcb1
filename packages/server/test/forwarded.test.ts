/** What proxies in the field send, and whom it is believed. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, Fixture } from './chat-fixture.js';
import { DEMO_VISITOR_KEY } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({
    trustedProxies: ['127.0.0.1', '10.0.0.0/8', '2001:db8:ffff::/48'],
  });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Asks for a chat; gives the visitor's address as it was recorded, and where links lead. */
async function seen(headers: Headers, of = fixture) {
  const key = { authorization: `LivePerson appKey=${DEMO_VISITOR_KEY}`, host: 'inner' };
  const all = { ...key, ...headers } as Record<string, string>;
  const { status, headers: answered } = await send('POST', `${of.base}/chat/request`, all);
  if (status !== 201) return { status };
  const location = answered.location ?? '';
  const { state } = await of.host();
  const ip = state.chats.get(location.split('/').pop() ?? '')?.visitor.ip;
  return { ip, origin: location.split('/api/', 1)[0] };
}

const address = async (headers: Headers) => (await seen(headers)).ip;
const origin = async (headers: Headers) => (await seen(headers)).origin;

describe('the address of a client', () => {
  it.each([
    ['nginx, HAProxy', '203.0.113.9', '203.0.113.9'],
    ['what a client made up before', '198.51.100.7, 203.0.113.9', '203.0.113.9'],
    ['two trusted proxies', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['Azure, IIS: with a port', '203.0.113.9:51234', '203.0.113.9'],
    ['IPv6', '2001:DB8::9', '2001:db8::9'],
    ['IPv6 in brackets', '[2001:db8::9]', '2001:db8::9'],
    ['IPv6 with a port', '[2001:db8::9]:51234', '2001:db8::9'],
    ['IPv6 with a zone', 'fe80::9%eth0', 'fe80::9'],
    ['IPv6 behind a trusted IPv6 proxy', '2001:db8::9, 2001:db8:ffff::1', '2001:db8::9'],
    ['IPv4 mapped into IPv6', '::ffff:203.0.113.9', '203.0.113.9'],
    ['the same in hex', '::ffff:cb00:7109', '203.0.113.9'],
    ['quoted', '"[2001:db8::9]:1"', '2001:db8::9'],
    ['untidy lists', ' ,203.0.113.9 ,, 10.1.2.3:80,', '203.0.113.9'],
    ['only trusted ones: the one that began', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['Squid, which hides it', 'unknown', '127.0.0.1'],
    ['one that is hidden behind a known one', 'unknown, 10.1.2.3', '10.1.2.3'],
    ['nothing that is an address', 'shop.example.com, 300.1.1.1', '127.0.0.1'],
  ])('[PROXY1] is read from X-Forwarded-For: %s', async (_, value, expected) => {
    expect(await address({ 'x-forwarded-for': value })).toBe(expected);
  });

  it('[PROXY1] is read from several lines as from one, and from X-Real-IP alone', async () => {
    const lines = ['198.51.100.7', '203.0.113.9', '10.1.2.3'];
    expect(await address({ 'x-forwarded-for': lines })).toBe('203.0.113.9');
    expect(await address({ 'x-real-ip': '203.0.113.9' })).toBe('203.0.113.9');
    const both = { 'x-real-ip': '198.51.100.7', 'x-forwarded-for': '203.0.113.9' };
    expect(await address(both)).toBe('203.0.113.9');
  });

  it.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['For="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['for=203.0.113.9;proto=https;by=203.0.113.43', '203.0.113.9'],
    ['for=198.51.100.7, for=203.0.113.9 ; by="a;b,c", for="10.1.2.3:_port"', '203.0.113.9'],
    ['for=unknown, for=10.1.2.3', '10.1.2.3'],
    ['for=_hidden', '127.0.0.1'],
    ['for="203.0.113.9', '127.0.0.1'],
    ['for=198.51.100.7" , for=203.0.113.9', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('[PROXY2] is read from Forwarded: %s', async (value, expected) => {
    expect(await address({ forwarded: value })).toBe(expected);
  });

  it('[PROXY2] is not read from a Forwarded that a client may have brought along', async () => {
    const forged = { forwarded: 'for=198.51.100.7;host=evil.example.com;proto=https' };
    const headers = { ...forged, 'x-forwarded-for': '203.0.113.9' };
    expect(await seen(headers)).toEqual({ ip: '203.0.113.9', origin: 'http://inner' });
    expect(await address({ ...forged, 'x-forwarded-proto': 'https' })).toBe('127.0.0.1');
  });

  it('[PROXY2] a long Forwarded is read or refused quickly', async () => {
    const long = `for=203.0.113.9${' \t'.repeat(3_000)}`;
    const before = performance.now();
    expect(await address({ forwarded: long })).toBe('203.0.113.9');
    expect(await address({ forwarded: `${long}x` })).toBe('127.0.0.1');
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('[PROXY3] is the connection’s for whoever is no trusted proxy', async () => {
    const direct = await Fixture.start({ trustedProxies: ['10.0.0.0/8'] });
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9;host=evil.example.com',
      'x-forwarded-host': 'evil.example.com',
      'x-forwarded-port': '8443',
      'x-forwarded-proto': 'https',
    };
    expect(await seen(headers, direct)).toEqual({ ip: '127.0.0.1', origin: 'http://inner' });
    await direct.stop();
  });
});

describe('scheme and host', () => {
  it.each<[string, Headers, string]>([
    ['Proto', { 'x-forwarded-proto': 'https' }, 'https://inner'],
    ['Proto in capitals', { 'x-forwarded-proto': 'HTTPS' }, 'https://inner'],
    ['Proto of a socket', { 'x-forwarded-proto': 'wss' }, 'https://inner'],
    ['a Proto that is none', { 'x-forwarded-proto': 'gopher' }, 'http://inner'],
    [
      'Scheme, with what shows a proxy',
      { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-scheme': 'https' },
      'https://inner',
    ],
    ['Ssl', { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-ssl': 'on' }, 'https://inner'],
    ['Host', { 'x-forwarded-host': 'chat.example.com:8443' }, 'http://chat.example.com:8443'],
    [
      'Host and Port',
      { 'x-forwarded-host': 'chat.example.com', 'x-forwarded-port': '8443' },
      'http://chat.example.com:8443',
    ],
    ['Port alone', { 'x-forwarded-port': '8080' }, 'http://inner:8080'],
    [
      'a Port beside one in Host',
      { 'x-forwarded-host': 'chat.example.com:1', 'x-forwarded-port': '2' },
      'http://chat.example.com:1',
    ],
    [
      'the scheme’s own Port',
      { 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      'https://inner',
    ],
    [
      'the Port of an inner proxy',
      { 'x-forwarded-proto': 'https', 'x-forwarded-port': '80' },
      'https://inner',
    ],
    ['a Port that is none', { 'x-forwarded-port': '99999' }, 'http://inner'],
    [
      'Forwarded',
      { forwarded: 'host="chat.example.com:8443";proto=https' },
      'https://chat.example.com:8443',
    ],
  ])('[PROXY4, LINK4] are read from %s', async (_, headers, expected) => {
    expect(await origin(headers)).toBe(expected);
  });

  it('[PROXY4] in lists are those of the first trusted proxy', async () => {
    const lists = {
      'x-forwarded-for': '203.0.113.9, 10.1.2.3',
      'x-forwarded-proto': 'gopher, https, http',
      'x-forwarded-host': 'evil.example.com, chat.example.com, inner.example.com',
    };
    expect(await origin(lists)).toBe('https://chat.example.com');
    const short = { ...lists, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example.com' };
    expect(await origin(short)).toBe('https://a.example.com');
    const standard =
      'for=1.1.1.1;host=evil;proto=http, for=203.0.113.9;host=chat.example.com;proto=https, for=10.1.2.3;host=inner;proto=http';
    expect(await origin({ forwarded: standard })).toBe('https://chat.example.com');
  });

  it('[PROXY4, LINK5] that are none are refused', async () => {
    expect(await seen({ 'x-forwarded-host': 'a b' })).toEqual({ status: 400 });
    expect(await seen({ forwarded: 'host="<script>"' })).toEqual({ status: 400 });
  });
});
