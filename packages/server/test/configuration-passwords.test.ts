import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, USERS } from './configuration-fixture.js';
import { at, DEMO_PASSWORD, type Reply } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const NEXT = 'quite another password';
let users = 0;

interface Person {
  readonly id: number;
  readonly name: string;
}

async function newPerson(more: Readonly<Record<string, unknown>> = {}): Promise<Person> {
  users += 1;
  const name = `person${users}`;
  const user = { loginName: name, passwordSh: DEMO_PASSWORD, ...more };
  const { id } = await fixture.require('POST', USERS, user);
  return { id, name };
}

function passwords(oldPassword: string, newPassword: string, confirmPassword = newPassword) {
  return { oldPassword, newPassword, confirmPassword };
}

function change(person: Person, body: unknown, bearer?: string): Promise<Reply> {
  const path = `${USERS}/${person.id}/changePassword`;
  return fixture.fixture.server.call('PUT', path, {
    body,
    ...(bearer === undefined ? {} : { bearer }),
  });
}

async function loginStatus(name: string, password: string): Promise<number> {
  const body = { username: name, password };
  return (await fixture.fixture.server.call('POST', '/login', { body })).status;
}

/** Whether a bearer still works. */
async function works(person: Person, bearer: string): Promise<boolean> {
  const reply = await fixture.fixture.server.call('GET', `${USERS}/${person.id}`, { bearer });
  return reply.status === 200;
}

describe('changing one’s own password', () => {
  it('[CFG40] takes the old one, ends the other logins, and keeps the one it came by', async () => {
    const person = await newPerson();
    const { server } = fixture.fixture;
    const mine = await server.login(person.name);
    const other = await server.login(person.name);
    fixture.fixture.clock.advance(1000);
    const reply = await change(person, passwords(DEMO_PASSWORD, NEXT), mine.bearer);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ id: person.id, lastPwdChangeDate: expect.any(String) });
    expect(await works(person, mine.bearer)).toBe(true);
    expect(await works(person, other.bearer)).toBe(false);
    expect(await loginStatus(person.name, DEMO_PASSWORD)).toBe(401);
    expect(await loginStatus(person.name, NEXT)).toBe(200);
  });

  it('[CFG40] is for the user alone: an administrator resets', async () => {
    const person = await newPerson();
    const { bearer } = await fixture.fixture.login('admin1');
    const reply = await change(person, passwords(DEMO_PASSWORD, NEXT), bearer);
    expect(reply.status).toBe(403);
    expect(reply.text).toContain('resetPassword');
    expect((await change(person, passwords(DEMO_PASSWORD, NEXT), 'f'.repeat(64))).status).toBe(401);
    expect(await loginStatus(person.name, DEMO_PASSWORD)).toBe(200);
  });

  it('[CFG41] works without a login, when it must be changed before the next', async () => {
    const person = await newPerson({ changePwdNextLogin: true });
    const body = { username: person.name, password: DEMO_PASSWORD };
    const refused = await fixture.fixture.server.call('POST', '/login', { body });
    expect(refused.status).toBe(401);
    expect(at(refused.body, 'error.internalCode')).toBe(1103);
    expect(refused.text).toContain(`users/${person.id}/changePassword`);
    const changed = await change(person, passwords(DEMO_PASSWORD, NEXT));
    expect(changed.body).toMatchObject({ changePwdNextLogin: false });
    expect(await loginStatus(person.name, NEXT)).toBe(200);
  });

  it('[CFG41] works by the login name too', async () => {
    const person = await newPerson({ changePwdNextLogin: true });
    const byName = (body: unknown) =>
      fixture.fixture.server.call('PUT', `${USERS}/changePassword?v=1`, { body });
    const asked = { loginName: person.name.toUpperCase(), ...passwords(DEMO_PASSWORD, NEXT) };
    expect((await byName(asked)).status).toBe(200);
    expect(await loginStatus(person.name, NEXT)).toBe(200);
    expect((await byName(passwords(NEXT, DEMO_PASSWORD))).status).toBe(400);
  });

  it('[CFG42] is refused alike for a wrong password, a user there is not, and a disabled one', async () => {
    const person = await newPerson();
    const disabled = await newPerson({ isEnabled: false });
    const byId = (id: number, oldPassword: string) =>
      change({ id, name: '' }, passwords(oldPassword, NEXT));
    const replies = [
      await byId(person.id, 'not the password'),
      await byId(9999, DEMO_PASSWORD),
      await byId(disabled.id, DEMO_PASSWORD),
      await fixture.fixture.server.call('PUT', `${USERS}/changePassword`, {
        body: { loginName: 'nobody', ...passwords(DEMO_PASSWORD, NEXT) },
      }),
    ];
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(401);
    expect(at(replies[0]?.body, 'error.internalCode')).toBe(1102);
  });

  it('[CFG42] is slowed down after many wrong tries; by name together with logins, by id apart', async () => {
    const person = await newPerson();
    const { server } = fixture.fixture;
    const byId = (oldPassword: string) =>
      server.call('PUT', `${USERS}/${person.id}/changePassword`, {
        body: passwords(oldPassword, NEXT),
      });
    const byName = (oldPassword: string) =>
      server.call('PUT', `${USERS}/changePassword`, {
        body: { loginName: person.name, ...passwords(oldPassword, NEXT) },
      });
    for (const [way, allowed] of [
      [byId, 4],
      [byName, 6],
    ] as const) {
      const tries: number[] = [];
      for (let n = 0; n < 8; n += 1) tries.push((await way('not the password')).status);
      expect(tries).toEqual([...Array(allowed).fill(401), ...Array(8 - allowed).fill(429)]);
      const reply = await way(DEMO_PASSWORD);
      expect(reply.status).toBe(429);
      expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(5);
      const after = way === byId ? 200 : 429;
      expect(await loginStatus(person.name, DEMO_PASSWORD)).toBe(after);
    }
  });

  it('[CFG42] by the user’s own login is not held up by guesses of others', async () => {
    const person = await newPerson();
    const { bearer } = await fixture.fixture.server.login(person.name);
    const path = `${USERS}/${person.id}/changePassword`;
    const call = (oldPassword: string, more: object) =>
      fixture.fixture.server.call('PUT', path, { body: passwords(oldPassword, NEXT), ...more });
    for (let n = 0; n < 5; n += 1) await call('not the password', {});
    expect((await call(DEMO_PASSWORD, {})).status).toBe(429);
    expect((await call('not the password', { bearer })).status).toBe(401);
    expect((await call(DEMO_PASSWORD, { bearer })).status).toBe(200);
  });

  it.each([
    ['not typed twice', passwords(DEMO_PASSWORD, NEXT, 'something else'), 'confirmPassword'],
    ['the old one', passwords(DEMO_PASSWORD, DEMO_PASSWORD), 'the old one'],
    ['too short', passwords(DEMO_PASSWORD, 'short'), 'at least 8'],
    ['guessed first', passwords(DEMO_PASSWORD, 'password123'), 'guessed first'],
    ['missing', { oldPassword: DEMO_PASSWORD }, 'newPassword is required'],
  ])('[CFG43] refuses a new one that is %s', async (_, body, words) => {
    const person = await newPerson();
    const reply = await change(person, body);
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await loginStatus(person.name, DEMO_PASSWORD)).toBe(200);
  });

  it('[CFG43] asks for as many characters as the account does', async () => {
    await fixture.require('PUT', '/configuration/settings', { passwordPolicy: { minLength: 12 } });
    const person = await newPerson({ passwordSh: 'twelve or more' });
    const short = await change(person, passwords('twelve or more', 'only eleven'));
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('at least 12')]);
    const path = `${USERS}/${person.id}/resetPassword`;
    expect((await fixture.refused('PUT', path, { newPassword: 'only eleven' }))[0]).toBe(400);
    const made = { loginName: 'short', passwordSh: 'only eleven' };
    expect((await fixture.refused('POST', USERS, made))[0]).toBe(400);
    await fixture.require('PUT', '/configuration/settings', { passwordPolicy: { minLength: 8 } });
  });
});

