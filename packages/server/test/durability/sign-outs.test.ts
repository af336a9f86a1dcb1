/**
 * Whom an administrator signed out is out, whatever fails meanwhile: found by the histories of
 * `failing-commits.test.ts` (seed 468542191), where a login worked on while the account was being
 * loaded with what had been read of it before the change.
 */
import { openSqliteStore, StoreFailure } from '@parley/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoginRegistry } from '@parley/runtime/logins/login-registry';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { replacement } from '@parley/configuration/records/record-changes';
import {
  at,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  FakeClock,
  startTestServer,
  type TestServer,
} from '../harness.js';
import { idOf } from './clients/api.js';
import { Faults, LaterFate } from './faults.js';

const ANNA = 'agent1';
const NEW_PASSWORD = 'a-walk-in-the-harbour';

let server: TestServer;
let faults: Faults;

beforeEach(async () => {
  server = await startTestServer({ logLevel: 'silent' });
  faults = new Faults(server.running.server.store);
});

afterEach(() => server.stop());

const live = async (): Promise<LiveAccount> => {
  const account = await server.running.server.accounts.get(DEMO_ACCOUNT);
  if (account === null) throw new Error('there is no demo account');
  return account;
};

async function logIn(username: string, password = DEMO_PASSWORD): Promise<string> {
  const reply = await server.call('POST', '/login?v=1.3', { body: { username, password } });
  expect(reply.status, reply.text).toBe(200);
  return String(at(reply.body, 'bearer'));
}

const resetOf = (user: string, bearer: string) =>
  server.call('PUT', `/configuration/le-users/users/${idOf(user)}/resetPassword?v=1`, {
    bearer,
    body: { newPassword: NEW_PASSWORD, changePwdNextLogin: false },
  });

/** Only who is logged in reads that there is no such session. */
const useOf = async (bearer: string) =>
  (await server.call('GET', '/agentSession/1?v=1', { bearer })).status;

/** Something that a test lets happen. */
class Gate {
  readonly passed: Promise<void>;
  open: () => void = () => {};

