/**
 * Names and ids that exist, and that are nobody's, asked for by who has no business with them: answer,
 * work and time are the same. What is done of costly work is counted; the time of a login is measured
 * as well, in processor time, which the machine's other business does not change.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY } from '../src/index.js';
import { SigningClient } from './auth-client.js';
import { Fixture } from './chat-fixture.js';
import { USERS } from './configuration-fixture.js';
import {
  at,
  type CallOptions,
  DEMO_PASSWORD,
  type Reply,
  steadyHeaders,
  UNTHROTTLED,
} from './harness.js';

/** What was computed, in order: the function, and how much it was given. */
const work = vi.hoisted((): string[] => []);

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  const verify: typeof real.verify = (hash, password, ...rest) => {
    work.push(`argon2 ${String(hash).split('$')[3]}`);
    return real.verify(hash, password, ...rest);
  };
  return { ...real, verify };
});

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  type Hash = typeof real.createHash;
  type Hmac = typeof real.createHmac;
  type Decipher = typeof real.createDecipheriv;
  return {
    ...real,
    createHash: ((...given: Parameters<Hash>) => {
      work.push(`hash ${given[0]}`);
      return real.createHash(...given);
    }) as Hash,
    createHmac: ((...given: Parameters<Hmac>) => {
      work.push(`hmac ${given[0]}`);
      return real.createHmac(...given);
    }) as Hmac,
    createDecipheriv: ((...given: Parameters<Decipher>) => {
      work.push(`open ${given[0]}`);
      return real.createDecipheriv(...given);
    }) as Decipher,
    timingSafeEqual: (one: Buffer, other: Buffer) => {
      work.push(`compare ${one.length}`);
      return real.timingSafeEqual(one, other);
    },
  };
});

let fixture: Fixture;
let agent2: string;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED, trustedProxies: ['127.0.0.1'] });
  await fixture.changeUser(103, { passwordHash: null });
  agent2 = (await fixture.login('agent2')).bearer;
});
afterAll(() => fixture.stop());

let asked = 0;
beforeEach(() => {
  asked += 1;
});

function call(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const headers = { ...options.headers, 'x-forwarded-for': `203.0.113.${asked}` };
  return fixture.server.call(method, path, { ...options, headers });
}

const NEXT = { newPassword: 'an unlikely 1 word', confirmPassword: 'an unlikely 1 word' };
const login = (body: object) => call('POST', '/login?v=1.3', { body });
const byPassword = (username: string) => login({ username, password: 'not the password' });
const byKey = (appKey: string) => login({ ...DEMO_BOT_KEY, appKey, secret: 'not it' });
const changeById = (id: string, bearer?: string) =>
  call('PUT', `${USERS}/${id}/changePassword`, {
    body: { oldPassword: 'not the password', ...NEXT },
    ...(bearer === undefined ? {} : { bearer }),
  });
const changeByName = (loginName: string) =>
  call('PUT', `${USERS}/changePassword`, {
    body: { loginName, oldPassword: 'not the password', ...NEXT },
  });
const reset = (id: string) =>
  call('PUT', `${USERS}/${id}/resetPassword`, { bearer: agent2, body: NEXT });
const token = (client_id: string) =>
  call('POST', '/oauth2/token', {
    body: { grant_type: 'client_credentials', client_id, client_secret: 'not it' },
  });
const sentinel = (client_id: string) =>
  call('POST', `${fixture.server.http}/sentinel/api/v2/account/12345678/app/token`, {
    body: { grant_type: 'client_credentials', client_id, client_secret: 'not it' },
  });
const visiting = (appKey: string) => call('GET', '/chat/availability', { appKey });
const signing = (appKey: string) => {
  const url = `${fixture.server.base}/agentSession?v=1`;
  const client = new SigningClient(fixture.clock, { ...DEMO_BOT_KEY, appKey, secret: 'not it' });
  return call('POST', url, { headers: { authorization: client.sign('POST', url) } });
};
const chatWith = (agent: string) =>
  call('POST', '/chat/request', {
    appKey: 'parley-demo-visitor-key',
    body: { request: { agent } },
  });
const availabilityOf = (agent: string) =>
  call('GET', `/chat/availability?agent=${agent}`, { appKey: 'parley-demo-visitor-key' });
const keyOf = (id: string) => call('GET', `/configuration/app-keys/${id}`, { bearer: agent2 });
const session = (id: string) => call('GET', `/agentSession/${id}`, { bearer: agent2 });
const bearer = (value: string) => call('GET', '/agentSession/1', { bearer: value });

type Way = (name: string) => Promise<Reply>;

