import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newFolder, parley, parleyHere, post, type Started, serveForAll } from './parley.js';

const PASSWORD = 'a good password';
/** Wrong passwords are slowed down after the fifth: who waits for a change does not ask so often. */
const PATIENCE = { timeout: 10_000, interval: 700 };

describe('parley account create', { timeout: 60_000 }, () => {
  it('[CLI10] takes the password from a file or the environment', async () => {
    const folder = await newFolder();
    const file = join(folder, 'password');
    await writeFile(file, `${PASSWORD}\n`);
    const dataDir = ['--data-dir', join(folder, 'data')];
    const byFile = ['account', 'create', 'one', '--admin', 'boss', '--password-file', file];
    expect(await parleyHere([...byFile, ...dataDir])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Account one is made; its administrator is boss.'),
    });
    const byVariable = ['account', 'create', 'two', '--admin', 'boss', ...dataDir];
    expect((await parley(byVariable, { PARLEY_PASSWORD: PASSWORD })).code).toBe(0);
    const { out } = await parleyHere(['account', 'list', ...dataDir]);
    expect(out).toBe('ACCOUNT  USERS\none      1\ntwo      1\n');
  });

  it('[CLI11] never takes it from the command line, and has no default', async () => {
    const folder = await newFolder();
    const create = ['account', 'create', 'one', '--admin', 'boss', '--data-dir', folder];
    const flag = await parley([...create, '--password', PASSWORD]);
    expect(flag).toMatchObject({
      code: 1,
      err: expect.stringContaining("unknown option '--password'"),
    });
    const nothing = await parleyHere(create);
    expect(nothing.code).toBe(1);
    expect(nothing.err).toContain('--password-file');
    expect(nothing.err).toContain('PARLEY_PASSWORD');
    expect(existsSync(join(folder, 'parley.db'))).toBe(false);
  });

  it.each([
    ['missing', null, 'cannot be read'],
    ['empty', '', 'empty'],
    ['of two lines', 'one\ntwo\n', '2 lines'],
    ['with a poor password', 'password\n', 'guessed first'],
  ])('[CLI12] refuses a password file that is %s', async (_, text, words) => {
    const folder = await newFolder();
    const file = join(folder, 'password');
    if (text !== null) await writeFile(file, text);
    const { code, err } = await parleyHere([
      ...['account', 'create', 'one', '--admin', 'boss', '--password-file', file],
      ...['--data-dir', join(folder, 'data')],
    ]);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  it('[CLI25] everything is in .parley-data of the current folder, or what is there already', async () => {
    const folder = await newFolder();
    const variables = { PARLEY_PASSWORD: PASSWORD };
    const create = ['account', 'create', 'one', '--admin', 'boss'];
    expect((await parley(create, variables, folder)).code).toBe(0);
    expect(existsSync(join(folder, '.parley-data', 'parley.db'))).toBe(true);
    const below = join(folder, 'below');
    await mkdir(below);
    const lost = await parley(['account', 'list'], {}, below);
    expect([lost.code, lost.err]).toEqual([
      1,
      expect.stringContaining(`--data-dir ${join(folder, '.parley-data')}`),
    ]);
    await rename(join(folder, '.parley-data'), join(folder, 'parley-data'));
    expect((await parley(['account', 'list'], {}, folder)).out).toContain('one');
    expect(existsSync(join(folder, '.parley-data'))).toBe(false);
  });

  it('[CLI13] and the others say what is wrong, and make no data directory by mistake', async () => {
    const folder = await newFolder();
    const dataDir = ['--data-dir', join(folder, 'data')];
    for (const args of [
      ['account', 'list'],
      ['user', 'list', 'one'],
      ['key', 'list', 'one'],
    ]) {
      const { code, err } = await parleyHere([...args, ...dataDir]);
      expect(code).toBe(1);
      expect(err).toContain(join(folder, 'data'));
    }
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const variables = { PARLEY_PASSWORD: PASSWORD };
    const create = ['account', 'create', 'one', '--admin', 'boss', ...dataDir];
    await parleyHere(create, variables);
    expect((await parleyHere(create, variables)).err).toContain('There is an account one already');
    expect((await parleyHere(['user', 'list', 'two', ...dataDir])).err).toContain('there are one');
  });
});

// The server is a process of its own; commands write beside it.
describe('beside a running server', { timeout: 90_000 }, () => {
  let folder: string;
  let server: Started;
  let origin: string;
  let base: string;
  let dataDir: readonly string[];
  let accounts = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
    dataDir = ['--data-dir', folder];
    const free = ['--http-port', '0', '--https-port', 'off'];
    const { started, ready } = await serveForAll([...dataDir, ...free]);
    server = started;
    origin = ready.http;
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const outcome = await parleyHere([...args, ...dataDir], { PARLEY_PASSWORD: PASSWORD });
    expect(outcome).toMatchObject({ code: 0 });
    return outcome.out;
  };
  const login = (body: Readonly<Record<string, string>>) => post(`${base}/login`, body);
  const byPassword = (username: string, password = PASSWORD) => login({ username, password });

  it('[CLI14] accounts, skills and users are made, and the server knows them within seconds', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    expect((await byPassword('boss')).body).toMatchObject({ config: { isAdmin: true } });
    await run('skill', 'create', shop, 'Sales', '--max-wait-time', '60');
    await run('user', 'create', shop, 'ann', '--skill', 'Sales', '--max-chats', '5');
    await vi.waitFor(async () => expect((await byPassword('ann')).status).toBe(200), PATIENCE);
    const users = await run('user', 'list', shop);
    expect(users).toMatch(/ann +human +enabled +agent +Sales +5/);
    expect(await run('skill', 'list', shop)).toMatch(/Sales +60 s +1/);
    await run('user', 'create', shop, 'mia', '--role', 'manager', '--role', 'agent');
    expect(await run('user', 'list', shop)).toContain('agent, manager');
  });

  it('[CFG56] commands and requests that write at the same moment all succeed', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    const bearer = String((await byPassword('boss')).body['bearer']);
    const writing = { over: false };
    const requests = Array.from({ length: 8 }, async (_, writer) => {
      const statuses: number[] = [];
      for (let round = 0; round < 25 && !writing.over; round += 1) {
        const name = `request ${writer} ${round}`;
        const skills = `${base}/configuration/le-users/skills`;
        statuses.push((await post(skills, { name }, bearer)).status);
      }
      return statuses;
    });
    const names = ['one', 'two'].map((name) => `command ${name}`);
    const command = (name: string) => parley(['skill', 'create', shop, name, ...dataDir]);
    const made = await Promise.all(names.map(command)).finally(() => {
      writing.over = true;
    });
    expect(made.map(({ code, err }) => [code, err])).toEqual(names.map(() => [0, '']));
    const statuses = (await Promise.all(requests)).flat();
    expect(new Set(statuses)).toEqual(new Set([201]));
    const skills = await run('skill', 'list', shop);
    for (const name of names) expect(skills).toContain(name);
    expect(skills.match(/ request \d/g)).toHaveLength(statuses.length);
  });

  it('[CLI15] a disabled user is out at once, with all logins, until enabled again', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    await run('user', 'create', shop, 'ann');
    const { body } = await vi.waitFor(async () => {
      const reply = await byPassword('ann');
      expect(reply.status).toBe(200);
      return reply;
    }, PATIENCE);
    const bearer = String(body['bearer']);
    const open = () => post(`${base}/agentSession`, {}, bearer);
    expect((await open()).status).toBe(201);
    await run('user', 'disable', shop, 'ann');
    await vi.waitFor(async () => expect((await open()).status).toBe(401), PATIENCE);
    expect((await byPassword('ann')).status).toBe(401);
    await run('user', 'enable', shop, 'ann');
    await vi.waitFor(async () => expect((await byPassword('ann')).status).toBe(200), PATIENCE);
    expect((await open()).status).toBe(401);
  });

  it('[CLI16] a new password counts, the old one and its logins do not', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    const { body } = await byPassword('boss');
    const args = ['user', 'set-password', shop, 'boss', ...dataDir];
    const next = 'another good password';
    expect((await parleyHere(args, { PARLEY_PASSWORD: next })).code).toBe(0);
    const login = [{ csrf: body['csrf'] }, String(body['bearer'])] as const;
    await vi.waitFor(
      async () => expect((await post(`${base}/refresh`, ...login)).status).toBe(401),
      PATIENCE,
    );
    expect((await byPassword('boss', next)).status).toBe(200);
    expect((await byPassword('boss')).status).toBe(401);
    const old = await post(`${base}/logout`, { csrf: body['csrf'] }, String(body['bearer']));
    expect(old.status).toBe(401);
  });

  it('[CLI17] bot keys are shown once with their secrets, log in, and end when revoked', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    await run('user', 'create', shop, 'robo', '--kind', 'bot');
    const made = await run('key', 'create', shop, '--kind', 'bot', '--user', 'robo');
    const value = (name: string) => new RegExp(`^${name} +(\\S+)$`, 'm').exec(made)?.[1] ?? '';
    const credentials = {
      username: 'robo',
      appKey: value('appKey'),
      secret: value('secret'),
      accessToken: value('accessToken'),
      accessTokenSecret: value('accessTokenSecret'),
    };
    await vi.waitFor(async () => expect((await login(credentials)).status).toBe(200), PATIENCE);
    const keys = await run('key', 'list', shop);
    expect(keys).toContain(credentials.appKey);
    expect(keys).not.toContain(credentials.secret);
    expect(keys).not.toContain(credentials.accessTokenSecret);
    await run('key', 'revoke', shop, credentials.appKey);
    await vi.waitFor(async () => expect((await login(credentials)).status).toBe(401), PATIENCE);
    expect(await run('key', 'list', shop)).not.toContain(credentials.appKey);
  });

  it('[CLI18] visitor keys and OAuth 2 clients are made; what does not fit together is refused', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    expect(await run('key', 'create', shop)).toMatch(/^appKey {2}[0-9a-f]{32}\n$/);
    const client = await run('key', 'create', shop, '--kind', 'bot', '--user', 'boss', '--oauth2');
    expect(client).toMatch(/^appKey +[0-9a-f]{32}\nsecret +[0-9a-f]{64}\n$/);
    const file = join(await newFolder(), 'key');
    await writeFile(file, '0123456789abcdef0123456789abcdef\n');
    const given = await parleyHere(['key', 'create', shop, '--value-file', file, ...dataDir]);
    expect(given).toMatchObject({
      code: 0,
      out: 'appKey  0123456789abcdef0123456789abcdef\n',
      err: expect.stringContaining('It is no secret'),
    });
    const wrong = [
      ['--value-file', file],
      ['--value-file', file, '--kind', 'bot', '--user', 'boss'],
      ['--kind', 'bot'],
      ['--kind', 'bot', '--user', 'boss', '--trusted'],
      ['--user', 'boss'],
      ['--kind', 'bot', '--user', 'ghost'],
    ];
    for (const args of wrong) {
      const { code, out } = await parleyHere(['key', 'create', shop, ...args, ...dataDir]);
      expect([code, out]).toEqual([1, '']);
    }
  });

  it('[CLI19] users and skills are changed and deleted', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    await run('skill', 'create', shop, 'Sales');
    await run('user', 'create', shop, 'ann', '--skill', 'Sales');
    await run('user', 'change', shop, 'ann', '--max-chats', '7', '--role', 'manager');
    expect(await run('user', 'list', shop)).toMatch(/ann +human +enabled +manager +Sales +7/);
    await run('user', 'change', shop, 'ann', '--no-skill');
    await run('skill', 'change', shop, 'sales', '--name', 'Shop', '--max-wait-time', '9');
    expect(await run('skill', 'list', shop)).toMatch(/Shop +9 s +0/);
    await run('skill', 'delete', shop, 'Shop');
    await run('user', 'delete', shop, 'ann');
    expect(await run('user', 'list', shop)).not.toContain('ann');
    const last = await parleyHere(['user', 'disable', shop, 'boss', ...dataDir]);
    expect([last.code, last.err]).toEqual([1, expect.stringContaining('administrator')]);
  });

  it('[REASON8] status reasons are made, changed, listed and deleted', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    expect(await run('reason', 'create', shop, 'Lunch', '--state', 'Away')).toContain('id is 1');
    await run('reason', 'create', shop, 'Desk', '--state', 'Online', '--order', '1');
    await run('reason', 'change', shop, 'lunch', '--text', 'Break', '--disable');
    expect(JSON.parse(await run('reason', 'list', shop, '--json'))).toEqual([
      { id: 1, text: 'Break', state: 'Away', enabled: false, order: 1 },
      { id: 2, text: 'Desk', state: 'Online', enabled: true, order: 1 },
    ]);
    const taken = ['reason', 'create', shop, 'BREAK', '--state', 'Away', ...dataDir];
    expect((await parleyHere(taken)).err).toContain('There is a status reason "BREAK" already');
    await run('reason', 'delete', shop, 'break');
    expect(await run('reason', 'list', shop)).toBe('ID  TEXT  STATE\n2   Desk  Online  enabled\n');
    const gone = await parleyHere(['reason', 'delete', shop, 'break', ...dataDir]);
    expect([gone.code, gone.err]).toEqual([
      1,
      expect.stringContaining(`parley reason list ${shop}`),
    ]);
    const nothing = await parleyHere(['reason', 'change', shop, 'Desk', ...dataDir]);
    expect(nothing.err).toContain('Say what to change');
  });

  it('[CLI22] keys are rotated, settings shown and set, and all of it is audited', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    const made = await run('key', 'create', shop, '--kind', 'bot', '--user', 'boss');
    const [, key = ''] = /^appKey +(\S+)$/m.exec(made) ?? [];
    const rotated = await run('key', 'rotate', shop, key);
    expect(rotated).toContain(key);
    const [, old = ''] = /^secret +(\S+)$/m.exec(made) ?? [];
    expect(rotated).not.toContain(old);

    const file = join(await newFolder(), 'settings.json');
    await writeFile(file, JSON.stringify({ timeZone: 'Europe/Athens', ringSeconds: 33 }));
    await run('account', 'settings', shop, '--change', file);
    expect(JSON.parse(await run('account', 'settings', shop))).toMatchObject({
      timeZone: 'Europe/Athens',
      ringSeconds: 33,
      typingSeconds: 10,
    });
    await writeFile(file, JSON.stringify({ ringSeconds: 1 }));
    const wrong = ['account', 'settings', shop, '--change', file, ...dataDir];
    expect((await parleyHere(wrong)).err).toContain('ringSeconds must be at least 5, got 1.');
    const days = [{ weekday: 'Monday', from: '09:00', untill: '17:00', to: '17:00' }];
    for (const [misspelled, place] of [
      [{ ringSeconds: 40, ringSecond: 41 }, 'ringSecond'],
      [{ ringSeconds: 40, openingHours: { days } }, 'openingHours.days[0].untill'],
    ] as const) {
      await writeFile(file, JSON.stringify(misspelled));
      const { code, err } = await parleyHere(wrong);
      expect([code, err]).toEqual([1, expect.stringContaining(`There is no setting ${place}: `)]);
    }
    expect(JSON.parse(await run('account', 'settings', shop)).ringSeconds).toBe(33);

    const newest = await run('account', 'audit', shop, '--limit', '1', '--json');
    expect(JSON.parse(newest)).toEqual([
      expect.objectContaining({
        action: 'settings.change',
        detail: { timeZone: 'Europe/Athens', ringSeconds: 33 },
      }),
    ]);
    const audit = (await run('account', 'audit', shop, '--limit', '3')).split('\n');
    expect(audit[1]).toMatch(/cli(:\S+)? +settings.change +settings .*Athens/);
    expect(audit[2]).toContain('key.rotate');
    expect(audit[3]).toContain('key.create');
  });

  it('[CLI23] lists are JSON for programs, without secrets', async () => {
    const shop = begin();
    await run('account', 'create', shop, '--admin', 'boss');
    await run('skill', 'create', shop, 'Sales', '--max-wait-time', '60');
    await run('user', 'create', shop, 'robo', '--kind', 'bot', '--skill', 'Sales');
    const made = await run('key', 'create', shop, '--kind', 'bot', '--user', 'robo', '--oauth2');
    const [, key = ''] = /^appKey +(\S+)$/m.exec(made) ?? [];
    const listed = async (...args: string[]) => JSON.parse(await run(...args, '--json')) as unknown;
    expect(await listed('account', 'list')).toContainEqual({ id: shop, users: 2 });
    expect(await listed('skill', 'list', shop)).toEqual([
      { id: expect.any(Number), name: 'Sales', maxWaitTime: 60, users: 1 },
    ]);
    const robo = { kind: 'bot', enabled: true, roles: ['agent'], skills: ['Sales'], maxChats: 3 };
    expect(await listed('user', 'list', shop)).toEqual([
      expect.objectContaining({ loginName: 'boss', roles: ['administrator'] }),
      { id: expect.any(Number), loginName: 'robo', ...robo },
    ]);
    expect(await listed('key', 'list', shop)).toEqual([
      { key, kind: 'bot', user: 'robo', trusted: false, oauth2: true },
    ]);
  });

  /** An account of the test's own, which is not made yet. */
  function begin(): string {
    accounts += 1;
    const account = `shop${accounts}`;
    base = `${origin}/api/account/${account}`;
    return account;
  }
});