  constructor() {
    this.passed = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

/** Time enough for what nothing holds back, ms. */
const A_WHILE = 50;

const aWhile = () => new Promise((resolve) => setTimeout(resolve, A_WHILE));

describe('who was signed out', () => {
  it('[CFG98] is out once that is answered, though the account was read before it and serves after', async () => {
    const [admin, anna] = [await logIn('admin1'), await logIn(ANNA)];
    const { store, accounts } = server.running.server;
    const { config, logins } = store;
    const { host } = await live();

    // The reset comes as far as to what it is to write.
    const [workedOut, write] = [new Gate(), new Gate()];
    const loadLogins = logins.load.bind(logins);
    vi.spyOn(logins, 'load').mockImplementationOnce(async (...asked) => {
      workedOut.open();
      await write.passed;
      return loadLogins(...asked);
    });
    const reset = resetOf(ANNA, admin);
    await workedOut.passed;

    // The account is dropped, and has read its configuration anew when the reset is written.
    const journal = new LaterFate();
    faults.load = () => journal.fate;
    const read = vi.spyOn(config, 'load');
    const written = vi.spyOn(config, 'write');
    host.abandon(new Error('the disk is full'));
    const loading = accounts.get(DEMO_ACCOUNT);
    await isDone(read);
    write.open();
    await isDone(written);

    // It reads what changed as late as may be.
    const late = new Gate();
    const changedSince = config.changedSince.bind(config);
    vi.spyOn(config, 'changedSince').mockImplementation(async (...asked) => {
      await late.passed;
      return changedSince(...asked);
    });
    const used = reset.then(async ({ status }) => [status, await useOf(anna)]);
    await aWhile();
    journal.decide('done');
    await Promise.race([loading, aWhile()]);
    await aWhile();
    late.open();
    expect(await used).toEqual([200, 401]);
  });

  it('[CFG98] is served by nobody while the disk refuses to end the login', async () => {
    const [admin, anna] = [await logIn('admin1'), await logIn(ANNA)];
    faults.deleteLogin = () => 'refused';
    expect((await resetOf(ANNA, admin)).status).toBe(200);
    expect(await useOf(anna)).toBe(503);
    expect(await useOf(admin)).toBe(503);
    faults.repair();
    expect(await useOf(anna)).toBe(401);
    expect(await useOf(admin)).toBe(404);
  });

  it('[CFG98] has no agent session any more, though ending it failed when the logins were ended', async () => {
    const [admin, anna] = [await logIn('admin1'), await logIn(ANNA)];
    const opened = await server.call('POST', '/agentSession?v=1&NC=true', { bearer: anna });
    const { pathname } = new URL(opened.headers.location ?? '');
    const session = pathname.replace(/^\/api\/account\/\w+/, '');
    faults.nextAppend('refused');
    expect((await resetOf(ANNA, admin)).status).toBe(200);
    const again = await logIn(ANNA, NEW_PASSWORD);
    expect((await server.call('GET', `${session}?v=1`, { bearer: again })).status).toBe(404);
  });

  it('[CFG98] is out by a change that could not be read at first', async () => {
    const [admin, anna] = [await logIn('admin1'), await logIn(ANNA)];
    const { config } = server.running.server.store;
    const other = await openSqliteStore({ directory: server.dataDir });
    const refused = vi.spyOn(config, 'changedSince').mockImplementation(async () => {
      throw new StoreFailure('The test says that the disk cannot be read.');
    });
    const account = await live();
    const user = account.setup.users.get(idOf(ANNA));
    if (user === undefined) throw new Error('there is no such user');
    const { id, revision: _, ...before } = user;
    await other.config.write(DEMO_ACCOUNT, {
      changes: [replacement('user', id, { ...before, enabled: false })],
    });
    await vi.waitUntil(() => refused.mock.calls.length > 0, { timeout: 10_000 });
    await vi.waitUntil(async () => (await useOf(anna)) === 401, { timeout: 10_000 });
    expect(await useOf(admin)).toBe(404);
    await other.close();
  });

  it('[CFG98] does not get in by the old password that was being checked meanwhile', async () => {
    const admin = await logIn('admin1');
    const { setup } = await live();
    const { throttle } = server.running.server;
    // The check is over when the account was dropped, loaded again and changed.
    const [checked, goOn] = [new Gate(), new Gate()];
    const succeeded = throttle.succeeded.bind(throttle);
    vi.spyOn(throttle, 'succeeded').mockImplementationOnce(async (held) => {
      await succeeded(held);
      checked.open();
      await goOn.passed;
    });
    const body = { username: ANNA, password: DEMO_PASSWORD };
    const login = server.call('POST', '/login?v=1.3', { body });
    await checked.passed;
    (await live()).host.abandon(new Error('the disk is full'));
    expect((await live()).setup).not.toBe(setup);
    expect((await resetOf(ANNA, admin)).status).toBe(200);
    goOn.open();
    expect((await login).status).toBe(503);
    expect((await server.call('POST', '/login?v=1.3', { body })).status).toBe(401);
    expect(await logIn(ANNA, NEW_PASSWORD)).not.toBe('');
  });
});

describe('a kill right after a new password is on disk', () => {
  /** Ann's logins: the one that asks, another one, and one by the old password as late as may be. */
  async function change(
    ask: (mine: string, admin: string) => Promise<{ readonly status: number }>,
  ): Promise<{ readonly [which: string]: string }> {
    const [mine, other, admin] = [await logIn(ANNA), await logIn(ANNA), await logIn('admin1')];
    // The clock says when the change was worked out; the login comes after that and before the write.
    let late = '';
    const { config } = server.running.server.store;
    const write = config.write.bind(config);
    vi.spyOn(config, 'write').mockImplementationOnce(async (...asked) => {
      await aWhile();
      late = await logIn(ANNA);
      return write(...asked);
    });
    // No login is ended on disk: it was killed before that.
    faults.deleteLogin = () => 'refused';
    expect((await ask(mine, admin)).status).toBe(200);
    server = await server.restart();
    faults = new Faults(server.running.server.store);
    return { mine, other, late, admin };
  }

  const ofAll = async (logins: { readonly [which: string]: string }) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(logins).map(async ([which, bearer]) => [which, await useOf(bearer)]),
      ),
    );

  it('[CFG40, CFG45] leaves the login that changed the own one, and no other', async () => {
    const passwords = {
      oldPassword: DEMO_PASSWORD,
      newPassword: NEW_PASSWORD,
      confirmPassword: NEW_PASSWORD,
    };
    const own = `/configuration/le-users/users/${idOf(ANNA)}/changePassword?v=1`;
    const logins = await change((bearer) => server.call('PUT', own, { bearer, body: passwords }));
    expect(await ofAll(logins)).toEqual({ mine: 404, other: 401, late: 401, admin: 404 });
    // So it is at every start, and the next change, by no login, ends that one too.
    server = await server.restart();
    expect(await useOf(String(logins['mine']))).toBe(404);
    const back = { ...passwords, oldPassword: NEW_PASSWORD, newPassword: 'another-walk-there' };
    const body = { ...back, confirmPassword: back.newPassword };
    expect((await server.call('PUT', own, { body })).status).toBe(200);
    expect(await useOf(String(logins['mine']))).toBe(401);
  });

  it('[CFG44, CFG45] leaves none when an administrator gave it', async () => {
    const logins = await change((_, admin) => resetOf(ANNA, admin));
    expect(await ofAll(logins)).toEqual({ mine: 401, other: 401, late: 401, admin: 404 });
    expect(await logIn(ANNA, NEW_PASSWORD)).not.toBe('');
  });
});

async function isDone(spied: {
  readonly mock: { readonly settledResults: readonly { type: string }[] };
}) {
  await vi.waitUntil(() => spied.mock.settledResults[0]?.type === 'fulfilled', { interval: 1 });
}

it('[LOGIN37] a login works until its end is on disk, and a refresh beside that does not bring it back', async () => {
  const { logins } = server.running.server.store;
  const registry = new LoginRegistry(DEMO_ACCOUNT, logins, new SteadyClock(new FakeClock()));
  const { bearer, record } = await registry.open(idOf(ANNA), 3_600_000, 0);
  const fate = new LaterFate();
  faults.deleteLogin = () => fate.fate;
  const ending = registry.close(record);
  const renewed = registry.renew(record);
  expect(registry.byBearer(bearer)).not.toBeNull();
  fate.decide('done');
  await ending;
  expect([registry.byBearer(bearer), await renewed]).toEqual([null, false]);
  expect(await logins.load(DEMO_ACCOUNT, 0)).toEqual([]);
});
