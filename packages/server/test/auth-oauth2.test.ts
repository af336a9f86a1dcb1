/** OAuth 2: an app key and its secret for a short-lived bearer (rules OAUTH…, RFC 6749). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newClientToken } from '../src/auth/client-token.js';
import { hashToken } from '@parley/configuration/secrets/tokens';
import type { NewRecord } from '@parley/configuration/records/records';
import { replacement } from '@parley/configuration/records/record-changes';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '../src/index.js';
import { Fixture } from './chat-fixture.js';
import {
  at,
  type CallOptions,
  DEMO_ACCOUNT,
  DEMO_VISITOR_KEY,
  FakeClock,
  type Reply,
  startTestServer,
  textAt,
  UNTHROTTLED,
} from './harness.js';

const HOUR = 60 * 60_000;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const { appKey: id, secret } = DEMO_BOT_CLIENT;
const GRANT = { grant_type: 'client_credentials' };
const CLIENT = { client_id: id, client_secret: secret };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const form = (fields: Readonly<Record<string, string>>): CallOptions => ({
  body: new URLSearchParams(fields).toString(),
  headers: FORM,
});
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function ask(options: CallOptions): Promise<Reply> {
  return fixture.server.call('POST', '/oauth2/token', options);
}

async function bearerOf(
  fields: Readonly<Record<string, string>> = { ...GRANT, ...CLIENT },
): Promise<string> {
  return textAt((await ask(form(fields))).body, 'access_token');
}

function openSession(bearer: string, query = '?v=1&NC=true'): Promise<Reply> {
  return fixture.server.call('POST', `/agentSession${query}`, { bearer });
}

/** What RFC 6749, 5.2 has of an error. */
const errorOf = ({ status, body }: Reply) => [status, at(body, 'error')];

/** Adds a key for a user; gives its record's id. */
async function addKey(key: string, more: Partial<NewRecord<'appKey'>> = {}): Promise<number> {
  return fixture.add('appKey', {
    kind: 'server',
    key,
    secretHash: hashToken('a secret'),
    accessToken: null,
    accessTokenSecretHash: null,
    userId: 103,
    trusted: false,
    ...more,
  });
}

