import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type Store } from '@parley/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Administration, openSecretBox } from '../src/administration.js';

const ACCOUNT = 'shop';
const PASSWORD = 'a good password';

describe('administration', () => {
  let directory: string;
  let store: Store;
  let desk: Administration;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-desk-'));
    store = await openSqliteStore({ directory });
    desk = new Administration(
      store,
      { name: 'test', from: 'here' },
      () => openSecretBox({ dataDir: directory }),
      () => 42,
    );
    await desk.createAccount(ACCOUNT, { loginName: 'boss', password: PASSWORD });
  });
  afterAll(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });

  it('[ADMIN1] makes an account with a group and an administrator who can log in', async () => {
    const setup = await desk.setup(ACCOUNT);
    const boss = setup.userByLogin.get('boss');
    expect(boss).toMatchObject({ enabled: true, roles: ['administrator'], groupId: 1 });
    expect(boss?.passwordHash).toMatch(/^\$argon2id\$/);
    expect([...setup.groups.values()].map(({ name }) => name)).toEqual(['Main Group']);
    expect(await desk.accounts()).toEqual([{ id: ACCOUNT, users: 1 }]);
  });

  it('[ADMIN1] completes an account that a stop left without users', async () => {
    await store.accounts.create({ id: 'half', createdAt: 1 });
    await desk.createAccount('half', { loginName: 'boss', password: PASSWORD });
    expect((await desk.setup('half')).users.size).toBe(1);
  });

  it.each([
    ['an id that cannot be', 'no spaces', 'boss', PASSWORD, '"no spaces"'],
    ['an id of 21', 'x'.repeat(21), 'boss', PASSWORD, '1 to 20'],
    ['an id that is taken', ACCOUNT, 'boss', PASSWORD, 'already'],
    ['a poor password', 'fresh', 'boss', 'password', 'guessed first'],
    ['a login name that is none', 'fresh', ' \n', PASSWORD, 'loginName'],
  ])('[ADMIN2] refuses %s and changes nothing', async (_, id, loginName, password, words) => {
    const before = await store.accounts.list();
    await expect(desk.createAccount(id, { loginName, password })).rejects.toThrow(words);
    expect(await store.accounts.list()).toEqual(before);
  });

  it('[ADMIN3] makes users with skills, roles and sensible defaults', async () => {
    const sales = await desk.createSkill(ACCOUNT, { name: 'Sales' });
    const id = await desk.createUser(ACCOUNT, { loginName: 'ann', skills: ['SALES'] }, PASSWORD);
    const setup = await desk.setup(ACCOUNT);
    expect(setup.users.get(id)).toMatchObject({
      loginName: 'ann',
      fullName: 'ann',
      nickname: 'ann',
      kind: 'human',
      roles: ['agent'],
      skillIds: [sales],
      groupId: 1,
      maxChats: 3,
      enabled: true,
    });
    expect(setup.engine.skills.get(sales)?.maxWaitTime).toBe(120);
    const bot = await desk.createUser(ACCOUNT, { loginName: 'robo', kind: 'bot' }, null);
    expect((await desk.setup(ACCOUNT)).users.get(bot)?.passwordHash).toBeNull();
  });

  it.each([
    ['a taken name', { loginName: 'BOSS' }, 'already'],
    ['an unknown skill', { loginName: 'x', skills: ['Support'] }, 'no skill Support'],
    ['an unknown group', { loginName: 'x', group: 'Night' }, 'Main Group'],
    ['a cap that is none', { loginName: 'x', maxChats: -2 }, '-2'],
  ])('[ADMIN4] refuses a user with %s, saying why', async (_, user, words) => {
    const before = await desk.setup(ACCOUNT);
    await expect(desk.createUser(ACCOUNT, user, PASSWORD)).rejects.toThrow(words);
    expect((await desk.setup(ACCOUNT)).revisions).toEqual(before.revisions);
  });

  it('[ADMIN4] names the accounts and users that there are not', async () => {
    await expect(desk.setup('nope')).rejects.toThrow(/no account nope.*shop/);
    await expect(desk.disableUser(ACCOUNT, 'ghost')).rejects.toThrow(/no user ghost/);
    await expect(desk.createSkill(ACCOUNT, { name: 'sales' })).rejects.toThrow('already');
    await expect(desk.revokeKey(ACCOUNT, 'nokey')).rejects.toThrow('no key nokey');
  });

  it('[ADMIN5] ends the logins of a user who is disabled, gets a password, or loses a key', async () => {
    const { appKey } = await desk.createBotKey(ACCOUNT, 'ann', 'client');
    const id = (await desk.setup(ACCOUNT)).userByLogin.get('ann')?.id ?? 0;
    const acts = [
      () => desk.disableUser(ACCOUNT, 'ann'),
      () => desk.setPassword(ACCOUNT, 'ann', 'another password'),
      () => desk.revokeKey(ACCOUNT, appKey),
    ];
    for (const act of acts) {
      await store.logins.put(ACCOUNT, {
        bearerHash: 'a'.repeat(64),
        cookieHash: 'b'.repeat(64),
        csrfHash: 'c'.repeat(64),
        userId: id,
        createdAt: 0,
        expiresAt: 1000,
        ttl: 1000,
      });
      await act();
      expect(await store.logins.load(ACCOUNT, 0)).toEqual([]);
    }
    await desk.enableUser(ACCOUNT, 'ann');
    expect((await desk.setup(ACCOUNT)).users.get(id)?.enabled).toBe(true);
  });

  it('[ADMIN6] keeps hashes of what is secret, and shows it once', async () => {
    const made = await desk.createBotKey(ACCOUNT, 'robo', 'tokens');
    const record = (await desk.setup(ACCOUNT)).appKeys.get(made.appKey);
    expect(record).toMatchObject({ kind: 'agent', accessToken: made.accessToken });
    const { items } = await store.config.load(ACCOUNT);
    const audit = await store.config.audit(ACCOUNT, { limit: 100 });
    const kept = JSON.stringify([items, audit]);
    for (const secret of [made.secret, made.accessTokenSecret, PASSWORD]) {
      expect(secret?.length).toBeGreaterThan(8);
      expect(kept).not.toContain(secret);
    }
    const client = await desk.createBotKey(ACCOUNT, 'robo', 'client');
    expect([client.accessToken, client.accessTokenSecret]).toEqual([null, null]);
  });

  it('[ADMIN7] writes down who did what, when and from where', async () => {
    const key = await desk.createVisitorKey(ACCOUNT, 'page');
    const id = (await desk.setup(ACCOUNT)).appKeys.get(key)?.id;
    const [entry] = await store.config.audit(ACCOUNT, { limit: 1 });
    expect(entry).toMatchObject({
      at: 42,
      actor: 'test',
      from: 'here',
      action: 'key.create',
      target: `appKey:${id}`,
    });
  });

  it('[ADMIN8] changes and deletes users and skills, and says what cannot be', async () => {
    const sales = (await desk.setup(ACCOUNT)).skillByName.get('sales')?.id;
    await desk.createUser(ACCOUNT, { loginName: 'tom', skills: ['Sales'] }, null);
    await desk.changeUser(ACCOUNT, 'tom', { maxChats: 7, roles: ['agent', 'manager'] });
    const before = (await desk.setup(ACCOUNT)).userByLogin.get('tom');
    expect(before).toMatchObject({ maxChats: 7, skillIds: [sales], roles: ['agent', 'manager'] });
    await desk.changeUser(ACCOUNT, 'tom', { skills: [], group: 'main group' });
    expect((await desk.setup(ACCOUNT)).userByLogin.get('tom')).toMatchObject({ skillIds: [] });
    await expect(desk.changeUser(ACCOUNT, 'tom', { maxChats: 4000 })).rejects.toThrow(
      'maxChats must be at most 1000, got 4000.',
    );
    await desk.deleteUser(ACCOUNT, 'tom');
    await expect(desk.changeUser(ACCOUNT, 'tom', {})).rejects.toThrow('no user tom');

    await desk.createSkill(ACCOUNT, { name: 'Night' });
    await desk.changeSkill(ACCOUNT, 'night', { maxWaitTime: 5 });
    expect((await desk.setup(ACCOUNT)).skillByName.get('night')).toMatchObject({ maxWaitTime: 5 });
    await desk.deleteSkill(ACCOUNT, 'Night');
    await expect(desk.deleteSkill(ACCOUNT, 'Night')).rejects.toThrow('no skill Night');
  });

  it('[ADMIN8] leaves the last administrator in office', async () => {
    await expect(desk.disableUser(ACCOUNT, 'boss')).rejects.toThrow('administrator');
    await expect(desk.deleteUser(ACCOUNT, 'boss')).rejects.toThrow('administrator');
    await expect(desk.changeUser(ACCOUNT, 'boss', { roles: ['agent'] })).rejects.toThrow(
      'administrator',
    );
  });

  it('[ADMIN9] rotates a key: its old secrets are void', async () => {
    const old = await desk.createBotKey(ACCOUNT, 'robo', 'tokens');
    const kept = async () => (await desk.setup(ACCOUNT)).appKeys.get(old.appKey);
    const before = await kept();
    const made = await desk.rotateKey(ACCOUNT, old.appKey);
    expect(made.appKey).toBe(old.appKey);
    expect(new Set([made.secret, old.secret, made.accessTokenSecret]).size).toBe(3);
    expect((await kept())?.secretHash).not.toBe(before?.secretHash);
    expect((await kept())?.sealedSecret).not.toBe(before?.sealedSecret);
  });

  it('[OUTGO6] refuses a mail server that the server does not connect to', async () => {
    await expect(
      desk.changeSettings(ACCOUNT, { mail: { host: '0xa9fea9fe', from: 'shop@example.com' } }),
    ).rejects.toThrow('mail.host "0xa9fea9fe" is the address of a metadata service');
    const metadata = { mail: { host: '169.254.169.254', from: 'shop@example.com' } };
    await desk.changeSettings(ACCOUNT, metadata, ['169.254.0.0/16']);
    expect((await desk.settings(ACCOUNT)).mail).toMatchObject(metadata.mail);
    await expect(desk.changeSettings(ACCOUNT, metadata, ['all'])).rejects.toThrow(
      '"all" is neither an address nor a range',
    );
  });

  it('[ADMIN10] shows and changes the settings as the wire does', async () => {
    await desk.changeSettings(ACCOUNT, { timeZone: 'Europe/Athens', ringSeconds: '30' });
    expect(await desk.settings(ACCOUNT)).toMatchObject({
      timeZone: 'Europe/Athens',
      ringSeconds: 30,
      typingSeconds: 10,
    });
    await expect(desk.changeSettings(ACCOUNT, { timeZone: 'Mars/Base' })).rejects.toThrow(
      'timeZone "Mars/Base"',
    );
    await expect(desk.changeSettings(ACCOUNT, { ringSeconds: 1 })).rejects.toThrow(
      'ringSeconds must be at least 5, got 1.',
    );
    const [entry] = await desk.audit(ACCOUNT, 1);
    expect(entry).toMatchObject({ action: 'settings.change', actor: 'test' });
    expect(JSON.parse(entry?.detail ?? '')).toEqual({ timeZone: 'Europe/Athens', ringSeconds: 30 });
  });
});
