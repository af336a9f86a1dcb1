import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ConfigurationFixture,
  GROUPS,
  SKILLS,
  type ApiRecord,
  USERS,
} from './configuration-fixture.js';
import { at } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const AGENT1 = 101;

const newUser = (loginName: string, more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', USERS, { loginName, ...more });

describe('a collection', () => {
  it('[CFG1] is answered with its revision, and not again to who has it', async () => {
    const all = await fixture.call('GET', `${USERS}?v=2.0`);
    expect(all.status).toBe(200);
    expect(all.headers).toMatchObject({ etag: '"1"', 'ac-revision': '1' });
    expect((all.body as ApiRecord[]).map(({ id }) => id)).toEqual([101, 102, 103, 104, 105]);
    const one = await fixture.call('GET', `${USERS}/${AGENT1}`);
    expect(one.body).toEqual((all.body as ApiRecord[])[0]);
    expect(one.headers.etag).toBe('"1"');
    for (const path of [USERS, `${USERS}/${AGENT1}`]) {
      const again = await fixture.call('GET', path, undefined, {
        headers: { 'if-none-match': '"1"' },
      });
      expect([again.status, again.text]).toEqual([304, '']);
      // As clients of the original ask.
      const reads = ['"1"', '1', '-1', '*', '7'].map(async (ifMatch) => {
        return (await fixture.call('GET', path, undefined, { ifMatch })).status;
      });
      expect(await Promise.all(reads)).toEqual([304, 304, 200, 200, 200]);
    }
    const other = await fixture.call('GET', USERS, undefined, {
      headers: { 'if-none-match': '"7"' },
    });
    expect(other.status).toBe(200);
  });

  it('[CFG2] gets one record, with its place, or a list, which is answered as one', async () => {
    const one = await fixture.call('POST', USERS, { loginName: 'one' });
    expect(one.status).toBe(201);
    const { id } = one.body as ApiRecord;
    expect(one.headers.location).toBe(`${fixture.fixture.base}${USERS}/${id}`);
    expect(one.headers.etag).toBe(`"${await fixture.revision(USERS)}"`);
    const many = await fixture.call('POST', USERS, [{ loginName: 'two' }, { loginName: 'three' }]);
    expect(many.status).toBe(201);
    expect(many.headers.location).toBeUndefined();
    expect((many.body as ApiRecord[]).map(({ loginName }) => loginName)).toEqual(['two', 'three']);
    const single = await fixture.call('POST', USERS, [{ loginName: 'four' }]);
    expect(Array.isArray(single.body)).toBe(true);
    expect(await fixture.revision(USERS)).toBe(4);
  });

  it('[CFG2] takes all of a list or none, and names the one that is wrong', async () => {
    const list = [{ loginName: 'fine' }, { loginName: 'wrong', skillIds: [99] }];
    const [status, message] = await fixture.refused('POST', USERS, list);
    expect(status).toBe(400);
    expect(message).toMatch(/99/);
    expect(await fixture.refused('POST', USERS, [{ loginName: 'fine' }, {}])).toEqual([
      400,
      '[1]: loginName is required.',
    ]);
    expect((await fixture.refused('POST', USERS, []))[0]).toBe(400);
    expect((await fixture.refused('POST', USERS, {}))[0]).toBe(400);
  });

  it('[CFG3] keeps the fields of a record that are not given', async () => {
    const user = await newUser('keeper', { nickname: 'Keep', maxChats: 5, skillIds: [11] });
    const reply = await fixture.require('PUT', `${USERS}/${user.id}`, { maxChats: 6 });
    expect(reply).toEqual({ ...user, maxChats: 6, dateUpdated: expect.any(String) });
    expect(await fixture.require('GET', `${USERS}/${user.id}`)).toEqual(reply);
  });

  it('[CFG3] takes a record back as it was read, changed or not', async () => {
    const user = await newUser('whole', { skillIds: [12], profileIds: [2, 3], managerOf: [] });
    const revision = await fixture.revision(USERS);
    const whole = { ...user, passwordSh: null };
    expect(await fixture.require('PUT', `${USERS}/${user.id}`, whole)).toEqual(user);
    expect(await fixture.revision(USERS)).toBe(revision);
    const changed = { ...whole, fullName: 'Changed Name' };
    expect((await fixture.require('PUT', `${USERS}/${user.id}`, changed))['fullName']).toBe(
      'Changed Name',
    );
    expect(await fixture.revision(USERS)).toBe(revision + 1);
  });

  it('[CFG3] refuses a record for the place of another, and what is not there', async () => {
    expect((await fixture.refused('PUT', `${USERS}/${AGENT1}`, { id: 102 }))[0]).toBe(400);
    for (const path of [`${USERS}/9999`, `${USERS}/none`, `${USERS}/0`, `${USERS}/-1`]) {
      expect((await fixture.refused('GET', path))[0]).toBe(404);
      expect((await fixture.refused('PUT', path, { maxChats: 1 }))[0]).toBe(404);
      expect((await fixture.refused('DELETE', path))[0]).toBe(404);
    }
  });

  it('[CFG4] is changed only at the revision that If-Match names', async () => {
    const { id } = await newUser('matched');
    const at = await fixture.revision(USERS);
    const put = (ifMatch: string, maxChats: number) =>
      fixture.call('PUT', `${USERS}/${id}`, { maxChats }, { ifMatch });
    for (const stale of [`"${at - 1}"`, String(at + 1), 'W/"0"', 'nonsense', '']) {
      const reply = await put(stale, 9);
      expect(reply.status).toBe(412);
      expect(reply.text).toContain(`revision ${at}`);
    }
    expect((await put('nonsense', 9)).text).toContain('If-Match names no revision: read it again');
    expect(await fixture.require('GET', `${USERS}/${id}`)).toMatchObject({ maxChats: 3 });
    expect((await put(`"${at}"`, 4)).status).toBe(200);
    expect((await put(String(at + 1), 5)).status).toBe(200);
    expect((await put(`"1", W/"${at + 2}"`, 6)).status).toBe(200);
    for (const any of ['*', '-1']) expect((await put(any, 7)).status).toBe(200);
    const remove = await fixture.call('DELETE', `${USERS}/${id}`, undefined, { ifMatch: '"1"' });
    expect(remove.status).toBe(412);
    const post = await fixture.call('POST', USERS, { loginName: 'late' }, { ifMatch: '"1"' });
    expect(post.status).toBe(412);
  });

  it('[CFG5] marks what is deleted; its id is never used again, its name is free', async () => {
    const first = await newUser('passing');
    const reply = await fixture.require('DELETE', `${USERS}/${first.id}`);
    expect(reply).toMatchObject({ id: first.id, deleted: true, isActive: false });
    expect((await fixture.refused('GET', `${USERS}/${first.id}`))[0]).toBe(404);
    expect((await fixture.refused('DELETE', `${USERS}/${first.id}`))[0]).toBe(404);
    expect((await fixture.refused('PUT', `${USERS}/${first.id}`, { maxChats: 1 }))[0]).toBe(404);
    expect((await fixture.list(USERS)).map(({ id }) => id)).not.toContain(first.id);
    const kept = await fixture.list(`${USERS}?include_deleted=true`);
    expect(kept.find(({ id }) => id === first.id)).toMatchObject({
      deleted: true,
      loginName: 'passing',
    });
    expect(await fixture.require('GET', `${USERS}/${first.id}?include_deleted=true`)).toMatchObject(
      {
        deleted: true,
      },
    );
    const second = await newUser('passing');
    expect(second.id).toBeGreaterThan(first.id);
    await fixture.require('DELETE', `${USERS}/${second.id}`);
    expect((await newUser('passing again')).id).toBeGreaterThan(second.id);
  });

  it('[CFG6] changes and deletes several at once, all or none', async () => {
    const [a, b] = [await newUser('several a'), await newUser('several b')];
    const revision = await fixture.revision(USERS);
    const changed = (await fixture.require('PUT', USERS, [
      { id: a.id, maxChats: 11 },
      { id: b.id, maxChats: 12 },
    ])) as unknown as ApiRecord[];
    expect(changed.map(({ maxChats }) => maxChats)).toEqual([11, 12]);
    expect(await fixture.revision(USERS)).toBe(revision + 1);
    expect(
      await fixture.refused('PUT', USERS, [{ id: a.id, maxChats: 1 }, { maxChats: 2 }]),
    ).toEqual([400, '[1]: id is required.']);
    expect((await fixture.refused('PUT', USERS, [{ id: a.id }, { id: 9999 }]))[1]).toContain(
      '9999',
    );
    expect((await fixture.refused('DELETE', USERS, [a.id, 9999]))[0]).toBe(404);
    const gone = await fixture.require('DELETE', USERS, [String(a.id), b.id]);
    expect((gone as unknown as ApiRecord[]).map(({ deleted }) => deleted)).toEqual([true, true]);
    expect((await fixture.refused('GET', `${USERS}/${b.id}`))[0]).toBe(404);
  });

  it('[CFG7] answers the fields that are selected', async () => {
    const select = (fields: string) =>
      fixture.require('GET', `${USERS}/${AGENT1}?select=${encodeURIComponent(fields)}`);
    expect(await select('id,loginName')).toEqual({ id: AGENT1, loginName: 'agent1' });
    expect(await select('id, memberOf(agentGroupId), nonsense')).toEqual({
      id: AGENT1,
      memberOf: { agentGroupId: 1 },
    });
    const all = await fixture.require('GET', `${USERS}/${AGENT1}`);
    for (const every of ['$all', '$all(skillIds)', "$all'", '']) {
      expect(await select(every)).toEqual(all);
    }
    const list = await fixture.list(`${USERS}?select=id`);
    expect(list[0]).toEqual({ id: AGENT1 });
    for (const wrong of ['id,', '(id)', 'id(', 'a b', '(', 'a'.repeat(1001), 'a('.repeat(9)]) {
      expect(
        (await fixture.refused('GET', `${USERS}?select=${encodeURIComponent(wrong)}`))[0],
      ).toBe(400);
    }
  });

  it('[CFG8] is written as XML and HAL too, and knows its versions', async () => {
    const made = await fixture.call(
      'POST',
      `${USERS}.xml?v=1`,
      '<users><user><loginName>xml one</loginName><skillIds><id>11</id><id>12</id></skillIds></user></users>',
    );
    expect(made.status).toBe(201);
    expect(made.text).toMatch(/<users><user><id>\d+<\/id><deleted>false<\/deleted>/);
    expect(made.text).toContain('<skillIds><id>11</id><id>12</id></skillIds>');
    const single = '<user><loginName>xml two</loginName><skillIds/></user>';
    expect((await fixture.call('POST', `${USERS}.xml`, single)).text).toMatch(/<user><id>/);
    const hal = await fixture.call('GET', USERS, undefined, {
      headers: { accept: 'application/hal+json' },
    });
    expect([at(hal.body, 'users.0.id'), at(hal.body, 'users.0.skillIds')]).toEqual([
      AGENT1,
      [11, 12],
    ]);
    for (const v of [1, 2, 3, 4, 5, 6].flatMap((major) => [`${major}`, `${major}.0`])) {
      expect([v, (await fixture.call('GET', `${USERS}?v=${v}`)).status]).toEqual([v, 200]);
    }
    expect((await fixture.call('GET', `${USERS}?v=7.0`)).status).toBe(400);
    const put = await fixture.call(
      'POST',
      `${USERS}/${AGENT1}`,
      { maxChats: 10 },
      {
        headers: { 'x-http-method-override': 'PUT' },
      },
    );
    expect(put.status).toBe(200);
  });

  it.each([
    [USERS, 'loginName', 'a user with the login name'],
    [SKILLS, 'name', 'a skill'],
    [GROUPS, 'name', 'an agent group'],
    ['/configuration/canned-content/categories', 'name', 'a category'],
  ])(
    '[CFG9] of unique names takes none twice, however it is written: %s',
    async (path, field, what) => {
      const { id } = await fixture.require('POST', path, { [field]: 'Unique ñame' });
      const [status, message] = await fixture.refused('POST', path, { [field]: ' unique ÑAME ' });
      expect(status).toBe(409);
      expect(message).toBe(
        `There is ${what} "unique ÑAME" already, its id is ${id}: choose another name.`,
      );
      const other = await fixture.require('POST', path, { [field]: 'other one' });
      expect(
        (await fixture.refused('PUT', `${path}/${other.id}`, { [field]: 'Unique ñame' }))[0],
      ).toBe(409);
      const twice = [{ [field]: 'same' }, { [field]: 'Same' }];
      expect((await fixture.refused('POST', path, twice))[0]).toBe(409);
      expect(
        (await fixture.require('PUT', `${path}/${id}`, { [field]: 'UNIQUE ÑAME' }))[field],
      ).toBe('UNIQUE ÑAME');
    },
  );
});
