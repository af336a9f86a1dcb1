/** Guessing passwords and keys over HTTP: what it slows down, whom it does not, and what the log says of it. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '../src/index.js';
import { USERS } from './configuration-fixture.js';
import {
  at,
  cookieOf,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  FakeClock,
  type Reply,
  startTestServer,
  type TestServer,
  steadyHeaders,
} from './harness.js';

const DAY = 24 * 60 * 60_000;
const clock = new FakeClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock, trustedProxies: ['127.0.0.1'], logLevel: 'info' });
});
afterAll(() => server.stop());

let networks = 0;
/** An address in a network where nobody has been yet. */
function somewhere(): string {
  networks += 1;
  return `203.0.${networks >> 8}.${networks & 255}`;
}

interface Person {
  readonly id: number;
  readonly right: { readonly username: string; readonly password: string };
  readonly wrong: { readonly username: string; readonly password: string };
}

/** A user at whom nobody has guessed yet. */
async function newPerson(): Promise<Person> {
  const { bearer } = await server.login('admin1');
  const username = `person ${somewhere()}`;
  const body = { loginName: username, passwordSh: DEMO_PASSWORD };
  const reply = await server.call('POST', USERS, { bearer, body });
  return {
    id: Number(at(reply.body, 'id')),
    right: { username, password: DEMO_PASSWORD },
    wrong: { username, password: 'not the password' },
  };
}

function login(from: string, body: unknown, cookie?: string): Promise<Reply> {
  return server.call('POST', '/login?v=1.3', {
    body,
    headers: { 'x-forwarded-for': from },
    ...(cookie === undefined ? {} : { cookie }),
  });
}

async function statuses(count: number, make: () => Promise<Reply>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) all.push((await make()).status);
  return all;
}

function times(status: number, count: number): number[] {
  return Array(count).fill(status);
}

/** The device cookie of a good login, ready to be sent. */
async function deviceOf({ id, right }: Person): Promise<string> {
  const reply = await login(somewhere(), right);
  return `parley_device_${id}=${cookieOf(reply, `parley_device_${id}`)}`;
}

