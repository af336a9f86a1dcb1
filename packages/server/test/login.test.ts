import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '@parley/configuration/secrets/tokens';
import { parseRecord } from '@parley/configuration/records/records';
import { creation, replacement } from '@parley/configuration/records/record-changes';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '../src/index.js';
import {
  at,
  cookieOf,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
  UNTHROTTLED,
} from './harness.js';

const HEX64 = /^[0-9a-f]{64}$/;
const AGENT1 = { username: 'agent1', password: DEMO_PASSWORD };

function post(server: TestServer, body: unknown, version = '1.3'): Promise<Reply> {
  return server.call('POST', `/login?v=${version}`, { body });
}

describe('a login', () => {
  let server: TestServer;
  const clock = new FakeClock(Date.parse('2024-07-01T12:00:00.000Z'));
  beforeAll(async () => {
    server = await startTestServer({
      clock,
      settings: { timeZone: 'Europe/Athens' },
      throttle: UNTHROTTLED,
    });
  });
  afterAll(() => server.stop());

  it.each(['1', '1.0', '1.1', '1.2', '1.3'])(
    '[LOGIN1] answers tokens, the user, the account and its services (v=%s)',
    async (version) => {
      const reply = await post(server, AGENT1, version);
      expect(reply.status).toBe(200);
      const baseURI = `127.0.0.1:${server.running.httpPort}`;
      expect(reply.body).toEqual({
        csrf: expect.stringMatching(HEX64),
        wsuk: expect.stringMatching(/^\d{18}$/),
        config: {
          loginName: 'agent1',
          userId: '101',
          userPrivileges: [100, 101],
          serverCurrentTime: clock.now(),
          timeDiff: -10800000,
          serverTimeZoneName: 'Europe/Athens',
          serverTimeGMTDiff: 10800000,
          isLPA: false,
          isAdmin: false,
          accountTimeZoneId: 'Europe/Athens',
        },
        csdsCollectionResponse: {
          baseURIs: expect.arrayContaining([
            { account: DEMO_ACCOUNT, baseURI, service: 'agentVep' },
            { account: DEMO_ACCOUNT, baseURI, service: 'leDataReporting' },
          ]),
        },
        accountData: {
          agentGroupsData: { items: [{ id: 1, deleted: false, name: 'Main Group' }], revision: 1 },
        },
        sessionTTl: '28800000',
        bearer: expect.stringMatching(HEX64),
      });
      expect(at(reply.body, 'csdsCollectionResponse.baseURIs')).toHaveLength(15);
    },
  );

  it('[LOGIN2] sets the cookie for this account alone, out of reach of scripts and plain HTTP', async () => {
    const reply = await post(server, AGENT1);
    expect(cookieOf(reply, 'session_id')).toMatch(HEX64);
    const [, ...attributes] = (reply.headers['set-cookie']?.[0] ?? '').split('; ');
    expect(attributes).toEqual(
      expect.arrayContaining(['HttpOnly', 'Secure', `Path=/api/account/${DEMO_ACCOUNT}`]),
    );
  });

  it('[LOGIN3] gives every login tokens of its own', async () => {
    const [one, two] = [await post(server, AGENT1), await post(server, AGENT1)];
    for (const token of ['bearer', 'csrf'])
      expect(at(one.body, token)).not.toBe(at(two.body, token));
    expect(cookieOf(one, 'session_id')).not.toBe(cookieOf(two, 'session_id'));
  });

  it('[LOGIN4] distinguishes administrators', async () => {
    const reply = await post(server, { username: 'admin1', password: DEMO_PASSWORD });
    expect(at(reply.body, 'config.isAdmin')).toBe(true);
    expect(at(reply.body, 'config.userPrivileges')).toContain(300);
  });

  it("[LOGIN5] follows the zone's summer time", async () => {
    const winter = await startTestServer({
      clock: new FakeClock(Date.parse('2024-01-15T12:00:00Z')),
      settings: { timeZone: 'Europe/Athens' },
    });
    try {
      const reply = await post(winter, AGENT1);
      expect(at(reply.body, 'config.serverTimeGMTDiff')).toBe(7200000);
    } finally {
      await winter.stop();
    }
  });

  it('[LOGIN6] finds the user whatever the case of the login name', async () => {
    expect((await post(server, { ...AGENT1, username: 'AGENT1' })).status).toBe(200);
  });

  it('[LOGIN7] answers the same to an unknown user, a wrong password and a disabled user', async () => {
    await changeUser(server, 'agent2', { enabled: false });
    const replies = await Promise.all([
      post(server, { username: 'nobody', password: DEMO_PASSWORD }),
      post(server, { ...AGENT1, password: 'not the password' }),
      post(server, { username: 'agent2', password: DEMO_PASSWORD }),
      post(server, { username: 'nobody', appKey: 'x', secret: 'y' }),
      post(server, { ...DEMO_BOT_KEY, secret: 'not the secret' }),
    ]);
    await changeUser(server, 'agent2', { enabled: true });
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    for (const reply of replies) expect(reply.headers['set-cookie']).toBeUndefined();
  });

  it('[LOGIN9] with a password that must be changed is refused with a code of its own', async () => {
    await changeUser(server, 'agent2', { mustChangePassword: true });
    const right = await post(server, { username: 'agent2', password: DEMO_PASSWORD });
    const wrong = await post(server, { username: 'agent2', password: 'not the password' });
    await changeUser(server, 'agent2', { mustChangePassword: false });
    expect([right.status, wrong.status]).toEqual([401, 401]);
    expect(at(right.body, 'error.internalCode')).toBe(1103);
    expect(at(right.body, 'error.message')).toContain('changePassword');
    expect(at(wrong.body, 'error.internalCode')).toBe(1102);
  });

  it('[LOGIN10] by app key wants the secret and, for a key with an access token, that too', async () => {
    expect(at((await post(server, DEMO_BOT_KEY)).body, 'config.loginName')).toBe('bot1');
    const bad = [
      { secret: 'wrong' },
      { accessToken: 'wrong' },
      { accessTokenSecret: 'wrong' },
      { accessToken: undefined, accessTokenSecret: undefined },
      { appKey: 'parley-demo-visitor-key' },
      { username: 'agent1' },
    ];
    for (const change of bad) {
      expect((await post(server, { ...DEMO_BOT_KEY, ...change })).status).toBe(401);
    }
  });

  it('[LOGIN11] by client id and secret takes any placeholder for the tokens', async () => {
    const tokens = { accessToken: 'none', accessTokenSecret: 'none' };
    expect((await post(server, { ...DEMO_BOT_CLIENT, ...tokens })).status).toBe(200);
    expect((await post(server, DEMO_BOT_CLIENT)).status).toBe(200);
    const wrong = { ...DEMO_BOT_CLIENT, ...tokens, secret: 'wrong' };
    expect((await post(server, wrong)).status).toBe(401);
  });

  it('[LOGIN18] by key may bring an empty password; an empty one alone is a wrong one', async () => {
    const empty = { password: '' };
    expect((await post(server, { ...DEMO_BOT_KEY, ...empty })).status).toBe(200);
    expect((await post(server, { ...DEMO_BOT_CLIENT, ...empty })).status).toBe(200);
    const refused = [
      { ...DEMO_BOT_KEY, ...empty, secret: 'wrong' },
      { username: 'bot1', ...empty },
      { ...DEMO_BOT_KEY, password: 'wrong' },
    ];
    for (const login of refused) expect((await post(server, login)).status).toBe(401);
  });

  it('[LOGIN12] names what is missing in the body, and repeats no secret', async () => {
    const missing = await post(server, { password: 'a secret text' });
    expect(missing.status).toBe(400);
    expect(at(missing.body, 'error.message')).toContain('username');
    expect(missing.text).not.toContain('a secret text');
    const long = 'x'.repeat(300);
    const tooLong = await post(server, { username: 'agent1', password: long });
    expect(tooLong.status).toBe(400);
    expect(tooLong.text).not.toContain(long);
    expect((await post(server, { username: 'agent1' })).status).toBe(400);
    expect((await post(server, '{"username":')).status).toBe(400);
  });

  it('[LOGIN13] refuses versions it does not speak, and accounts there are not', async () => {
    const version = await post(server, AGENT1, '2.0');
    expect(version.status).toBe(400);
    expect(at(version.body, 'error.message')).toContain('1.3');
    const unknown = await server.call('POST', `${server.http}/api/account/none/login`, {
      body: AGENT1,
    });
    expect(unknown.status).toBe(404);
  });

  it('[LOGIN14] reads XML and answers XML', async () => {
    const reply = await server.call('POST', '/login.xml', {
      body: `<loginRequest><username>agent1</username><password>${DEMO_PASSWORD}</password></loginRequest>`,
      headers: { 'content-type': 'application/xml' },
    });
    expect(reply.status).toBe(200);
    expect(reply.text).toMatch(/<bearer>[0-9a-f]{64}<\/bearer>/);
  });
});