describe('the token resource', () => {
  it.each([
    ['a form', form({ ...GRANT, ...CLIENT })],
    ['JSON', { body: { ...GRANT, ...CLIENT } }],
    ['a form without a type', { body: new URLSearchParams({ ...GRANT, ...CLIENT }).toString() }],
    [
      'Basic',
      { body: 'grant_type=client_credentials', headers: { authorization: basic(id, secret) } },
    ],
    [
      'Basic and the id in the form',
      {
        ...form({ ...GRANT, client_id: id }),
        headers: { ...FORM, authorization: basic(id, secret) },
      },
    ],
    ['a scope, which is ignored', form({ ...GRANT, ...CLIENT, scope: 'chat' })],
  ] as const)('[OAUTH1] gives a bearer for an hour, asked with %s', async (_, options) => {
    const reply = await ask(options);
    expect([reply.status, reply.body]).toEqual([
      200,
      { access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 },
    ]);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    });
    expect((await openSession(textAt(reply.body, 'access_token'))).status).toBe(201);
  });

  it('[OAUTH1] reads id and secret of Basic encoded as in a form', async () => {
    await addKey('a key:+%');
    const authorization = basic('a+key%3A%2B%25', 'a%20secret');
    const reply = await ask({ ...form(GRANT), headers: { ...FORM, authorization } });
    expect(reply.status).toBe(200);
  });

  it('[OAUTH1] answers JSON, whatever is accepted', async () => {
    const reply = await ask({
      ...form({ ...GRANT, ...CLIENT }),
      headers: { ...FORM, accept: 'application/xml' },
    });
    expect([reply.status, reply.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
  });

  it('[OAUTH2] takes keys of kind agent, with tokens too, and server', async () => {
    await addKey('server-key');
    const clients = [
      [DEMO_BOT_KEY.appKey, DEMO_BOT_KEY.secret],
      ['server-key', 'a secret'],
    ] as const;
    for (const [client_id, client_secret] of clients) {
      expect((await ask(form({ ...GRANT, client_id, client_secret }))).status).toBe(200);
    }
  });

  it.each([
    ['no grant', form(CLIENT), [400, 'invalid_request'], 'grant_type'],
    ['an empty grant', form({ grant_type: '', ...CLIENT }), [400, 'invalid_request'], 'grant_type'],
    [
      'another grant',
      form({ grant_type: 'password', ...CLIENT }),
      [400, 'unsupported_grant_type'],
      'got "password"',
    ],
    ['no client', form(GRANT), [401, 'invalid_client'], 'missing'],
    ['no secret', form({ ...GRANT, client_id: id }), [401, 'invalid_client'], 'missing'],
    ['nothing', {}, [400, 'invalid_request'], 'grant_type'],
    [
      'a field twice',
      { body: 'grant_type=client_credentials&grant_type=x', headers: FORM },
      [400, 'invalid_request'],
      'grant_type is given twice',
    ],
    ['malformed JSON', { body: '{"grant_type":' }, [400, 'invalid_request'], 'line'],
    [
      'a field of another type',
      { body: { ...GRANT, client_id: 7, client_secret: [] } },
      [400, 'invalid_request'],
      'client_secret',
    ],
    [
      'another scheme',
      { ...form(GRANT), headers: { ...FORM, authorization: 'Bearer x' } },
      [400, 'invalid_request'],
      '"Basic"',
    ],
    [
      'Basic that is none',
      { ...form(GRANT), headers: { ...FORM, authorization: 'Basic eA==' } },
      [400, 'invalid_request'],
      '"Basic"',
    ],
    [
      'the client twice',
      { ...form({ ...GRANT, ...CLIENT }), headers: { ...FORM, authorization: basic(id, secret) } },
      [400, 'invalid_request'],
      'named twice',
    ],
    [
      'another client beside',
      {
        ...form({ ...GRANT, client_id: 'x' }),
        headers: { ...FORM, authorization: basic(id, secret) },
      },
      [400, 'invalid_request'],
      'named twice',
    ],
  ] as const)(
    '[OAUTH3] refuses %s as RFC 6749 says, with the reason',
    async (_, options, error, why) => {
      const reply = await ask(options);
      expect(errorOf(reply)).toEqual(error);
      expect(at(reply.body, 'error_description')).toContain(why);
      expect(reply.text).not.toContain(secret);
    },
  );

  it('[OAUTH3] reads nothing from the address', async () => {
    const query = new URLSearchParams({ ...GRANT, ...CLIENT });
    const reply = await fixture.server.call('POST', `/oauth2/token?${query}`);
    expect(errorOf(reply)).toEqual([400, 'invalid_request']);
  });

  it('[OAUTH4] answers the same to an unknown key, a wrong secret, a visitor’s key and a disabled user', async () => {
    await fixture.changeUser(104, { enabled: false });
    await addKey('of-manager1', { userId: 104 });
    const clients = [
      ['no-such-key', 'x'],
      [id, 'wrong'],
      [id, ''],
      [DEMO_VISITOR_KEY, ''],
      ['of-manager1', 'a secret'],
    ] as const;
    const replies = await Promise.all(
      clients.map(([user, password]) =>
        ask({ ...form(GRANT), headers: { ...FORM, authorization: basic(user, password) } }),
      ),
    );
    await fixture.changeUser(104, { enabled: true });
    for (const reply of replies) {
      expect(errorOf(reply)).toEqual([401, 'invalid_client']);
      expect(reply.headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  });

  it('[OAUTH4] gives no bearer for a key that names no user', async () => {
    await addKey('nobodys', { userId: null });
    const client = { client_id: 'nobodys', client_secret: 'a secret' };
    expect(errorOf(await ask(form({ ...GRANT, ...client })))).toEqual([400, 'unauthorized_client']);
  });

  it('[OAUTH5] slows wrong secrets down where they come from; a right one is never held up', async () => {
    const server = await startTestServer({
      throttle: { perKeyAndNetwork: 3 },
      trustedProxies: ['127.0.0.1'],
    });
    try {
      const asking = (client_id: string, client_secret: string, from = '203.0.113.7') => {
        const { body, headers } = form({ ...GRANT, client_id, client_secret });
        return server.call('POST', '/oauth2/token', {
          body,
          headers: { ...headers, 'x-forwarded-for': from },
        });
      };
      // The fourth is the one that comes from time to time.
      for (let tries = 0; tries < 4; tries += 1) {
        expect(errorOf(await asking(id, 'wrong'))).toEqual([401, 'invalid_client']);
        expect(errorOf(await asking('no such key', 'wrong'))).toEqual([401, 'invalid_client']);
      }
      for (const name of [id, 'no such key']) {
        const refused = await asking(name, 'wrong');
        expect(errorOf(refused)).toEqual([429, 'temporarily_unavailable']);
        expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(5);
      }
      expect((await asking(id, 'wrong', '203.0.113.8')).status).toBe(401);
      for (const from of ['203.0.113.7', '203.0.113.8']) {
        expect((await asking(id, secret, from)).status).toBe(200);
      }
      expect((await server.call('POST', '/login', { body: DEMO_BOT_CLIENT })).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe('such a bearer', () => {
  it('[OAUTH6] acts for the key’s user, wherever a login’s does', async () => {
    const bearer = await bearerOf();
    const opened = await openSession(bearer);
    const session = opened.headers.location ?? '';
    const info = await fixture.server.call('GET', `${session}/info`, { bearer });
    expect(at(info.body, 'info.loginName')).toBe('bot1');
    const agent = await fixture.agent('agent1');
    expect((await fixture.server.call('GET', agent.uri, { bearer })).status).toBe(404);
    const guarded = await openSession(bearer, '?v=1');
    expect(guarded.headers['set-cookie']).toHaveLength(1);
    const bare = await fixture.server.call('GET', guarded.headers.location ?? '', { bearer });
    expect([bare.status, at(bare.body, 'error.internalCode')]).toEqual([401, 1101]);
  });

  it('[OAUTH6] may do what its user may: an administrator’s reads the configuration', async () => {
    await addKey('of-admin1', { userId: 105 });
    const admin = { client_id: 'of-admin1', client_secret: 'a secret' };
    const read = (bearer: string) =>
      fixture.server.call('GET', '/configuration/le-users/users', { bearer });
    expect((await read(await bearerOf({ ...GRANT, ...admin }))).status).toBe(200);
    expect((await read(await bearerOf())).status).toBe(403);
  });

  it('[OAUTH6] is another one each time, and none is kept', async () => {
    const [one, two] = [await bearerOf(), await bearerOf()];
    expect(one).not.toBe(two);
    expect([(await openSession(one)).status, (await openSession(two)).status]).toEqual([201, 201]);
  });

  it('[OAUTH6] has no login to refresh or to end', async () => {
    const bearer = await bearerOf();
    const reply = await fixture.server.call('POST', '/logout', { bearer, body: { csrf: 'x' } });
    expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([401, 10]);
    expect((await openSession(bearer)).status).toBe(201);
  });

  it('[OAUTH7] ends after an hour', async () => {
    const bearer = await bearerOf();
    fixture.clock.advance(HOUR - 1);
    expect((await openSession(bearer)).status).toBe(201);
    fixture.clock.advance(1);
    expect((await openSession(bearer)).status).toBe(401);
  });

  it('[OAUTH7] outlives a restart', async () => {
    let server = await startTestServer({ clock: new FakeClock() });
    try {
      const given = await server.call('POST', '/oauth2/token', form({ ...GRANT, ...CLIENT }));
      const bearer = textAt(given.body, 'access_token');
      server = await server.restart();
      const reply = await server.call('POST', '/agentSession?NC=true', { bearer });
      expect(reply.status).toBe(201);
    } finally {
      await server.stop();
    }
  });

  it('[OAUTH8] with anything changed is worth nothing', async () => {
    const bearer = await bearerOf();
    const parts = bearer.split('.');
    const other = Buffer.from(DEMO_BOT_KEY.appKey).toString('base64url');
    const later = (fixture.clock.now() + HOUR).toString(36);
    const changes = [
      [1, other],
      [2, later],
      [3, 'A'.repeat(43)],
      [4, 'A'.repeat(43)],
    ] as const;
    for (const [index, value] of changes) {
      expect((await openSession(parts.with(index, value).join('.'))).status).toBe(401);
    }
    for (const wrong of [
      `${bearer}x`,
      parts.slice(0, 4).join('.'),
      'client....',
      'client.a.b.c.d',
    ]) {
      expect((await openSession(wrong)).status).toBe(401);
    }
    expect((await openSession(bearer)).status).toBe(201);
  });

  it('[OAUTH8] is good for its account only', async () => {
    const { store, accounts, secrets } = fixture.server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 0 });
    const setup = accounts.loaded(DEMO_ACCOUNT)?.setup;
    const key = setup?.appKeys.get(id);
    if (setup === undefined || key === undefined) throw new Error('no key');
    for (const accountId of [DEMO_ACCOUNT, 'other']) {
      const bearer = newClientToken(secrets, { ...setup, accountId }, key, fixture.clock.now());
      const url = `${fixture.server.http}/api/account/other/agentSession`;
      expect((await fixture.server.call('POST', url, { bearer })).status).toBe(401);
    }
  });

  it('[OAUTH9] ends at once when its user is disabled or signed out', async () => {
    const bearer = await bearerOf();
    await fixture.changeUser(103, { enabled: false });
    expect((await openSession(bearer)).status).toBe(401);
    await fixture.changeUser(103, { enabled: true });
    expect((await openSession(bearer)).status).toBe(201);
    await fixture.changeUser(103, { signedOutAt: fixture.clock.now() });
    expect((await openSession(bearer)).status).toBe(401);
    fixture.clock.advance(1);
    expect((await openSession(await bearerOf())).status).toBe(201);
  });

  it('[OAUTH9] ends at once when its key is revoked, or gets another secret or user', async () => {
    const { store, accounts } = fixture.server.running.server;
    const record = {
      kind: 'agent',
      key: 'changing',
      secretHash: hashToken('a secret'),
      accessToken: null,
      accessTokenSecretHash: null,
      userId: 103,
      trusted: false,
    } as const;
    const keyId = await fixture.add('appKey', record);
    const client = { client_id: 'changing', client_secret: 'a secret' };
    const fields = { ...GRANT, ...client };
    for (const change of [{ secretHash: hashToken('another') }, { userId: 101 }, null]) {
      const bearer = await bearerOf(fields);
      expect((await openSession(bearer)).status).toBe(201);
      const changed =
        change === null
          ? ({ op: 'delete', kind: 'appKey', id: keyId } as const)
          : replacement('appKey', keyId, { ...record, ...change });
      await store.config.write(DEMO_ACCOUNT, { changes: [changed] });
      await accounts.refresh(DEMO_ACCOUNT);
      expect((await openSession(bearer)).status).toBe(401);
      if (change === null) continue;
      await store.config.write(DEMO_ACCOUNT, { changes: [replacement('appKey', keyId, record)] });
      await accounts.refresh(DEMO_ACCOUNT);
    }
  });
});