describe('wrong passwords', () => {
  it('[LOGIN15] are counted per user and network, and make further ones there wait', async () => {
    const { right, wrong } = await newPerson();
    const guesser = somewhere();
    expect(await statuses(8, () => login(guesser, wrong))).toEqual([
      ...times(401, 6),
      ...times(429, 2),
    ]);
    const refused = await login(guesser, right);
    expect([refused.status, at(refused.body, 'error.internalCode')]).toEqual([429, 1602]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(5);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(30);
    // Neither another user there nor the user elsewhere notices.
    expect((await login(guesser, { ...right, username: 'agent2' })).status).toBe(200);
    expect((await login(somewhere(), right)).status).toBe(200);
  });

  it('[LOGIN15] at the same moment get no more tries than one after another', async () => {
    const { wrong } = await newPerson();
    const guesser = somewhere();
    const guesses = Array.from({ length: 40 }, (_, n) =>
      login(guesser, { ...wrong, password: `guess number ${n}` }),
    );
    const answered = (await Promise.all(guesses)).map(({ status }) => status);
    expect(answered.filter((status) => status === 401)).toHaveLength(6);
    expect(answered.filter((status) => status === 429)).toHaveLength(34);
  });

  it('[LOGIN16] are counted per network, whoever is tried; of IPv6 it has 64 bits', async () => {
    const one = { throttle: { perNetwork: 4 }, trustedProxies: ['127.0.0.1'] };
    const strict = await startTestServer(one);
    try {
      const from = (address: string, username: string, password: string) =>
        strict.call('POST', '/login', {
          body: { username, password },
          headers: { 'x-forwarded-for': address },
        });
      const addresses = [1, 2, 3, 4, 5].map((n) => `2001:db8::${n}`);
      for (const address of addresses) {
        expect((await from(address, `user of ${address}`, 'not it')).status).toBe(401);
      }
      expect((await from('2001:db8::6', 'agent1', DEMO_PASSWORD)).status).toBe(429);
      expect((await from('2001:db8:0:1::6', 'agent1', DEMO_PASSWORD)).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });

  it('[LOGIN17] are forgotten after a good one, and good ones never count', async () => {
    const { right, wrong } = await newPerson();
    const home = somewhere();
    for (let round = 0; round < 4; round += 1) {
      expect(await statuses(3, () => login(home, wrong))).toEqual(times(401, 3));
      expect((await login(home, right)).status).toBe(200);
    }
    const many = await Promise.all(Array.from({ length: 12 }, () => login(home, right)));
    expect(many.map(({ status }) => status)).toEqual(times(200, 12));
  });

  it('[LOGIN35] and what follows them reveal nothing of who there is', async () => {
    const [known, another] = [await newPerson(), await newPerson()];
    const names = [known.right.username, 'no such user', 'bot1'];
    const seen: unknown[] = [];
    for (const username of names) {
      const guesser = somewhere();
      const replies: unknown[] = [];
      for (let n = 0; n < 8; n += 1) {
        const { status, headers, text } = await login(guesser, { username, password: 'wrong one' });
        replies.push([status, steadyHeaders(headers), text]);
      }
      seen.push(replies);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    const ids: unknown[] = [];
    for (const id of [another.id, 9_999]) {
      // Whoever guessed at the name sees nothing of it at the id.
      const guesser = somewhere();
      for (let n = 0; n < 8; n += 1) await login(guesser, another.wrong);
      const change = await statuses(6, () =>
        server.call('PUT', `${USERS}/${id}/changePassword`, {
          body: {
            oldPassword: 'wrong one',
            newPassword: 'another 1 here',
            confirmPassword: 'another 1 here',
          },
          headers: { 'x-forwarded-for': guesser },
        }),
      );
      ids.push(change);
    }
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[0]).toEqual([...times(401, 4), ...times(429, 2)]);
  });
});

describe('a device', () => {
  it('[LOGIN30] gets a cookie at a login by password: out of reach of scripts, for the account alone', async () => {
    const { id, right, wrong } = await newPerson();
    const reply = await login(somewhere(), right);
    const lines = reply.headers['set-cookie'] ?? [];
    // Some clients look at the first one only.
    expect(lines.map((line) => line.split('=')[0])).toEqual(['session_id', `parley_device_${id}`]);
    expect(lines[1]?.split('; ').slice(1)).toEqual([
      `Path=/api/account/${DEMO_ACCOUNT}`,
      'Max-Age=15552000',
      'HttpOnly',
      'Secure',
      'SameSite=None',
    ]);
    for (const body of [DEMO_BOT_KEY, DEMO_BOT_CLIENT]) {
      const byKey = await login(somewhere(), body);
      expect(byKey.headers['set-cookie']).toHaveLength(1);
    }
    expect((await login(somewhere(), wrong)).headers['set-cookie']).toBeUndefined();
  });

  it('[LOGIN30] that is known is held up by its own failures alone', async () => {
    const person = await newPerson();
    const { right, wrong } = person;
    const [device, another] = [await deviceOf(person), await deviceOf(person)];
    const office = somewhere();
    await statuses(8, () => login(office, wrong));
    expect((await login(office, right)).status).toBe(429);
    expect((await login(office, right, device)).status).toBe(200);
    expect(await statuses(13, () => login(office, wrong, device))).toEqual([
      ...times(401, 11),
      ...times(429, 2),
    ]);
    expect((await login(office, right, device)).status).toBe(429);
    expect((await login(office, right, another)).status).toBe(200);
  });

  it('[LOGIN30] is of one user and unaltered, or it is none', async () => {
    const [one, two] = [await newPerson(), await newPerson()];
    const device = await deviceOf(one);
    const value = device.slice(device.indexOf('=') + 1);
    const office = somewhere();
    for (const { wrong } of [one, two]) await statuses(8, () => login(office, wrong));
    const [issued = '', random = '', stamp = ''] = value.split('.');
    const forged = [
      `parley_device_${two.id}=${value}`,
      `parley_device_${one.id}=${(Number.parseInt(issued, 36) + 1).toString(36)}.${random}.${stamp}`,
      `parley_device_${one.id}=${issued}.${random}.${stamp.replace(/./, (c) => (c === 'A' ? 'B' : 'A'))}`,
      `parley_device_0${one.id}=${value}`,
      `parley_device_${one.id}=`,
    ];
    for (const cookie of forged) {
      for (const { right } of [one, two]) {
        expect([cookie, (await login(office, right, cookie)).status]).toEqual([cookie, 429]);
      }
    }
    expect((await login(office, one.right, `${forged[0]}; x=1; ${device}`)).status).toBe(200);
  });

  it('[LOGIN30] is known for half a year, and no longer than until its user is signed out', async () => {
    const person = await newPerson();
    const { id, right, wrong } = person;
    const [device, later, signedOut] = [
      await deviceOf(person),
      await deviceOf(person),
      await deviceOf(person),
    ];
    const office = somewhere();
    await statuses(8, () => login(office, wrong));
    clock.advance(1_000);
    const { bearer } = await server.login('admin1');
    const body = { newPassword: DEMO_PASSWORD, changePwdNextLogin: false };
    const path = `${USERS}/${id}/resetPassword`;
    expect((await server.call('PUT', path, { bearer, body })).status).toBe(200);
    expect((await login(office, right, signedOut)).status).toBe(429);
    for (const cookie of [device, later]) {
      expect((await login(office, right, cookie)).status).toBe(429);
    }
    clock.advance(1_000);
    const fresh = await deviceOf(person);
    clock.advance(180 * DAY - 1);
    // Wrong: a right one would clear the way for the next.
    expect((await login(office, wrong, fresh)).status).toBe(401);
    clock.advance(1);
    expect((await login(office, wrong, fresh)).status).toBe(429);
  });
});

describe('a right app key', () => {
  it('[LOGIN31] is never held up, whatever was guessed there; wrong ones are', async () => {
    const bots = somewhere();
    for (const good of [DEMO_BOT_KEY, DEMO_BOT_CLIENT]) {
      await statuses(12, () => login(bots, { username: 'bot1', password: 'not it' }));
      const wrong = { ...good, secret: 'not the secret' };
      const unknown = { ...good, appKey: `not ${good.appKey}` };
      for (const bad of [wrong, unknown]) {
        expect(await statuses(13, () => login(bots, bad))).toEqual([
          ...times(401, 11),
          ...times(429, 2),
        ]);
      }
      expect((await login(somewhere(), wrong)).status).toBe(401);
      expect((await login(bots, good)).status).toBe(200);
    }
  });
});

describe('the log', () => {
  const lines = () =>
    server.log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const loggedBy = async (work: () => Promise<unknown>) => {
    const before = lines().length;
    await work();
    return lines()
      .slice(before)
      .map(({ event, reason, address, account, userId, level, msg }) => ({
        ...{ event, reason, address, account, level, msg },
        ...(userId === undefined ? {} : { userId }),
      }));
  };
  const base = { account: DEMO_ACCOUNT, level: 30 };
  const failed = { ...base, event: 'login.failed', msg: 'login failed' };
  const refused = { ...base, event: 'credential.refused', msg: 'credential refused' };

  it('[LOG2] records failed logins with address and reason', async () => {
    const { id: userId, wrong } = await newPerson();
    const address = somewhere();
    const logged = await loggedBy(async () => {
      await login(address, wrong);
      await login(address, { ...wrong, username: 'secret typed as a name' });
      await login(address, { ...DEMO_BOT_KEY, secret: 'not the secret' });
      await server.call('POST', '/oauth2/token', {
        body: { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' },
        headers: { 'x-forwarded-for': address },
      });
      await statuses(6, () => login(address, wrong));
    });
    expect(logged.slice(0, 4)).toEqual([
      { ...failed, address, reason: 'wrong-password', userId },
      { ...failed, address, reason: 'unknown-user' },
      { ...failed, address, reason: 'wrong-key' },
      { ...failed, address, reason: 'wrong-key' },
    ]);
    expect(logged.at(-1)).toEqual({ ...failed, address, reason: 'throttled', userId });
    expect(server.log).not.toContain('secret typed as a name');
    // The filter in the documentation finds the address in each of them, and in no other line.
    const page = await readFile(new URL('../../../docs/logs.md', import.meta.url), 'utf8');
    const pattern = /^failregex = (.*)$/m.exec(page)?.[1] ?? '';
    const filter = new RegExp(pattern.replace('<HOST>', '(?<host>[\\d.]+)'));
    const all = server.log.split('\n').filter((line) => line !== '');
    const caught = all.flatMap((line) => filter.exec(line)?.groups?.['host'] ?? []);
    const meant = lines().filter(({ event }) => /^(login|credential)/.test(String(event)));
    expect(caught).toEqual(meant.map((line) => line['address']));
    expect(all.length).toBeGreaterThan(caught.length);
  });

  it('[LOG2] records refused credentials with address and reason', async () => {
    const address = somewhere();
    const { cookie } = await server.login('agent1');
    const from = { 'x-forwarded-for': address };
    const send = (method: string, path: string, headers: object, body?: unknown) =>
      server.call(method, path, { headers: { ...from, ...headers }, ...(body ? { body } : {}) });
    const signed =
      'OAuth oauth_consumer_key="x", oauth_token="y", oauth_signature_method="HMAC-SHA1", oauth_signature="z", oauth_timestamp="1", oauth_nonce="n"';
    const logged = await loggedBy(async () => {
      await send('GET', '/agentSession/1', { authorization: 'Bearer nobodys' });
      await send('GET', '/agentSession/1', { authorization: 'Basic Zm9vOmJhcg==' });
      await send('GET', '/agentSession/1', { authorization: signed });
      await send('GET', '/agentSession/1', { authorization: 'OAuth x="y"' });
      await send('GET', '/chat/availability?appKey=nobodys', {});
      await send('POST', '/refresh', { cookie: 'session_id=nobodys' }, { csrf: 'x' });
      await send('POST', '/refresh', { cookie }, { csrf: 'nobodys' });
      // What brings nothing is no credential.
      await send('GET', '/agentSession/1', {});
      await send('GET', `/chat/availability?appKey=${DEMO_VISITOR_KEY}`, {});
    });
    const reasons = ['unknown-bearer', 'malformed', 'wrong-signature', 'malformed'];
    expect(logged).toEqual([
      ...reasons.map((reason) => ({ ...refused, address, reason })),
      { ...refused, address, reason: 'unknown-app-key' },
      { ...refused, address, reason: 'unknown-cookie' },
      { ...refused, address, reason: 'wrong-csrf', userId: 101 },
    ]);
    expect(server.log).not.toContain('nobodys');
  });

  it('[LOG3] is not filled by a flood: sixty lines a minute from a network, and how many are left out', async () => {
    clock.advance(60_000);
    await login(somewhere(), { username: 'x', password: 'not it' });
    const address = somewhere();
    const logged = await loggedBy(async () => {
      for (let n = 0; n < 70; n += 1) {
        await server.call('GET', '/agentSession/1', {
          bearer: 'nobodys',
          headers: { 'x-forwarded-for': address },
        });
      }
    });
    expect(logged).toHaveLength(60);
    clock.advance(60_000);
    const next = await loggedBy(() => login(somewhere(), { username: 'x', password: 'not it' }));
    expect(next.map(({ event }) => event)).toEqual(['refusals.left-out', 'login.failed']);
    expect(lines().at(-2)).toMatchObject({ count: 10 });
  });
});
