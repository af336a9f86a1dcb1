import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, GROUPS, type ApiRecord, USERS } from './configuration-fixture.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const AGENT1 = 101;
const ADMIN = 105;
const PASSWORD = 'a good password';

const newUser = (loginName: string, more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', USERS, { loginName, ...more });

describe('a user', () => {
  it('[CFG11] is made with sensible defaults', async () => {
    const user = await newUser('Plain');
    expect(user).toEqual({
      id: expect.any(Number),
      deleted: false,
      loginName: 'Plain',
      fullName: 'Plain',
      nickname: 'Plain',
      email: '',
      isEnabled: true,
      isActive: true,
      maxChats: 3,
      skillIds: [],
      memberOf: { agentGroupId: 1, assignmentDate: '2024-07-01 12:00:00' },
      managerOf: [],
      permissionGroups: [2],
      profileIds: [2],
      userTypeId: 1,
      description: '',
      mobileNumber: '',
      employeeId: '',
      pictureUrl: '',
      changePwdNextLogin: false,
      disabledManually: false,
      dateUpdated: '2024-07-01 12:00:00',
    });
  });

  it('[CFG11] has every field that is given, numbers and flags also as texts', async () => {
    const fields = {
      loginName: 'rich',
      fullName: 'Rich User',
      nickname: 'Richie',
      email: 'rich@example.com',
      isEnabled: 'true',
      maxChats: '-1',
      skillIds: ['12', 11, 11],
      memberOf: { agentGroupId: '1', assignmentDate: '2015-06-22 19:20:03' },
      userTypeId: '2',
      description: 'Does much',
      mobileNumber: '0542-123456',
      employeeId: 'EXT-1',
      pictureUrl: 'https://example.com/rich.png',
      changePwdNextLogin: true,
      unknownField: 'is left out',
      roles: ['administrator'],
      signedOutAt: 5,
    };
    const user = await newUser('rich', fields);
    expect(user).toMatchObject({
      nickname: 'Richie',
      maxChats: -1,
      skillIds: [12, 11],
      userTypeId: 2,
      employeeId: 'EXT-1',
      pictureUrl: 'https://example.com/rich.png',
      changePwdNextLogin: true,
      profileIds: [2],
      memberOf: { agentGroupId: 1, assignmentDate: '2024-07-01 12:00:00' },
    });
    expect(user).not.toHaveProperty('unknownField');
  });

  it('[CFG10] is not made with a wrong field: it is named, with value and rule', async () => {
    const cases: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ loginName: '  ' }, 'loginName must not be empty.'],
      [{ loginName: 'a\u0007b' }, 'loginName'],
      [{ loginName: 'x'.repeat(101) }, 'loginName must be at most 100 characters, got 101.'],
      [{ loginName: 'a', maxChats: 1001 }, 'maxChats must be at most 1000, got 1001.'],
      [{ loginName: 'a', maxChats: -2 }, 'maxChats must be at least -1, got -2.'],
      [{ loginName: 'a', maxChats: 'many' }, 'maxChats must be a whole number, got "many".'],
      [{ loginName: 'a', userTypeId: 3 }, 'userTypeId must be at most 2, got 3.'],
      [{ loginName: 'a', email: 'nobody' }, 'email "nobody" is no e-mail address'],
      [
        { loginName: 'a', pictureUrl: 'javascript:alert(1)' },
        'pictureUrl must be an address with https: or http:, got "javascript:',
      ],
      [{ loginName: 'a', isEnabled: 'maybe' }, 'isEnabled must be true or false'],
      [{ loginName: 'a', mobileNumber: '1'.repeat(41) }, 'mobileNumber must be at most 40'],
      [{ loginName: 'a', passwordSh: 'password1' }, 'guessed first'],
    ];
    for (const [user, words] of cases) {
      const [status, message] = await fixture.refused('POST', USERS, user);
      expect([status, message]).toEqual([400, expect.stringContaining(words)]);
    }
    const [status, message] = await fixture.refused('POST', USERS, '{"loginName": "a",}');
    expect([status, message]).toEqual([400, expect.stringContaining('line 1')]);
  });

  it('[CFG12] holds only skills and belongs only to groups that there are', async () => {
    expect(await fixture.refused('POST', USERS, { loginName: 'a', skillIds: [11, 99] })).toEqual([
      400,
      expect.stringContaining('99'),
    ]);
    for (const field of [
      { memberOf: { agentGroupId: 77 } },
      { profileIds: [3], managerOf: [{ agentGroupId: 77 }] },
    ]) {
      expect(await fixture.refused('PUT', `${USERS}/${AGENT1}`, field)).toEqual([
        400,
        expect.stringContaining('77'),
      ]);
    }
  });

  it('[CFG13] has roles by number, in either of two fields', async () => {
    const { id } = await newUser('roles', { profileIds: [1, 3] });
    const put = async (fields: Readonly<Record<string, unknown>>) =>
      (await fixture.require('PUT', `${USERS}/${id}`, fields))['profileIds'];
    expect(await put({ permissionGroups: [2] })).toEqual([2]);
    // Who read both fields and changed one means that one.
    expect(await put({ permissionGroups: [2], profileIds: ['3'] })).toEqual([3]);
    expect(await put({ permissionGroups: [1], profileIds: [3] })).toEqual([1]);
    expect(await put({ permissionGroups: [2, 3], profileIds: [3, 2] })).toEqual([2, 3]);
    for (const wrong of [
      { profileIds: [1], permissionGroups: [2] },
      { profileIds: [] },
      { profileIds: [4] },
    ]) {
      expect((await fixture.refused('PUT', `${USERS}/${id}`, wrong))[0]).toBe(400);
    }
  });

  it('[CFG13] manages groups only as a manager', async () => {
    const managerOf = [{ agentGroupId: 1 }];
    const { id } = await newUser('boss', { profileIds: [3], managerOf });
    expect(await fixture.require('GET', `${USERS}/${id}`)).toMatchObject({
      managerOf: [{ agentGroupId: 1, assignmentDate: '2024-07-01 12:00:00' }],
    });
    expect(
      await fixture.require('PUT', `${USERS}/${id}`, { profileIds: [2], managerOf }),
    ).toMatchObject({
      profileIds: [2],
      managerOf: [],
    });
    expect((await fixture.refused('PUT', `${USERS}/${id}`, { managerOf }))[0]).toBe(400);
  });

  it('[CFG14] who is the last enabled administrator stays one', async () => {
    const path = `${USERS}/${ADMIN}`;
    const others = (await fixture.list(USERS)).filter(
      ({ id, profileIds }) => id !== ADMIN && (profileIds as number[]).includes(1),
    );
    if (others.length > 0)
      await fixture.require(
        'DELETE',
        USERS,
        others.map(({ id }) => id),
      );
    const acts: readonly (readonly [string, string, unknown])[] = [
      ['DELETE', path, undefined],
      ['PUT', path, { isEnabled: false }],
      ['PUT', path, { profileIds: [2, 3] }],
      ['DELETE', USERS, [ADMIN, AGENT1]],
    ];
    for (const act of acts) {
      expect(await fixture.refused(...act)).toEqual([
        409,
        expect.stringContaining('administrator'),
      ]);
    }
  });

  it('[CFG14] of two administrators who take each other’s right at once one stays', async () => {
    const { id } = await newUser('admin2', { profileIds: [1], passwordSh: 'parley-demo' });
    const replies = await Promise.all([
      fixture.call('PUT', `${USERS}/${id}`, { profileIds: [2] }),
      fixture.call('PUT', `${USERS}/${ADMIN}`, { profileIds: [2] }, { as: 'admin2' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const users = [...(await fixture.fixture.host()).config.users.values()];
    expect(users.filter(({ roles }) => roles.includes('administrator'))).toHaveLength(1);
    await fixture.fixture.changeUser(ADMIN, { roles: ['administrator'] });
  });

  it('[CFG15] says whether an administrator disabled it', async () => {
    const { id } = await newUser('switched');
    const put = (fields: Readonly<Record<string, unknown>>) =>
      fixture.require('PUT', `${USERS}/${id}`, fields);
    expect(await put({ isEnabled: false })).toMatchObject({
      isEnabled: false,
      isActive: false,
      disabledManually: true,
    });
    expect(await put({ isEnabled: true })).toMatchObject({
      isEnabled: true,
      disabledManually: false,
    });
    expect(await put({ isEnabled: false, disabledManually: false })).toMatchObject({
      disabledManually: false,
    });
  });

  it('[CFG16] shows since when it belongs to its group, on the account’s clock', async () => {
    await fixture.require('PUT', '/configuration/settings', { timeZone: 'Europe/Athens' });
    const group = await fixture.require('POST', GROUPS, { name: 'Newcomers' });
    const { id } = await newUser('mover');
    fixture.fixture.clock.advance(60_000);
    const memberOf = { agentGroupId: group.id };
    expect(await fixture.require('PUT', `${USERS}/${id}`, { memberOf, maxChats: 4 })).toMatchObject(
      {
        memberOf: { agentGroupId: group.id, assignmentDate: '2024-07-01 15:01:00' },
      },
    );
    fixture.fixture.clock.advance(60_000);
    expect(await fixture.require('PUT', `${USERS}/${id}`, { memberOf, maxChats: 5 })).toMatchObject(
      {
        memberOf: { assignmentDate: '2024-07-01 15:01:00' },
        dateUpdated: '2024-07-01 15:02:00',
      },
    );
    await fixture.require('PUT', '/configuration/settings', { timeZone: 'UTC' });
  });

  it('[CFG17] never shows its password', async () => {
    const reply = await fixture.call('POST', USERS, {
      loginName: 'secretive',
      passwordSh: PASSWORD,
    });
    expect(reply.status).toBe(201);
    const { id } = reply.body as ApiRecord;
    const put = await fixture.call('PUT', `${USERS}/${id}`, { passwordSh: `${PASSWORD}!` });
    const audit = await fixture.call('GET', '/configuration/audit');
    const query = await fixture.call('POST', `${USERS}/query`, { type: 2 });
    const everything = [reply, put, audit, query, await fixture.call('GET', USERS)]
      .map(({ text }) => text)
      .join();
    expect(everything).not.toContain(PASSWORD);
    expect(everything).not.toContain('argon2');
    expect(everything).not.toContain('passwordSh');
    expect(fixture.fixture.server.log).not.toContain(PASSWORD);
    expect((await fixture.fixture.server.login('secretive', `${PASSWORD}!`)).userId).toBe(
      String(id),
    );
  });
});
