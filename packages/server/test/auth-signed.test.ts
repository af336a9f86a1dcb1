/** Requests that are signed instead of sent with a bearer (rules SIGN…). */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@parley/runtime/clock/clock';
import { keptSecrets, newBotKeySecrets } from '@parley/configuration/secrets/app-key-secrets';
import { parseRecord } from '@parley/configuration/records/records';
import { replacement } from '@parley/configuration/records/record-changes';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '../src/index.js';
import { type Keys, SigningClient } from './auth-client.js';
import { send, Fixture } from './chat-fixture.js';
import {
  at,
  call,
  DEMO_ACCOUNT,
  FakeClock,
  linkAt,
  type Reply,
  startTestServer,
  textAt,
} from './harness.js';

let fixture: Fixture;
let bot: SigningClient;
beforeAll(async () => {
  fixture = await Fixture.start({ trustedProxies: ['127.0.0.1'] });
  bot = new SigningClient(fixture.clock);
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const facts = (reply: Pick<Reply, 'status' | 'text'>) => [
  reply.status,
  at(JSON.parse(reply.text), 'error.internalCode'),
];
const REFUSED = [401, 1104];
const message = (reply: Pick<Reply, 'text'>) => String(at(JSON.parse(reply.text), 'error.message'));

/** Something that any user may ask, signed or not. */
const opening = () => `${fixture.base}/agentSession?v=1`;

/** A new agent session of bot1, signed. */
async function open(): Promise<string> {
  const reply = await bot.call('POST', opening());
  expect(reply.status).toBe(201);
  return reply.headers.location ?? '';
}

describe('a signed request', () => {
  it.each(['HMAC-SHA1', 'HMAC-SHA256'] as const)(
    '[SIGN4] comes from the key’s user, without a login: a whole chat with %s',
    async (method) => {
      const session = textAt(
        (await bot.call('POST', opening(), {}, { method })).body,
        'agentSessionLocation.link.@href',
      );
      const info = await bot.call('GET', `${session}/info?v=1`, {}, { method });
      expect(at(info.body, 'info.loginName')).toBe('bot1');
      const visitor = await fixture.visitor();
      const accepted = await bot.call('POST', `${session}/incomingRequests`, {}, { method });
      const chat = linkAt(accepted.body, 'chatLocation.link', 'location');
      const body = { event: { '@type': 'line', text: 'signed: ü & +' } };
      const line = await bot.call('POST', `${chat}/events`, { body }, { method });
      expect(line.status).toBe(201);
      expect(await visitor.feed()).toContain('Parley Bot:signed: ü & +');
      const next = `${chat}/events?from=1&v=1&NC=true`;
      expect((await bot.call('GET', next, {}, { method })).status).toBe(200);
    },
  );

  it.each([
    ['parameters that must be encoded', '/agentSession?v=1&x=%C3%BC%2B%20&y=%26%3D&z=*!()'],
    ['a parameter without a value', '/agentSession?v=1&flag='],
    ['a repeated parameter', '/agentSession?v=1&b=2&b=10&b=1'],
    ['a suffix', '/agentSession.json?v=1'],
  ])('[SIGN5] is signed over its address as it was sent: %s', async (_, path) => {
    expect((await bot.call('POST', fixture.base + path)).status).toBe(201);
  });

  it('[SIGN5] is signed over its address as it was sent: a doubled question mark', async () => {
    // The query begins behind the first one, so the first parameter's name is "?v".
    const url = `${fixture.base}/agentSession`;
    const authorization = bot.sign('POST', url, { form: { '?v': '1' } });
    expect((await call('POST', `${url}??v=1`, { headers: { authorization } })).status).toBe(201);
  });

  it('[SIGN5] is signed over the method that was sent, not the one it stands for', async () => {
    const session = await open();
    const put = { 'x-http-method-override': 'PUT' };
    const body = { availability: { chat: 'Away' } };
    const url = `${session}/availability`;
    const authorization = bot.sign('PUT', url);
    const wrong = await call('POST', url, { body, headers: { ...put, authorization } });
    expect(facts(wrong)).toEqual(REFUSED);
    expect((await bot.call('POST', url, { body, headers: put })).status).toBe(200);
    expect((await bot.call('PUT', url, { body })).status).toBe(200);
    expect((await bot.call('HEAD', url)).status).toBe(200);
  });

  it('[SIGN5] is signed over the fields of a form, but not over JSON or XML', async () => {
    const form = { a: 'ü +&', b: '' };
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const body = new URLSearchParams(form).toString();
    const signed = await bot.call('POST', opening(), { body, headers }, { form });
    expect(signed.status).toBe(201);
    expect(facts(await bot.call('POST', opening(), { body, headers }))).toEqual(REFUSED);
    const json = await bot.call('POST', opening(), { body: '{"a":1}', headers });
    expect(json.status).toBe(201);
  });

  it('[SIGN5] is signed over the host and scheme that a trusted proxy names', async () => {
    const path = `/api/account/${DEMO_ACCOUNT}/agentSession?v=1`;
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'Chat.Example.com:443' };
    // Without the port that the scheme has anyway, and in lower case.
    const authorization = bot.sign('POST', `https://chat.example.com${path}`);
    const reply = await call('POST', fixture.server.http + path, {
      headers: { ...headers, authorization },
    });
    expect(reply.status).toBe(201);
  });

  it('[SIGN5] over TLS is signed over https', async () => {
    const server = await startTestServer({ httpsPort: 0 });
    try {
      const ca = await readFile(server.running.caFile ?? '', 'utf8');
      const url = `${server.https}/api/account/${DEMO_ACCOUNT}/agentSession?v=1`;
      const reply = await new SigningClient(systemClock).call('POST', url, { ca });
      expect([reply.status, reply.headers['set-cookie']]).toEqual([201, undefined]);
    } finally {
      await server.stop();
    }
  });

  it('[SIGN5] may name a realm, which is not signed', async () => {
    expect((await bot.call('POST', opening(), {}, { realm: 'a, b' })).status).toBe(201);
  });

  it('[SIGN6] with anything changed on its way is refused, and nothing happens', async () => {
    const session = await open();
    const url = `${session}/availability?v=1`;
    const away = { body: { availability: { chat: 'Away' } } };
    const sign = () => bot.sign('PUT', url);
    const tries = [
      ['PUT', `${url}&x=1`, sign()],
      ['PUT', `${session}/availability`, sign()],
      ['PUT', url.replace('/availability', '/availability.json'), sign()],
      ['DELETE', session, bot.sign('GET', session)],
      ['PUT', url, sign().replace(/oauth_nonce="./, 'oauth_nonce="-')],
      ['PUT', url, sign().replace(/oauth_timestamp="(\d+)\d"/, 'oauth_timestamp="$1"')],
      ['PUT', url, sign().replace('HMAC-SHA1', 'HMAC-SHA256')],
      ['PUT', url, sign().replace(/oauth_version="1.0", |, oauth_version="1.0"/, '')],
      ['PUT', url, `${sign()}, more="1"`],
      ['PUT', url, sign().replace(/oauth_signature="[^"]*"/, 'oauth_signature="AAAA"')],
    ] as const;
    for (const [method, address, authorization] of tries) {
      const reply = await call(method, address, { ...away, headers: { authorization } });
      expect(facts(reply)).toEqual(REFUSED);
      expect(reply.headers['www-authenticate']).toBe('OAuth');
    }
    const still = await bot.call('GET', `${session}/availability`);
    expect(at(still.body, 'availability.chat')).toBe('Online');
  });

  it('[SIGN7] by an unknown key, with a wrong secret or token is refused in the same words', async () => {
    const other = newBotKeySecrets('tokens');
    const wrong: Keys[] = [
      { ...DEMO_BOT_KEY, appKey: 'no-such-key' },
      { ...DEMO_BOT_KEY, secret: 'wrong' },
      { ...DEMO_BOT_KEY, accessTokenSecret: 'wrong' },
      { ...DEMO_BOT_KEY, accessToken: 'wrong' },
      { ...DEMO_BOT_KEY, accessToken: other.accessToken ?? '' },
      // A key that cannot sign: a client's, and a visitor's.
      { ...DEMO_BOT_KEY, ...DEMO_BOT_CLIENT },
      { ...DEMO_BOT_KEY, appKey: 'parley-demo-visitor-key', secret: '', accessTokenSecret: '' },
      {
        ...DEMO_BOT_KEY,
        appKey: 'none',
        secret: '0'.repeat(64),
        accessTokenSecret: '0'.repeat(64),
      },
    ];
    const replies = await Promise.all(
      wrong.map((keys) => new SigningClient(fixture.clock, keys).call('POST', opening())),
    );
    for (const reply of replies) expect(facts(reply)).toEqual(REFUSED);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    // It says what was looked at, so that a proxy's doing can be seen.
    expect(replies.map(message)[0]).toContain(`POST ${fixture.base}/agentSession.`);
  });

  it('[SIGN3] that lacks something is refused, saying what', async () => {
    const tries = [
      ['OAuth ', 'lacks oauth_consumer_key'],
      [bot.sign('POST', opening()).replace('HMAC-SHA1', 'PLAINTEXT'), 'HMAC-SHA1 or HMAC-SHA256'],
      [bot.sign('POST', opening()).replace('HMAC-SHA1', 'constructor'), 'got "constructor"'],
      [`${bot.sign('POST', opening())}, oauth_nonce="x"`, 'oauth_nonce twice'],
    ] as const;
    for (const [authorization, why] of tries) {
      const reply = await call('POST', opening(), { headers: { authorization } });
      expect(facts(reply)).toEqual(REFUSED);
      expect(message(reply)).toContain(why);
    }
  });

  it('[SIGN8] is carried out once: the same again is refused', async () => {
    const session = await open();
    const headers = { authorization: bot.sign('GET', session) };
    expect((await call('GET', session, { headers })).status).toBe(200);
    const again = await call('GET', session, { headers });
    expect(facts(again)).toEqual(REFUSED);
    expect(message(again)).toContain('sign each request anew');
    // Whichever comes first of many at the same moment is the only one.
    const once = { authorization: bot.sign('GET', session) };
    const many = await Promise.all(
      Array.from({ length: 5 }, () => call('GET', session, { headers: once })),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it('[SIGN8] that was refused has not used its nonce up', async () => {
    const nonce = 'mine';
    const wrong = new SigningClient(fixture.clock, { ...DEMO_BOT_KEY, secret: 'guessed' });
    expect((await wrong.call('POST', opening(), {}, { nonce })).status).toBe(401);
    expect((await bot.call('POST', opening(), {}, { nonce })).status).toBe(201);
  });

  it('[SIGN9] is good for 5 minutes on both sides of its time', async () => {
    const now = () => Math.floor(fixture.clock.now() / 1000);
    fixture.clock.advance(20 * 60_000);
    for (const [seconds, status] of [
      [-301, 401],
      [-300, 201],
      [300, 201],
      [301, 401],
    ] as const) {
      const reply = await bot.call('POST', opening(), {}, { timestamp: now() + seconds });
      expect([seconds, reply.status]).toEqual([seconds, status]);
      if (status === 401) expect(message(reply)).toContain(`within 5 minutes of ${now()}`);
    }
    const headers = { authorization: bot.sign('POST', opening(), { timestamp: now() + 250 }) };
    expect((await call('POST', opening(), { headers })).status).toBe(201);
    fixture.clock.advance(9 * 60_000);
    // Its nonce is remembered as long as its time would do.
    expect(message(await call('POST', opening(), { headers }))).toContain('sign each request anew');
    const odd = await bot.call('POST', opening(), {}, { timestamp: Number.NaN });
    expect(facts(odd)).toEqual(REFUSED);
  });

  it('[SIGN9] of before the start of the server is refused, the key of before works on', async () => {
    const clock = new FakeClock();
    const client = new SigningClient(clock);
    let server = await startTestServer({ clock });
    try {
      const path = `/api/account/${DEMO_ACCOUNT}/agentSession?v=1`;
      const port = server.running.httpPort;
      const url = server.http + path;
      const headers = { authorization: client.sign('POST', url) };
      expect((await call('POST', url, { headers })).status).toBe(201);
      clock.advance(30_000);
      server = await server.restart({ httpPort: port });
      const replayed = await call('POST', url, { headers });
      expect(facts(replayed)).toEqual(REFUSED);
      expect(message(replayed)).toContain("not before the server's start");
      expect((await client.call('POST', url)).status).toBe(201);
    } finally {
      await server.stop();
    }
  });

  it('[SIGN10] never gets a security cookie, and never needs one', async () => {
    const opened = await bot.call('POST', opening());
    expect([opened.status, opened.headers['set-cookie']]).toEqual([201, undefined]);
    const { bearer } = await fixture.login('bot1');
    const guarded = await fixture.server.call('POST', '/agentSession?v=1', { bearer });
    const session = guarded.headers.location ?? '';
    expect(guarded.headers['set-cookie']).toHaveLength(1);
    expect((await fixture.server.call('GET', session, { bearer })).status).toBe(401);
    expect((await bot.call('GET', session)).status).toBe(200);
  });

  it('[SIGN10] reaches the sessions of its user, and nobody else’s', async () => {
    const agent = await fixture.agent('agent1');
    const foreign = await bot.call('GET', agent.uri);
    const missing = await bot.call('GET', `${fixture.base}/agentSession/123456789012345678`);
    expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
    const session = await open();
    expect((await agent.get(session)).status).toBe(404);
  });

  it('[SIGN11] has no login: there is none to refresh or to end', async () => {
    for (const path of ['/refresh', '/logout']) {
      const body = { csrf: '0'.repeat(64) };
      const reply = await bot.call('POST', fixture.base + path, { body });
      expect(facts(reply)).toEqual([401, 10]);
      expect(message(reply)).toContain('comes from no login');
    }
  });

  it('[SIGN12] is refused at once when its user is disabled, or its key revoked', async () => {
    const session = await open();
    await fixture.changeUser(103, { enabled: false });
    expect(facts(await bot.call('GET', session))).toEqual([401, 10]);
    await fixture.changeUser(103, { enabled: true });

    const made = newBotKeySecrets('tokens');
    const { server } = fixture.server.running;
    const kept = keptSecrets(server.secrets, DEMO_ACCOUNT, made);
    const fields = { ...kept, kind: 'server', userId: 105, trusted: false } as const;
    const id = await fixture.add('appKey', fields);
    const keys = { ...made, accessToken: made.accessToken ?? '' };
    const client = new SigningClient(fixture.clock, {
      ...keys,
      accessTokenSecret: made.accessTokenSecret ?? '',
    });
    // admin1 takes no chats: known, but not allowed.
    expect(facts(await client.call('POST', opening()))).toEqual([403, 1201]);
    await server.store.config.write(DEMO_ACCOUNT, {
      changes: [replacement('appKey', id, { ...fields, userId: null })],
    });
    await server.accounts.refresh(DEMO_ACCOUNT);
    const nobodys = await client.call('POST', opening());
    expect(facts(nobodys)).toEqual([403, 1201]);
    expect(message(nobodys)).toContain('names no user');
    await server.store.config.write(DEMO_ACCOUNT, {
      changes: [{ op: 'delete', kind: 'appKey', id }],
    });
    await server.accounts.refresh(DEMO_ACCOUNT);
    expect(facts(await client.call('POST', opening()))).toEqual(REFUSED);
  });

  it('[SIGN12] of one account is nothing in another', async () => {
    const { store, accounts } = fixture.server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 0 });
    const { items } = await store.config.list(DEMO_ACCOUNT, 'appKey');
    const item = items.find(({ nameKey }) => nameKey === DEMO_BOT_KEY.appKey);
    if (item === undefined) throw new Error('no key');
    const url = `${fixture.server.http}/api/account/other/agentSession`;
    expect(facts(await bot.call('POST', url))).toEqual(REFUSED);
    // Not even with the record copied: its secrets were sealed for their own account.
    const { id: _, revision: __, ...record } = parseRecord('appKey', item);
    await store.config.write('other', {
      changes: [
        { op: 'create', kind: 'appKey', nameKey: record.key, data: JSON.stringify(record) },
      ],
    });
    await accounts.refresh('other');
    expect(facts(await bot.call('POST', url))).toEqual(REFUSED);
  });

  it('[SIGN2] is known by a scheme in any case, other schemes are not taken for it', async () => {
    const authorization = bot.sign('POST', opening()).replace('OAuth', 'oauth');
    expect((await send('POST', opening(), { authorization })).status).toBe(201);
    const other = await send('POST', opening(), { authorization: 'OAuth2 abc' });
    expect(facts(other)).toEqual([401, 10]);
  });
});
