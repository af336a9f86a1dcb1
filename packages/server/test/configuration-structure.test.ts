import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const ROOT = 1;
let names = 0;
const fresh = (what: string) => {
  names += 1;
  return `${what} ${names}`;
};
const newSkill = (more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', SKILLS, { name: fresh('Skill'), ...more });
const newGroup = (more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', GROUPS, { name: fresh('Group'), ...more });
const newUser = (more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', USERS, { loginName: fresh('user'), ...more });

describe('profiles', () => {
  const PROFILES = '/configuration/le-users/profiles';

  it('[PROFILE1] are the roles, in the form of the original', async () => {
    const profiles = await fixture.list(`${PROFILES}?v=2.0`);
    expect(
      profiles.map(({ id, roleTypeId, roleTypeName }) => [id, roleTypeId, roleTypeName]),
    ).toEqual([
      [1, 1, 'Administrator'],
      [2, 2, 'Agent'],
      [3, 3, 'Agent Manager'],
    ]);
    const agents = await fixture.require('GET', `${PROFILES}/2`);
    expect(agents).toEqual({
      id: 2,
      deleted: false,
      name: 'Agent',
      description: 'Takes chats.',
      roleTypeId: 2,
      roleTypeName: 'Agent',
      dateUpdated: '2024-07-01 12:00:00',
      numOfAssignedUsers: expect.any(Number),
      permissionPackages: [{ id: 20_000, isDisplayed: true, isEnabled: true, featureKeys: [] }],
      permissions: [],
      isAssignedToLPA: false,
    });
    await newUser({ profileIds: [2] });
    const after = await fixture.require('GET', `${PROFILES}/2`);
    expect(after['numOfAssignedUsers']).toBe(Number(agents['numOfAssignedUsers']) + 1);
    expect(await fixture.list(`${PROFILES}?select=name`)).toContainEqual({ name: 'Agent' });
    expect(await fixture.refused('GET', `${PROFILES}/4`)).toEqual([
      404,
      'There is no profile 4: there are 1, 2 and 3.',
    ]);
  });

  it('[PROFILE2] are only read, with a revision that users and groups change', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await fixture.call(method, PROFILES, {})).status).toBe(405);
      expect((await fixture.call(method, `${PROFILES}/2`, {})).status).toBe(405);
    }
    const revision = await fixture.revision(PROFILES);
    const known = { headers: { 'if-none-match': `"${revision}"` } };
    expect((await fixture.call('GET', PROFILES, undefined, known)).status).toBe(304);
    await newUser();
    expect((await fixture.call('GET', `${PROFILES}/1`, undefined, known)).status).toBe(200);
    expect(await fixture.revision(PROFILES)).toBeGreaterThan(revision);
  });
});

