import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ConfigurationFixture,
  GROUPS,
  SKILLS,
  type ApiRecord,
  USERS,
} from './configuration-fixture.js';
import { DEMO_VISITOR_KEY } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const AGENT1 = 101;
const MANAGER = 104;
const ADMIN = 105;

/** Every method of every resource of the configuration, with ids filled in. */
function everything(): readonly { readonly method: string; readonly path: string }[] {
  const { operations } = fixture.fixture.server.running.server;
  return operations
    .filter(({ url }) => url.includes('/:account/configuration/'))
    .map(({ method, url }) => ({
      method,
      path: url.replace('/api/account/:account', '').replace(':id', '1'),
    }));
}

/** The own password is changed by who knows it, credential or not. */
const isOwnPassword = (path: string) => path.endsWith('/changePassword');

describe('the configuration', () => {
  it('[CFG30] says of every operation what it reads and answers', () => {
    const { operations } = fixture.fixture.server.running.server;
    const ours = operations.filter(({ url }) => url.includes('/configuration/'));
    expect(ours.length).toBeGreaterThan(40);
    for (const { url, method, operation } of ours) {
      expect([url, method, operation?.summary.length]).toEqual([url, method, expect.any(Number)]);
    }
  });

  it('[CFG30] is for who is logged in', async () => {
    for (const { method, path } of everything()) {
      if (isOwnPassword(path)) continue;
      for (const credential of [{}, { bearer: 'x'.repeat(64) }, { appKey: DEMO_VISITOR_KEY }]) {
        const reply = await fixture.fixture.server.call(method, path, credential);
        expect([method, path, reply.status]).toEqual([method, path, 401]);
      }
    }
  });

  it('[CFG31] is changed by administrators alone', async () => {
    for (const { method, path } of everything()) {
      if (method === 'GET' || path.endsWith('/query') || isOwnPassword(path)) continue;
      for (const as of ['agent1', 'bot1', 'manager1']) {
        const reply = await fixture.call(method, path, { name: 'x', newPassword: 'y' }, { as });
        expect([method, path, as, reply.status]).toEqual([method, path, as, 403]);
      }
    }
  });

  it('[CFG32] is read by agents and bots as far as it is their own', async () => {
    for (const as of ['agent1', 'bot1']) {
      for (const { method, path } of everything()) {
        if (method !== 'GET' && !path.endsWith('/query')) continue;
        const reply = await fixture.call(method, path, { type: 2 }, { as });
        const open =
          /\/(?:canned-content|canned-responses|categories|status-reasons|workspace-pages)/.test(
            path,
          );
        expect([method, path, [403].includes(reply.status)]).toEqual([method, path, !open]);
      }
    }
    const own = await fixture.call('GET', `${USERS}/${AGENT1}`, undefined, { as: 'agent1' });
    expect(own.body).toEqual(await fixture.require('GET', `${USERS}/${AGENT1}`));
    for (const id of [102, ADMIN, 9999]) {
      const other = await fixture.call('GET', `${USERS}/${id}`, undefined, { as: 'agent1' });
      expect(other.status).toBe(403);
    }
  });

  it('[CFG33] is read by managers as far as their groups go, with the groups below', async () => {
    const east = await fixture.require('POST', GROUPS, { name: 'East' });
    const south = await fixture.require('POST', GROUPS, { name: 'South', parentGroupId: east.id });
    const users = (await fixture.require('POST', USERS, [
      { loginName: 'in east', memberOf: { agentGroupId: east.id } },
      { loginName: 'in south', memberOf: { agentGroupId: south.id } },
      {
        loginName: 'boss',
        passwordSh: 'parley-demo',
        profileIds: [3],
        managerOf: [{ agentGroupId: east.id }],
      },
    ])) as unknown as readonly ApiRecord[];
    const ids = users.map(({ id }) => id);
    const read = async (path: string) => fixture.call('GET', path, undefined, { as: 'boss' });
    const list = async (path: string) =>
      ((await read(path)).body as readonly ApiRecord[]).map(({ id }) => id);
    expect(await list(USERS)).toEqual(ids);
    expect(await list(GROUPS)).toEqual([1, east.id, south.id]);
    expect(await list(SKILLS)).toEqual([11, 12]);
    expect((await read(`${USERS}/${ids[1]}`)).status).toBe(200);
    for (const hidden of [AGENT1, ADMIN, 9999]) {
      expect((await read(`${USERS}/${hidden}`)).status).toBe(404);
    }
    const query = await fixture.call('POST', `${USERS}/query`, { type: 2 }, { as: 'boss' });
    expect((query.body as readonly ApiRecord[])[0]?.['collection']).toHaveLength(3);
    expect((await read('/configuration/settings')).status).toBe(200);
    expect((await read('/configuration/surveys')).status).toBe(200);
    for (const path of ['/configuration/app-keys', '/configuration/audit']) {
      expect((await read(path)).status).toBe(403);
    }
    expect((await read(`${USERS}?include_deleted=true`)).status).toBe(403);
  });

  it('[PROFILE3] counts, for managers, who has a profile among the users that they see', async () => {
    const group = await fixture.require('POST', GROUPS, { name: 'North' });
    const memberOf = { agentGroupId: group.id };
    await fixture.require('POST', USERS, [
      { loginName: 'in north', memberOf, profileIds: [1, 2] },
      {
        loginName: 'north boss',
        passwordSh: 'parley-demo',
        profileIds: [3],
        managerOf: [{ agentGroupId: group.id }],
      },
    ]);
    const path = '/configuration/le-users/profiles?select=id,numOfAssignedUsers';
    const seen = await fixture.call('GET', path, undefined, { as: 'north boss' });
    expect(seen.body).toEqual([
      { id: 1, numOfAssignedUsers: 1 },
      { id: 2, numOfAssignedUsers: 1 },
      // Itself.
      { id: 3, numOfAssignedUsers: 1 },
    ]);
  });

  it('[CFG33] is read whole by the manager of the root', async () => {
    const reply = await fixture.call('GET', `${USERS}?select=id`, undefined, { as: 'manager1' });
    expect(reply.body).toEqual(await fixture.list(`${USERS}?select=id`));
    await fixture.require('PUT', `${USERS}/${MANAGER}`, { managerOf: [] });
    const own = await fixture.call('GET', `${USERS}?select=id`, undefined, { as: 'manager1' });
    expect(own.body).toEqual([{ id: MANAGER }]);
  });

  it('[CFG34] of another account is not shown to anybody', async () => {
    const { store, accounts } = fixture.fixture.server.running.server;
    await store.accounts.create({ id: 'other', createdAt: 1 });
    await accounts.get('other');
    const { bearer } = await fixture.fixture.login('admin1');
    const { http } = fixture.fixture.server;
    for (const path of [USERS, SKILLS, '/configuration/settings', '/configuration/audit']) {
      const reply = await fixture.fixture.server.call('GET', `${http}/api/account/other${path}`, {
        bearer,
      });
      expect(reply.status).toBe(401);
    }
  });
});