/** What is asked, of whom there is, and of whom there is not. */
const ASKED: readonly (readonly [string, Way, readonly string[], string])[] = [
  ['login by password', byPassword, ['agent1', 'bot1', 'manager1', 'admin1'], 'nobody'],
  [
    'login by app key',
    byKey,
    [DEMO_BOT_KEY.appKey, DEMO_BOT_CLIENT.appKey, 'parley-demo-visitor-key'],
    'no-such-key',
  ],
  ['changePassword by id', changeById, ['101', '103', '104'], '9999'],
  ['changePassword by name', changeByName, ['agent1', 'bot1', 'admin1'], 'nobody'],
  ['changePassword of others', (id) => changeById(id, agent2), ['101', '104'], '9999'],
  ['resetPassword by an agent', reset, ['101', '104'], '9999'],
  [
    'OAuth 2 token',
    token,
    [DEMO_BOT_KEY.appKey, DEMO_BOT_CLIENT.appKey, 'parley-demo-visitor-key'],
    'no-such-key',
  ],
  ['OAuth 2 token at sentinel', sentinel, [DEMO_BOT_CLIENT.appKey], 'no-such-key'],
  ['visitors’ app key', visiting, [DEMO_BOT_KEY.appKey, DEMO_BOT_CLIENT.appKey], 'no-such-key'],
  [
    'signed request',
    signing,
    [DEMO_BOT_KEY.appKey, DEMO_BOT_CLIENT.appKey, 'parley-demo-visitor-key'],
    'no-such-key',
  ],
  ['chat request for somebody who is no agent', chatWith, ['admin1'], 'nobody'],
  ['availability of somebody who is no agent', availabilityOf, ['admin1'], 'nobody'],
  ['app key by id', keyOf, ['1', '2'], '9999'],
  ['bearer', bearer, ['0'.repeat(64)], 'client.x.y.z'],
];

const PROVED = /^(?:login|changePassword by|OAuth|signed|bearer)/;

/** An answer without its moment, and without the name that was asked for. */
function shown({ status, headers, text }: Reply, name: string): unknown {
  const { 'content-length': _, ...rest } = steadyHeaders(headers);
  // A short one is in everything.
  return { status, headers: rest, text: name.length > 3 ? text.replaceAll(name, '…') : text };
}

describe('who is asked for', () => {
  it.each(ASKED)(
    '[ISO11] by %s is not distinguished from nobody: the same answer after the same work',
    async (what, ask, there, missing) => {
      const observed = async (name: string) => {
        work.length = 0;
        const reply = await ask(name);
        return [shown(reply, name), [...work]];
      };
      // Once before: what is made at the first use is not counted.
      await ask(missing);
      const nobody = await observed(missing);
      expect(at(nobody[0], 'status')).toBeGreaterThanOrEqual(400);
      // Where a secret is proved something is computed, also for nobody.
      if (PROVED.test(what)) expect(nobody[1]).not.toEqual([]);
      for (const name of there) expect([name, await observed(name)]).toEqual([name, nobody]);
    },
  );

  it('[ISO11] by an agent session is not distinguished from nobody', async () => {
    const agent = await fixture.agent('agent1');
    const id = agent.uri.slice(agent.uri.lastIndexOf('/') + 1);
    const observed = async (name: string) => {
      work.length = 0;
      const reply = await session(name);
      return [shown(reply, name), [...work]];
    };
    expect(await observed(id)).toEqual(await observed('7'.repeat(id.length)));
    await fixture.clear();
  });

  it('[ISO11] by a login is not distinguished from nobody by its time', async () => {
    const spent = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 11; round += 1) {
      for (const [kind, name] of [
        ['known', 'agent1'],
        ['unknown', 'nobody'],
      ] as const) {
        const before = process.cpuUsage();
        await byPassword(name);
        const { user, system } = process.cpuUsage(before);
        spent[kind].push(user + system);
      }
    }
    const median = (all: number[]) => [...all].sort((a, b) => a - b)[5] ?? 0;
    const ratio = median(spent.known) / median(spent.unknown);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.67);
  });
});

describe('agents’ login names', () => {
  it('[ISO12] are not collected by asking: after sixty unknown ones known ones wait as well', async () => {
    const address = '198.51.100.1';
    const ask = (agent: string, from = address) =>
      fixture.server.call('GET', `/chat/availability?agent=${agent}`, {
        appKey: 'parley-demo-visitor-key',
        headers: { 'x-forwarded-for': from },
      });
    for (let n = 0; n < 61; n += 1) expect((await ask(`guess${n}`)).status).toBe(400);
    const [known, unknown] = [await ask('agent1'), await ask('nobody')];
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(429);
    expect(Number(known.headers['retry-after'])).toBeGreaterThan(0);
    // Who names no agent, and who is elsewhere, notices nothing.
    const plain = await fixture.server.call('GET', '/chat/availability', {
      appKey: 'parley-demo-visitor-key',
      headers: { 'x-forwarded-for': address },
    });
    expect([plain.status, (await ask('agent1', '198.51.100.2')).status]).toEqual([200, 200]);
    fixture.clock.advance(60_000);
    expect((await ask('agent1')).status).toBe(200);
  });

  it('[ISO11] a right password still logs in, and is looked at once', async () => {
    work.length = 0;
    const reply = await login({ username: 'agent1', password: DEMO_PASSWORD });
    expect(reply.status).toBe(200);
    expect(work.filter((each) => each.startsWith('argon2'))).toHaveLength(1);
  });
});