describe('a skill', () => {
  it('[CFG20] is made with sensible defaults, and has what is given', async () => {
    expect(await fixture.require('POST', SKILLS, { name: 'Plain' })).toEqual({
      id: expect.any(Number),
      deleted: false,
      name: 'Plain',
      description: '',
      skillOrder: 0,
      maxWaitTime: 120,
      skillRoutingConfiguration: [],
      canTransfer: true,
      language: '',
      answerLimit: 60,
      dateUpdated: '2024-07-01 12:00:00',
    });
    const fields = {
      description: 'Everything',
      skillOrder: 3,
      maxWaitTime: 0,
      canTransfer: false,
      language: 'de-DE',
      answerLimit: 0,
      skillRoutingConfiguration: [{ agentGroupId: ROOT, priority: 1, splitPercentage: 100 }],
    };
    const skill = await newSkill(fields);
    expect(skill).toMatchObject(fields);
    expect((await newSkill({ language: 'de-de' }))['language']).toBe('de-DE');
  });

  it.each([
    [{ name: '' }, 'name must not be empty.'],
    [{ maxWaitTime: 86_401 }, 'maxWaitTime must be at most 86400, got 86401.'],
    [{ language: 'no language' }, 'language "no language"'],
    [{ skillRoutingConfiguration: [{ agentGroupId: 77, priority: 1, splitPercentage: 5 }] }, '77'],
    [
      {
        skillRoutingConfiguration: [
          { agentGroupId: 1, priority: 1, splitPercentage: 5 },
          { agentGroupId: 1, priority: 2, splitPercentage: 5 },
        ],
      },
      'names agent group 1 twice',
    ],
    [
      { skillRoutingConfiguration: [{ agentGroupId: 1, priority: 1, splitPercentage: 101 }] },
      'skillRoutingConfiguration[0].splitPercentage must be at most 100, got 101.',
    ],
    [{ skillRoutingConfiguration: [{ agentGroupId: 1 }] }, 'priority is required'],
  ])('[CFG20] is not made with %j', async (fields, words) => {
    expect(await fixture.refused('POST', SKILLS, { name: fresh('Skill'), ...fields })).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  it('[CFG21] that is deleted is held by nobody any more', async () => {
    const skill = await newSkill();
    const user = await newUser({ skillIds: [11, skill.id] });
    const content = await fixture.require('POST', '/configuration/canned-content', {
      name: fresh('Text'),
      skillIds: [11, skill.id],
      texts: [{ language: 'en', text: 'Hi' }],
    });
    await fixture.require('DELETE', `${SKILLS}/${skill.id}`);
    expect(await fixture.require('GET', `${USERS}/${user.id}`)).toMatchObject({ skillIds: [11] });
    expect(
      await fixture.require('GET', `/configuration/canned-content/${content.id}`),
    ).toMatchObject({
      skillIds: [11],
    });
    expect((await fixture.refused('PUT', `${USERS}/${user.id}`, { skillIds: [skill.id] }))[0]).toBe(
      400,
    );
  });

  it('[CFG21] stays while a survey or a canned text is for it alone, which are named', async () => {
    const skill = await newSkill();
    const survey = await fixture.require('POST', '/configuration/surveys', {
      kind: 'exit',
      name: 'Only this',
      skillId: skill.id,
    });
    await fixture.require('POST', '/configuration/canned-content', {
      name: 'Only that',
      skillIds: [skill.id],
      texts: [{ language: 'en', text: 'Hi' }],
    });
    expect(await fixture.refused('DELETE', `${SKILLS}/${skill.id}`)).toEqual([
      409,
      expect.stringMatching(/"Only this".*"Only that"/),
    ]);
    await fixture.require('PUT', `/configuration/surveys/${survey.id}`, { skillId: 0 });
    expect((await fixture.refused('DELETE', `${SKILLS}/${skill.id}`))[1]).not.toContain(
      'Only this',
    );
  });
});

describe('an agent group', () => {
  it('[CFG22] belongs to the root unless it is put into another', async () => {
    expect((await fixture.list(GROUPS))[0]).toEqual({
      id: ROOT,
      deleted: false,
      name: 'Main Group',
      description: '',
      parentGroupId: null,
      isEnabled: true,
    });
    // Sent back as it was read, it changes nothing; XML leaves out what is not there.
    const root = await fixture.require('GET', `${GROUPS}/${ROOT}`);
    expect(await fixture.require('PUT', `${GROUPS}/${ROOT}`, root)).toEqual(root);
    const xml = await fixture.call('GET', `${GROUPS}/${ROOT}`, undefined, {
      headers: { accept: 'application/xml' },
    });
    expect(xml.text).not.toContain('parentGroupId');
    const child = await newGroup({ description: 'Nights', isEnabled: 'true' });
    expect(child).toMatchObject({ parentGroupId: ROOT, description: 'Nights', isEnabled: true });
    expect(await newGroup({ parentGroupId: child.id })).toMatchObject({ parentGroupId: child.id });
    const roots = (await fixture.list(GROUPS)).filter(
      ({ parentGroupId }) => parentGroupId === null,
    );
    expect(roots.map(({ id }) => id)).toEqual([ROOT]);
  });

  it('[CFG22] moves within the tree, and never below itself', async () => {
    const [a, b] = [await newGroup(), await newGroup()];
    const c = await newGroup({ parentGroupId: b.id });
    expect(
      await fixture.require('PUT', `${GROUPS}/${a.id}`, { parentGroupId: c.id }),
    ).toMatchObject({
      parentGroupId: c.id,
    });
    for (const parentGroupId of [a.id, b.id]) {
      expect((await fixture.refused('PUT', `${GROUPS}/${b.id}`, { parentGroupId }))[0]).toBe(409);
    }
    expect(
      (await fixture.refused('PUT', `${GROUPS}/${b.id}`, { parentGroupId: 777 }))[1],
    ).toContain('777');
    const both = [
      { id: a.id, parentGroupId: ROOT },
      { id: b.id, parentGroupId: a.id },
    ];
    await fixture.require('PUT', GROUPS, both);
    expect(await fixture.require('GET', `${GROUPS}/${b.id}`)).toMatchObject({
      parentGroupId: a.id,
    });
  });

  it('[CFG22] that is the root is not moved, disabled or deleted', async () => {
    const { id } = await newGroup();
    for (const [method, body] of [
      ['PUT', { parentGroupId: id }],
      ['PUT', { isEnabled: false }],
      ['DELETE', undefined],
    ] as const) {
      expect(await fixture.refused(method, `${GROUPS}/${ROOT}`, body)).toEqual([
        409,
        expect.stringContaining('root'),
      ]);
    }
  });

  it('[CFG23] with members or groups below it stays, and names them', async () => {
    const group = await newGroup();
    const user = await newUser({ memberOf: { agentGroupId: group.id } });
    expect(await fixture.refused('DELETE', `${GROUPS}/${group.id}`)).toEqual([
      409,
      expect.stringContaining(String(user['loginName'])),
    ]);
    await fixture.require('DELETE', `${USERS}/${user.id}`);
    const below = await newGroup({ parentGroupId: group.id });
    expect(await fixture.refused('DELETE', `${GROUPS}/${group.id}`)).toEqual([
      409,
      expect.stringContaining(String(below['name'])),
    ]);
    const gone = await fixture.require('DELETE', GROUPS, [below.id, group.id]);
    expect(gone).toHaveLength(2);
  });

  it('[CFG23] that is deleted is managed by nobody and preferred by no skill', async () => {
    const group = await newGroup();
    const manager = await newUser({
      profileIds: [3],
      managerOf: [{ agentGroupId: group.id }, { agentGroupId: ROOT }],
    });
    const share = { priority: 1, splitPercentage: 50 };
    const skill = await newSkill({
      skillRoutingConfiguration: [
        { agentGroupId: group.id, ...share },
        { agentGroupId: ROOT, ...share },
      ],
    });
    await fixture.require('DELETE', `${GROUPS}/${group.id}`);
    const { managerOf } = await fixture.require('GET', `${USERS}/${manager.id}`);
    expect((managerOf as ApiRecord[]).map(({ agentGroupId }) => agentGroupId)).toEqual([ROOT]);
    expect(await fixture.require('GET', `${SKILLS}/${skill.id}`)).toMatchObject({
      skillRoutingConfiguration: [{ agentGroupId: ROOT, ...share }],
    });
  });

  it('[CFG24] that is disabled takes no new members and keeps those it has', async () => {
    const group = await newGroup();
    const memberOf = { agentGroupId: group.id };
    const member = await newUser({ memberOf });
    await fixture.require('PUT', `${GROUPS}/${group.id}`, { isEnabled: false });
    expect(await fixture.refused('POST', USERS, { loginName: fresh('user'), memberOf })).toEqual([
      409,
      expect.stringContaining('disabled'),
    ]);
    const other = await newUser();
    expect((await fixture.refused('PUT', `${USERS}/${other.id}`, { memberOf }))[0]).toBe(409);
    expect(
      await fixture.require('PUT', `${USERS}/${member.id}`, { memberOf, maxChats: 8 }),
    ).toMatchObject({ maxChats: 8 });
  });
});

describe('a query', () => {
  let first: number;
  let user: ApiRecord;
  beforeEach(async () => {
    first = await fixture.revision(USERS);
    user = await newUser();
    await newUser();
    await fixture.require('PUT', `${USERS}/${user.id}`, { maxChats: 9 });
    await fixture.require('DELETE', `${USERS}/${user.id}`);
  });

  const site = () => fixture.fixture.base.slice(fixture.fixture.base.lastIndexOf('/') + 1);

  it('[CFG25] of type 0 answers what changed after a revision, deleted records too', async () => {
    const asked = { type: 0, parameters: [{ site: site(), revision: first }] };
    // The last version counts, as it does for what is understood.
    const twice = await fixture.require('POST', `${USERS}/query?v=x&v=2`, asked);
    expect(at(twice, 'appDataList.0.appApiVersion')).toBe(2);
    const reply = await fixture.require('POST', `${USERS}/query?v=2.0`, asked);
    expect(reply).toMatchObject({
      appDataList: [
        {
          appName: 'le-users',
          appApiVersion: 2,
          accountList: {
            accountList: [
              {
                siteId: site(),
                itemsCollection: {
                  revision: first + 4,
                  items: [{ deleted: false }, { id: user.id, deleted: true, maxChats: 9 }],
                },
              },
            ],
          },
        },
      ],
    });
    const none = { type: 0, parameters: [{ revision: first + 4 }] };
    expect(JSON.stringify(await fixture.require('POST', `${USERS}/query`, none))).toContain(
      '"items":[]',
    );
  });

  it('[CFG26] of type 1 answers what changed last within revisions, by revision', async () => {
    const changes = async (from: number, to: number) =>
      (await fixture.require('POST', `${USERS}/query?select=id`, {
        type: 1,
        parameters: [{ site: site(), from, to }],
      })) as unknown as readonly ApiRecord[];
    const [collection] = await changes(first, first + 4);
    expect(collection).toEqual({
      siteId: site(),
      revisionsCollection: [
        { revision: first + 2, revisionDate: '2024-07-01 12:00:00', items: [expect.anything()] },
        {
          revision: first + 4,
          revisionDate: '2024-07-01 12:00:00',
          items: [{ id: user.id }],
        },
      ],
    });
    const [until] = await changes(first, first + 3);
    expect(until?.['revisionsCollection']).toHaveLength(1);
    const [after] = await changes(first + 2, first + 9);
    expect(after?.['revisionsCollection']).toHaveLength(1);
  });

  it.each([[USERS], [SKILLS], [GROUPS]])(
    '[CFG27] of type 2 answers everything that there is: %s',
    async (path) => {
      const [collection] = (await fixture.require('POST', `${path}/query`, {
        type: 2,
        parameters: [{ site: site() }],
      })) as unknown as readonly ApiRecord[];
      expect(collection).toEqual({
        siteId: site(),
        revision: await fixture.revision(path),
        collection: expect.arrayContaining([...(await fixture.list(path))]),
      });
      expect(collection?.['collection']).toHaveLength((await fixture.list(path)).length);
    },
  );

  it('[CFG28] may name its account in the body alone', async () => {
    const { http } = fixture.fixture.server;
    const url = `${http}/api/account/configuration/le-users/skills/query?v=1.0`;
    const asked = { type: 2, parameters: [{ site: site() }] };
    expect(await fixture.require('POST', url, asked)).toEqual(
      await fixture.require('POST', `${SKILLS}/query`, asked),
    );
    const refusals = [
      [{ type: 2, parameters: [{ site: 'other' }] }, 404],
      [{ type: 2, parameters: [{}] }, 400],
      [{ type: 2, parameters: [] }, 400],
    ] as const;
    for (const [body, status] of refusals) {
      expect((await fixture.refused('POST', url, body))[0]).toBe(status);
    }
    const anonymous = await fixture.fixture.server.call('POST', url, { body: asked });
    expect(anonymous.status).toBe(401);
  });

  it('[CFG28] below an account is about that account', async () => {
    const other = { type: 2, parameters: [{ site: 'another' }] };
    expect((await fixture.refused('POST', `${USERS}/query`, other))[0]).toBe(404);
    for (const wrong of [{ type: 3 }, {}, { type: 0, parameters: [{ revision: -1 }] }]) {
      expect((await fixture.refused('POST', `${USERS}/query`, wrong))[0]).toBe(400);
    }
  });
});