describe('resetting a password', () => {
  it('[CFG44] ends the logins and the agent session at once, and asks for a change', async () => {
    const person = await newPerson();
    const { server, clock } = fixture.fixture;
    const { bearer } = await server.login(person.name);
    const session = await server.call('POST', '/agentSession?NC=true', { bearer });
    expect(session.status).toBe(201);
    clock.advance(1000);
    const path = `${USERS}/${person.id}/resetPassword`;
    const reply = await fixture.require('PUT', path, { newPassword: NEXT });
    expect(reply).toMatchObject({ id: person.id, changePwdNextLogin: true });
    expect(await works(person, bearer)).toBe(false);
    expect((await fixture.fixture.host()).state.sessionOfUser.has(person.id)).toBe(false);
    expect(await loginStatus(person.name, DEMO_PASSWORD)).toBe(401);
    const body = { username: person.name, password: NEXT };
    const login = await server.call('POST', '/login', { body });
    expect(at(login.body, 'error.internalCode')).toBe(1103);
  });

  it('[CFG44] asks for no change when it is asked to', async () => {
    const person = await newPerson();
    const path = `${USERS}/${person.id}/resetPassword`;
    await fixture.require('PUT', path, { newPassword: NEXT, changePwdNextLogin: false });
    fixture.fixture.clock.advance(1000);
    expect(await loginStatus(person.name, NEXT)).toBe(200);
    expect(
      (await fixture.refused('PUT', `${USERS}/9999/resetPassword`, { newPassword: NEXT }))[0],
    ).toBe(404);
  });

  it('[CFG44] by passwordSh ends the logins too', async () => {
    const person = await newPerson();
    const { bearer } = await fixture.fixture.server.login(person.name);
    fixture.fixture.clock.advance(1000);
    await fixture.require('PUT', `${USERS}/${person.id}`, { passwordSh: NEXT });
    expect(await works(person, bearer)).toBe(false);
    fixture.fixture.clock.advance(1000);
    expect(await loginStatus(person.name, NEXT)).toBe(200);
  });

  it('[CFG45] leaves no login of before alive, whatever stops in between', async () => {
    const person = await newPerson();
    const { server, clock } = fixture.fixture;
    const { bearer } = await server.login(person.name);
    clock.advance(1000);
    // Another process writes the configuration, and nothing else.
    await fixture.fixture.changeUser(person.id, { signedOutAt: clock.now() });
    expect(await works(person, bearer)).toBe(false);
    const { logins } = server.running.server.store;
    const account = fixture.fixture.base.slice(fixture.fixture.base.lastIndexOf('/') + 1);
    const kept = await logins.load(account, clock.now());
    expect(kept.map(({ userId }) => userId)).not.toContain(person.id);
  });
});