/** Changes a user of the demo account, as an administrator would. */
async function changeUser(
  server: TestServer,
  loginName: string,
  change: { enabled?: boolean; mustChangePassword?: boolean },
): Promise<void> {
  const { store, accounts } = server.running.server;
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const item = items.find(({ nameKey }) => nameKey === loginName);
  if (item === undefined) throw new Error(`no user ${loginName}`);
  const { id, revision: _, ...user } = parseRecord('user', item);
  await store.config.write(DEMO_ACCOUNT, {
    changes: [replacement('user', id, { ...user, ...change })],
  });
  await accounts.refresh(DEMO_ACCOUNT);
}

describe('a key that names no user', () => {
  it('[LOGIN10] logs any user in', async () => {
    const server = await startTestServer();
    try {
      const { store, accounts } = server.running.server;
      await store.config.write(DEMO_ACCOUNT, {
        changes: [
          creation('appKey', {
            kind: 'agent',
            key: 'any',
            secretHash: hashToken('secret'),
            accessToken: null,
            accessTokenSecretHash: null,
            userId: null,
            trusted: false,
          }),
        ],
      });
      await accounts.refresh(DEMO_ACCOUNT);
      const reply = await post(server, { username: 'agent2', appKey: 'any', secret: 'secret' });
      expect(at(reply.body, 'config.loginName')).toBe('agent2');
    } finally {
      await server.stop();
    }
  });
});
