/** Who a visitor is, found out with an identity provider on this machine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeySets } from '../src/identity/key-sets.js';
import { OutgoingAddresses } from '@parley/configuration/outgoing-addresses';
import { Outgoing } from '@parley/runtime/outgoing/request';
import { at, call, FakeClock, type Reply } from './harness.js';
import { SigningKey } from './identity-provider.js';
import { IdentityFixture, SECRET } from './identity-fixture.js';

const ec = new SigningKey('ES256');

let idp: IdentityFixture;
beforeAll(async () => {
  idp = await IdentityFixture.start();
});
beforeEach(() => idp.renew());
afterAll(() => idp.stop());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a token', () => {
  it('[IDENT3] of a connection’s key says who the visitor is, the same each time', async () => {
    const [byRsa, byEc] = [await idp.connect(), await idp.connect({ publicKey: ec.pem })];
    const reply = await idp.identify(byRsa.id, await idp.rsa.sign(idp.now('ann')), {
      engagementId: 567_609_310,
      LETagContextId: '2',
      LETagSessionId: 's',
      LETagVisitorId: 'v',
    });
    const ids = {
      conversationId: expect.stringMatching(UUID),
      participantId: expect.stringMatching(UUID),
    };
    expect([reply.status, reply.body]).toEqual([201, ids]);
    const again = await idp.identify(
      String(byRsa.id),
      await idp.rsa.sign(idp.now('ann', { jti: '2' }), null),
    );
    expect(at(again.body, 'participantId')).toBe(at(reply.body, 'participantId'));
    expect(at(again.body, 'conversationId')).not.toBe(at(reply.body, 'conversationId'));
    const bob = await idp.identify(byEc.id, await ec.sign(idp.now('bob')));
    expect(bob.status).toBe(201);
    expect(at(bob.body, 'participantId')).not.toBe(at(reply.body, 'participantId'));
  });

  it('[IDENT4] that is not good is refused with the reason, and never repeated', async () => {
    const { id } = await idp.connect({ audience: 'parley' });
    const seconds = Math.floor(idp.fixture.clock.now() / 1000);
    const good = idp.now('ann', { aud: ['shop', 'parley'] });
    const [header = '', payload = '', signature = ''] = (await idp.rsa.sign(good)).split('.');
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    const other = new SigningKey('RS256');
    const cases: readonly (readonly [string, string])[] = [
      ['no.token', 'it is no token'],
      ['', 'it is no token'],
      [`${unsigned}.${payload}.`, 'its signature is not one of'],
      [`${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`, 'its signature is wrong'],
      [
        `${header}.${Buffer.from(JSON.stringify({ ...good, sub: 'eve' })).toString('base64url')}.${signature}`,
        'its signature is wrong',
      ],
      [await other.sign(good), 'its signature is wrong'],
      [await ec.sign(good), 'its signature is not one of'],
      [
        await idp.rsa.sign({ ...good, iss: 'https://evil.example.com/' }),
        'it is of another issuer',
      ],
      [await idp.rsa.sign({ ...good, aud: 'somebody' }), 'it is for somebody else (aud)'],
      [await idp.rsa.sign(idp.now('ann')), 'it is for somebody else (aud)'],
      [await idp.rsa.sign({ ...good, exp: seconds - 61 }), 'it has expired'],
      [await idp.rsa.sign({ ...good, nbf: seconds + 61 }), 'it is not good yet (nbf)'],
      [await idp.rsa.sign({ ...good, sub: '' }), 'it does not say whom it is about (sub)'],
      [await idp.rsa.sign(without(good, 'sub')), 'it does not say whom it is about (sub)'],
      [await idp.rsa.sign(without(good, 'exp')), 'it does not say until when it is good (exp)'],
      [await idp.rsa.sign({ ...good, iat: seconds - 90_000 }), 'it was issued more than a day ago'],
      [
        await idp.rsa.sign({ ...without(good, 'iat'), exp: seconds + 90_000 }),
        'it is good for more than a day',
      ],
    ];
    for (const [token, reason] of cases) {
      const reply = await idp.identify(id, token);
      expect([
        reply.status,
        at(reply.body, 'error.internalCode'),
        at(reply.body, 'error.message'),
      ]).toEqual([401, 1151, expect.stringContaining(`The token is not accepted: ${reason}`)]);
      if (token.length > 20)
        expect(reply.text + idp.fixture.server.log).not.toContain(token.slice(0, 40));
    }
    for (const [field, seconds] of [
      ['exp', -59],
      ['nbf', 59],
    ] as const) {
      const claims = {
        ...good,
        jti: field,
        [field]: Math.floor(idp.fixture.clock.now() / 1000) + seconds,
      };
      expect([field, (await idp.identify(id, await idp.rsa.sign(claims))).status]).toEqual([
        field,
        201,
      ]);
    }
  });

  it('[IDENT4] needs a connection that is there and enabled, and an app key', async () => {
    const off = await idp.connect({ isEnabled: false });
    const token = await idp.rsa.sign(idp.now('ann'));
    for (const id of [off.id, 99_999]) {
      const reply = await idp.identify(id, token);
      expect([reply.status, at(reply.body, 'error.message')]).toEqual([
        400,
        expect.stringContaining(`authChatConnId ${id}`),
      ]);
    }
    const missing = await idp.identify(undefined, token);
    expect(at(missing.body, 'error.message')).toContain('authChatConnId is required');
    const url = `${idp.fixture.server.base}/conversation`;
    expect((await call('POST', url, { body: { ssoKey: token } })).status).toBe(401);
  });

  it('[IDENT5] is taken once, by its id or as a whole', async () => {
    const { id } = await idp.connect();
    const [plain, named] = [
      await idp.rsa.sign(idp.now('ann')),
      await idp.rsa.sign(idp.now('ann', { jti: 'one' })),
    ];
    for (const token of [plain, named]) {
      expect((await idp.identify(id, token)).status).toBe(201);
    }
    const sameId = await idp.rsa.sign(
      idp.now('ann', { jti: 'one', exp: (idp.now('ann').exp as number) + 1 }),
    );
    for (const token of [plain, named, sameId]) {
      const reply = await idp.identify(id, token);
      expect([reply.status, at(reply.body, 'error.message')]).toEqual([
        401,
        expect.stringContaining('it was used before'),
      ]);
    }
    // Both at once: one of them.
    const twice = await idp.rsa.sign(idp.now('ann', { jti: 'two' }));
    const both = await Promise.all([idp.identify(id, twice), idp.identify(id, twice)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
  });

  it('[IDENT12] is checked only so often for one address', async () => {
    const { id } = await idp.connect();
    const statuses = new Set<number>();
    let last: Reply | null = null;
    for (let count = 0; count <= 60; count += 1) {
      last = await idp.identify(id, 'x');
      statuses.add(last.status);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect(last?.headers['retry-after']).toBe('1');
  });
});

function without(claims: object, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

describe('a key set', () => {
  it('[IDENT9] is fetched once, kept for a while, and fetched anew for a key that is not in it', async () => {
    const { id } = await idp.connectByKeySet();
    const fetches = () => idp.provider.asked.filter(({ path }) => path === '/jwks').length;
    const answers = await Promise.all(
      ['a', 'b', 'c'].map(async (sub) => idp.identify(id, await idp.rsa.sign(idp.now(sub)))),
    );
    expect([answers.map(({ status }) => status), fetches()]).toEqual([[201, 201, 201], 1]);
    const next = new SigningKey('RS256', 'key-2');
    idp.provider.keys = [idp.rsa, next];
    const tooSoon = await idp.identify(id, await next.sign(idp.now('d')));
    expect(at(tooSoon.body, 'error.message')).toContain('not among the identity provider');
    expect(fetches()).toBe(1);
    idp.fixture.clock.advance(30_000);
    expect((await idp.identify(id, await next.sign(idp.now('d')))).status).toBe(201);
    expect(fetches()).toBe(2);
    // Without a key id each of the keys is tried.
    expect((await idp.identify(id, await next.sign(idp.now('e'), null))).status).toBe(201);
    const stranger = await new SigningKey('RS256', 'key-2').sign(idp.now('f'), null);
    expect(at((await idp.identify(id, stranger)).body, 'error.message')).toContain(
      'signature is wrong',
    );
    idp.provider.keys = [next];
    idp.fixture.clock.advance(10 * 60_000);
    expect((await idp.identify(id, await idp.rsa.sign(idp.now('g')))).status).toBe(401);
    expect(fetches()).toBe(3);
  });

  it('[IDENT9] that cannot be fetched is 503', async () => {
    const { id } = await idp.connectByKeySet({ jwksUrl: `${idp.provider.url}/jwks?2` });
    const path = '/jwks?2';
    for (const [status, body] of [
      [500, ''],
      [200, '<html>'],
      [302, ''],
      [200, '{"keys":1}'],
    ] as const) {
      idp.provider.instead.set(path, { status, body });
      const reply = await idp.identify(id, await idp.rsa.sign(idp.now('ann')));
      expect([
        reply.status,
        at(reply.body, 'error.internalCode'),
        reply.headers['retry-after'],
      ]).toEqual([503, 1751, '10']);
    }
    expect(idp.fixture.server.log).toContain('could not be asked');
  });

  it('[IDENT9] that cannot be fetched again is good for a day', async () => {
    const clock = new FakeClock();
    const outgoing = new Outgoing(new OutgoingAddresses(['127.0.0.1']));
    const keyFor = new KeySets(outgoing, clock).keyFor(`${idp.provider.url}/jwks`);
    const key = () => keyFor({ alg: 'RS256', kid: idp.rsa.id }, { payload: '', signature: '' });
    await key();
    idp.provider.instead.set('/jwks', { status: 500, body: '' });
    clock.advance(23 * 3_600_000);
    await key();
    clock.advance(3_600_000);
    await expect(key()).rejects.toThrow('answered 500 instead of its keys');
  });

  it('[IDENT11] in a private network is not asked for, unless the operator allows it', async () => {
    const { id } = await idp.connectByKeySet({ jwksUrl: 'https://10.0.0.1/jwks' });
    const reply = await idp.identify(id, await idp.rsa.sign(idp.now('ann')));
    expect([reply.status, reply.text]).toEqual([503, expect.not.stringContaining('10.0.0.1')]);
    expect(idp.fixture.server.log).toContain('10.0.0.1 is not reached');
  });
});

describe('a code', () => {
  it('[IDENT6] is exchanged by form and Basic authentication for the token', async () => {
    const { id } = await idp.connectByCode();
    idp.provider.codes.set(
      'code & 1',
      await idp.rsa.sign(idp.now('ann', { aud: 'parley client' })),
    );
    expect((await idp.identify(id, 'code & 1')).status).toBe(201);
    const exchange = idp.provider.asked.find(({ path }) => path === '/token');
    const credentials = 'parley+client:a+secret%3A+of+%26+the+client';
    expect(exchange).toMatchObject({
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      type: 'application/x-www-form-urlencoded',
    });
    expect(Object.fromEntries(exchange?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'code & 1',
      redirect_uri: 'https://liveperson.net',
    });
    const again = await idp.identify(id, 'code & 1');
    expect([again.status, at(again.body, 'error.message')]).toEqual([
      401,
      expect.stringContaining('does not take the code'),
    ]);
    const redirectUri = 'https://shop.example.com/chat';
    await idp.identify(id, 'code 2', { redirectUri });
    expect(idp.provider.asked.at(-1)?.form.get('redirect_uri')).toBe(redirectUri);
  });

  it('[IDENT6] whose token is for another client, or none, is not accepted', async () => {
    const { id } = await idp.connectByCode();
    idp.provider.codes.set(
      'foreign',
      await idp.rsa.sign(idp.now('ann', { aud: 'another client' })),
    );
    const foreign = await idp.identify(id, 'foreign');
    expect([foreign.status, foreign.text]).toEqual([401, expect.stringContaining('(aud)')]);
    for (const [status, body] of [
      [200, '{"access_token":"x"}'],
      [200, 'x'.repeat(70_000)],
      [401, '{"error":"invalid_client"}'],
      [500, ''],
      [302, ''],
    ] as const) {
      idp.provider.instead.set('/token', { status, body });
      const reply = await idp.identify(id, 'a code that nobody else may know');
      expect([status, reply.status]).toEqual([status, 503]);
    }
    expect(idp.fixture.server.log).not.toContain('a code that nobody');
    expect(idp.fixture.server.log).not.toContain(SECRET);
  });
});
