import { openSqliteStore, type Store } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Administration } from '../src/administration.js';
import { creation } from '@parley/configuration/records/record-changes';
import { DEMO_BOT_KEY } from '../src/index.js';
import { ConfigurationFixture, USERS } from './configuration-fixture.js';
import { DEMO_ACCOUNT } from './harness.js';

/** Users of the large account, beside those of the demo. */
const MANY = 5_000;

let small: ConfigurationFixture;
let large: ConfigurationFixture;
beforeAll(async () => {
  [small, large] = await Promise.all([ConfigurationFixture.start(), ConfigurationFixture.start()]);
  const { store } = large.fixture.server.running.server;
  const changes = Array.from({ length: MANY }, (_, index) =>
    creation('user', {
      loginName: `user${index}`,
      fullName: `User ${index}`,
      nickname: `User ${index}`,
      email: '',
      kind: 'human',
      enabled: true,
      maxChats: 3,
      skillIds: [],
      groupId: 1,
      roles: ['agent'],
      passwordHash: null,
      mustChangePassword: false,
    }),
  );
  await store.config.write(DEMO_ACCOUNT, { changes });
}, 30_000);
afterAll(() => Promise.all([small.stop(), large.stop()]));

/** A login without a password, whose hash is dear on purpose; refreshed, and ended. */
async function logInAndOut({ fixture }: ConfigurationFixture): Promise<void> {
  const login = await fixture.server.call('POST', '/login?v=1', { body: DEMO_BOT_KEY });
  expect(login.status).toBe(200);
  const { bearer } = login.body as { readonly bearer: string };
  const csrf = (login.body as { readonly csrf: string }).csrf;
  const headers = { 'content-type': 'application/json' };
  const refresh = await fixture.server.call('POST', '/refresh?v=1', {
    bearer,
    body: { csrf },
    headers,
  });
  expect(refresh.status).toBeLessThan(300);
  const logout = await fixture.server.call('POST', '/logout?v=1', { bearer, body: { csrf } });
  expect(logout.status).toBeLessThan(300);
}

async function changeUser(fixture: ConfigurationFixture, description: string): Promise<void> {
  await fixture.require('PUT', `${USERS}/102`, { description });
}

/** What is read of a store while something is done: the names of the calls, each kind together. */
async function readsOf(store: Store, work: () => Promise<void>): Promise<readonly string[]> {
  const { config, logins, journal } = store;
  const spies = {
    load: vi.spyOn(config, 'load'),
    list: vi.spyOn(config, 'list'),
    changedSince: vi.spyOn(config, 'changedSince'),
    logins: vi.spyOn(logins, 'load'),
    journal: vi.spyOn(journal, 'load'),
  };
  try {
    await work();
    return Object.entries(spies).flatMap(([name, { mock }]) => mock.calls.map(() => name));
  } finally {
    for (const spy of Object.values(spies)) spy.mockRestore();
  }
}

describe('what is read again', () => {
  it('[CFG96] nothing by a login, a refresh and a logout', async () => {
    const { store } = small.fixture.server.running.server;
    expect(await readsOf(store, () => logInAndOut(small))).toEqual([]);
  });

  it('[CFG96] nothing by a change, which is in force when it is answered', async () => {
    const { store } = small.fixture.server.running.server;
    await small.fixture.login('admin1');
    const reads = await readsOf(store, async () => {
      await changeUser(small, 'seen at once');
      const { description } = await small.require('GET', `${USERS}/102`);
      expect(description).toBe('seen at once');
    });
    expect(reads).toEqual([]);
  });

  it('[CFG96] what another process changed, once: the records that changed', async () => {
    const { server } = small.fixture.server.running;
    const other = await openSqliteStore({ directory: small.fixture.server.dataDir });
    try {
      const desk = new Administration(
        other,
        { name: 'cli', from: 'here' },
        async () => server.secrets,
      );
      const reads = await readsOf(server.store, async () => {
        await desk.changeUser(DEMO_ACCOUNT, 'agent2', { nickname: 'Benjamin' });
        await expect
          .poll(() => server.accounts.loaded(DEMO_ACCOUNT)?.setup.users.get(102)?.nickname, {
            timeout: 5_000,
          })
          .toBe('Benjamin');
      });
      expect(reads).toEqual(['changedSince', 'logins']);
    } finally {
      await other.close();
    }
  });

  it('[CFG96] a change upon one of another process that was not heard of yet keeps both', async () => {
    const { server } = small.fixture.server.running;
    const other = await openSqliteStore({ directory: small.fixture.server.dataDir });
    try {
      const desk = new Administration(
        other,
        { name: 'cli', from: 'here' },
        async () => server.secrets,
      );
      for (let round = 0; round < 5; round += 1) {
        await desk.changeUser(DEMO_ACCOUNT, 'agent2', { email: `ben${round}@example.com` });
        await changeUser(small, `round ${round}`);
        const { description, email } = await small.require('GET', `${USERS}/102`);
        expect([description, email]).toEqual([`round ${round}`, `ben${round}@example.com`]);
      }
    } finally {
      await other.close();
    }
  });
});

describe('what it costs', () => {
  // Machines are noisy; reading the account again made it more than 20 times as much. On a quiet one the
  // difference is held to a fifth, and shown.
  const measured = process.env['PARLEY_COST'] !== undefined;
  const limit = measured ? 1.2 : 1.4;
  const rounds = measured ? 16 : 8;

  /** CPU of the whole process, client included, ms. */
  async function cpuOf(work: () => Promise<void>): Promise<number> {
    const before = process.cpuUsage();
    for (let time = 0; time < 20; time += 1) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  async function ratio(work: (fixture: ConfigurationFixture) => Promise<void>): Promise<number> {
    const few: number[] = [];
    const many: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // In turns, so that neither is always the one that clears up after the other.
      const fewFirst = round % 2 === 0;
      if (fewFirst) few.push(await cpuOf(() => work(small)));
      many.push(await cpuOf(() => work(large)));
      if (!fewFirst) few.push(await cpuOf(() => work(small)));
    }
    // The least of each: what else the machine does only adds.
    return Math.min(...many.slice(1)) / Math.min(...few.slice(1));
  }

  it('[CFG97] a login costs with 5,000 users what it costs with 5', async () => {
    const found = await ratio(logInAndOut);
    if (measured) console.log('login, refresh and logout: 5,000 users against 5:', found);
    expect(found).toBeLessThan(limit);
  });

  it('[CFG97] a change of a user costs with 5,000 users what it costs with 5', async () => {
    let round = 0;
    const change = (fixture: ConfigurationFixture) => {
      round += 1;
      return changeUser(fixture, `change ${round}`);
    };
    const found = await ratio(change);
    if (measured) console.log('PUT of a user: 5,000 users against 5:', found);
    expect(found).toBeLessThan(limit);
  });
});
