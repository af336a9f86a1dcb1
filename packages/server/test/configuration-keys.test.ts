import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, type ApiRecord, USERS } from './configuration-fixture.js';
import type { Reply } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const KEYS = '/configuration/app-keys';
const BOT = 103;

const newKey = (fields: Readonly<Record<string, unknown>>) => fixture.require('POST', KEYS, fields);

function login(key: ApiRecord, username = 'bot1'): Promise<Reply> {
  const { key: appKey, secret, accessToken, accessTokenSecret } = key;
  const body = { username, appKey, secret, accessToken, accessTokenSecret };
  return fixture.fixture.server.call('POST', '/login?v=1.3', { body });
}

describe('an app key', () => {
  it('[CFG60] for a bot shows its secrets once, and logs the bot in', async () => {
    const key = await newKey({ kind: 'agent', userId: BOT, name: 'the bot' });
    expect(key).toEqual({
      id: expect.any(Number),
      kind: 'agent',
      name: 'the bot',
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      userId: BOT,
      form: 'tokens',
      origins: [],
      trusted: false,
      created: '2024-07-01T12:00:00.000+00:00',
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      accessToken: expect.stringMatching(/^[0-9a-f]{32}$/),
      accessTokenSecret: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await login(key)).status).toBe(200);
    const { secret, accessToken, accessTokenSecret, ...listed } = key;
    expect(await fixture.require('GET', `${KEYS}/${key.id}`)).toEqual(listed);
    const shown = [
      await fixture.call('GET', KEYS),
      await fixture.call('PUT', `${KEYS}/${key.id}`, { name: 'renamed' }),
      await fixture.call('GET', '/configuration/audit'),
    ];
    const text = shown.map((reply) => reply.text).join() + fixture.fixture.server.log;
    for (const hidden of [secret, accessToken, accessTokenSecret]) {
      expect(text).not.toContain(hidden);
    }
  });

  it('[CFG60] as an OAuth 2 client has a secret only', async () => {
    const key = await newKey({ kind: 'agent', userId: BOT, form: 'client' });
    expect(key).not.toHaveProperty('accessToken');
    const placeholders = { ...key, accessToken: 'any', accessTokenSecret: 'thing' };
    expect((await login(placeholders)).status).toBe(200);
    const server = await newKey({ kind: 'server', userId: BOT });
    expect(server).toMatchObject({ kind: 'server', form: 'client', secret: expect.any(String) });
  });

  it('[CFG60] for visitors has none, and opens the visitors’ side', async () => {
    const key = await newKey({
      kind: 'visitor',
      name: 'shop',
      trusted: true,
      origins: ['https://shop.example.com'],
    });
    expect(key).toMatchObject({
      form: 'public',
      trusted: true,
      origins: ['https://shop.example.com'],
    });
    expect(key).not.toHaveProperty('secret');
    const ask = () =>
      fixture.fixture.server.call('GET', '/chat/availability', { appKey: String(key['key']) });
    expect((await ask()).status).toBe(200);
    await fixture.require('DELETE', `${KEYS}/${key.id}`);
    expect((await ask()).status).toBe(401);
  });

  it('[CFG63] for visitors may be given its value, as pages have it already; it is answered as given, and that it is no secret', async () => {
    // In the form that the original's documentation prints for everybody.
    const value = '0123456789abcdef0123456789abcdef';
    const key = await newKey({ kind: 'visitor', key: value, name: 'the old pages' });
    expect(key).toMatchObject({ kind: 'visitor', key: value, form: 'public', trusted: false });
    expect(key['notice']).toContain('no secret');
    expect(key).not.toHaveProperty('secret');
    const ask = (appKey: string) =>
      fixture.fixture.server.call('GET', '/chat/availability', { appKey });
    expect((await ask(value)).status).toBe(200);
    expect((await ask(value.toUpperCase())).status).toBe(401);
    expect(await fixture.require('GET', `${KEYS}/${key.id}`)).toMatchObject({ key: value });
    // Of two keys with one value nobody could say which was meant.
    expect(await fixture.refused('POST', KEYS, { kind: 'visitor', key: value })).toEqual([
      409,
      expect.stringContaining(`There is an app key ${value} already, its id is ${key.id}`),
    ]);
    const { key: bots } = await newKey({ kind: 'agent', userId: BOT });
    expect((await fixture.refused('POST', KEYS, { kind: 'visitor', key: bots }))[0]).toBe(409);
    // Sent back as it was read it changes nothing; another value is another key.
    expect(await fixture.require('PUT', `${KEYS}/${key.id}`, { key: value })).toMatchObject({
      key: value,
    });
    const path = `${KEYS}/${key.id}`;
    expect(await fixture.refused('PUT', path, { key: 'another value' })).toEqual([
      400,
      expect.stringContaining('key of a key cannot be changed'),
    ]);
    expect(await fixture.refused('PUT', path, { trusted: true })).toEqual([
      400,
      expect.stringContaining('cannot be trusted'),
    ]);
    await fixture.require('DELETE', path);
    expect((await ask(value)).status).toBe(401);
    await newKey({ kind: 'visitor', key: value });
    expect((await ask(value)).status).toBe(200);
    expect((await newKey({ kind: 'visitor' }))['notice']).toContain('no secret');
  });

  it.each([
    [{ kind: 'visitor', key: 'short' }, 'key "short" must be 8 to 128'],
    [{ kind: 'visitor', key: 'x'.repeat(129) }, 'key must be at most 128'],
    [{ kind: 'visitor', key: 'with a space' }, 'key "with a space"'],
    [{ kind: 'visitor', key: 'quote"quote"' }, 'key "quote'],
    [{ kind: 'visitor', key: 'comma,comma' }, 'key "comma,comma"'],
    [{ kind: 'visitor', key: 'grüße-grüße' }, 'key "grüße'],
    [{ kind: 'visitor', key: '-begins-so' }, 'begin with a letter or digit'],
    [{ kind: 'visitor', key: 'known-value', trusted: true }, 'cannot be trusted'],
    [
      { kind: 'agent', userId: BOT, key: 'known-value' },
      "visitors' keys only: a key of kind agent",
    ],
    [{ kind: 'server', userId: BOT, key: 'known-value' }, 'key and secrets are made here'],
  ])(
    '[CFG63] is not given a value that is none, nor for other kinds: %j',
    async (fields, words) => {
      expect(await fixture.refused('POST', KEYS, fields)).toEqual([
        400,
        expect.stringContaining(words),
      ]);
    },
  );

  it.each([
    [{}, 'kind is required'],
    [{ kind: 'master' }, 'kind must be one of visitor, agent, server'],
    [{ kind: 'agent' }, 'userId is required'],
    [{ kind: 'server' }, 'userId is required'],
    [{ kind: 'agent', userId: 9999 }, '9999'],
    [{ kind: 'agent', userId: BOT, trusted: true }, 'trusted belongs to visitor keys'],
    [{ kind: 'visitor', userId: BOT }, 'userId belongs to agent and server keys'],
    [{ kind: 'visitor', form: 'client' }, 'form belongs to agent and server keys'],
    [{ kind: 'visitor', origins: ['shop.example.com'] }, 'origins "shop.example.com"'],
    [{ kind: 'visitor', origins: ['https://shop.example.com/page'] }, 'without a path'],
    [{ kind: 'visitor', origins: ['*'] }, 'origins "*"'],
    [{ kind: 'visitor', origins: ['javascript:alert(1)'] }, 'origins "javascript'],
    [{ kind: 'visitor', name: 'x'.repeat(101) }, 'name must be at most 100'],
  ])('[CFG61] is not made of %j', async (fields, words) => {
    expect(await fixture.refused('POST', KEYS, fields)).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  it('[CFG61] changes its name, origins and trust, and nothing else', async () => {
    const key = await newKey({ kind: 'visitor', name: 'before' });
    const origins = ['https://a.example.com', 'http://localhost:3000'];
    expect(
      await fixture.require('PUT', `${KEYS}/${key.id}`, { name: 'after', origins, trusted: true }),
    ).toMatchObject({ name: 'after', origins, trusted: true, key: key['key'] });
    const bot = await newKey({ kind: 'agent', userId: BOT });
    for (const fields of [{ kind: 'visitor' }, { userId: 101 }, { form: 'client' }]) {
      expect((await fixture.refused('PUT', `${KEYS}/${bot.id}`, fields))[0]).toBe(400);
    }
    expect((await fixture.refused('PUT', `${KEYS}/${bot.id}`, { trusted: true }))[0]).toBe(400);
    expect(
      await fixture.require('PUT', `${KEYS}/${bot.id}`, {
        kind: 'agent',
        userId: BOT,
        form: 'tokens',
      }),
    ).toMatchObject({ form: 'tokens' });
  });

  it('[CFG62] that is rotated has new secrets; the old ones and their logins are void', async () => {
    const old = await newKey({ kind: 'agent', userId: BOT });
    const { bearer } = (await login(old)).body as { bearer: string };
    fixture.fixture.clock.advance(1000);
    const made = await fixture.require('POST', `${KEYS}/${old.id}/rotate`);
    expect(made).toMatchObject({ id: old.id, key: old['key'] });
    for (const secret of ['secret', 'accessToken', 'accessTokenSecret']) {
      expect(made[secret]).not.toBe(old[secret]);
    }
    expect((await login(old)).status).toBe(401);
    const mine = await fixture.fixture.server.call('GET', `${USERS}/${BOT}`, { bearer });
    expect(mine.status).toBe(401);
    fixture.fixture.clock.advance(1000);
    expect((await login(made)).status).toBe(200);
    const visitor = await newKey({ kind: 'visitor' });
    expect((await fixture.refused('POST', `${KEYS}/${visitor.id}/rotate`))[0]).toBe(409);
    expect((await fixture.refused('POST', `${KEYS}/9999/rotate`))[0]).toBe(404);
  });

  it('[CFG62] that is revoked ends what was opened with it', async () => {
    const key = await newKey({ kind: 'agent', userId: BOT });
    const { bearer } = (await login(key)).body as { bearer: string };
    fixture.fixture.clock.advance(1000);
    await fixture.require('DELETE', `${KEYS}/${key.id}`);
    const mine = await fixture.fixture.server.call('GET', `${USERS}/${BOT}`, { bearer });
    expect(mine.status).toBe(401);
    expect((await login(key)).status).toBe(401);
    expect((await fixture.refused('DELETE', `${KEYS}/${key.id}`))[0]).toBe(404);
    const { store } = fixture.fixture.server.running.server;
    const account = fixture.fixture.base.slice(fixture.fixture.base.lastIndexOf('/') + 1);
    const { items } = await store.config.list(account, 'appKey', { includeDeleted: true });
    const kept = items.find(({ id }) => id === key.id);
    expect(JSON.parse(kept?.data ?? '')).toMatchObject({ secretHash: null, sealedSecret: null });
  });

  it('[CFG62] is changed at the revision that If-Match names', async () => {
    const key = await newKey({ kind: 'visitor' });
    const stale = await fixture.call('DELETE', `${KEYS}/${key.id}`, undefined, { ifMatch: '"1"' });
    expect(stale.status).toBe(412);
    const now = String(await fixture.revision(KEYS));
    const fresh = await fixture.call('DELETE', `${KEYS}/${key.id}`, undefined, { ifMatch: now });
    expect(fresh.status).toBe(200);
  });
});
