import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  DEMO_VISITOR_KEY,
  startTestServer,
  type TestServer,
} from '../../server/test/harness.js';
import {
  type Administration,
  connectAdministration,
  type SupervisedAgent,
  type SupervisedChat,
  type RefusedError,
} from '../src/administration/index.js';
import { connectAgent } from '../src/agent/index.js';
import { startChat } from '../src/visitor/index.js';

let server: TestServer;
let admin: Administration;

beforeAll(async () => {
  server = await startTestServer();
  admin = await connectAdministration({
    account: DEMO_ACCOUNT,
    domainApi: server.http,
    login: { username: 'admin1', password: DEMO_PASSWORD },
  });
});

afterAll(async () => {
  await admin.close();
  await server.stop();
});

const refused = (call: Promise<unknown>) => call.catch((error: RefusedError) => error);

it('[CLIENT40] makes, reads, changes and deletes records, typed, by revision', async () => {
  const { items, revision } = await admin.skills.list();
  expect(items.map(({ name }) => name)).toEqual(['Sales', 'Support']);
  const returns = await admin.skills.create({ name: 'Returns' }, { revision });
  expect(returns).toMatchObject({ name: 'Returns', id: expect.any(Number) });
  expect(await refused(admin.skills.create({ name: 'Stale' }, { revision }))).toMatchObject({
    status: 412,
  });
  const id = Number(returns.id);
  expect(await admin.skills.update(id, { maxWaitTime: 90 })).toMatchObject({ maxWaitTime: 90 });
  expect((await admin.skills.get(id)).maxWaitTime).toBe(90);
  await admin.skills.delete(id);
  expect((await admin.skills.list()).items.map(({ name }) => name)).not.toContain('Returns');
  const both = await admin.skills.createAll([{ name: 'One' }, { name: 'Two' }]);
  expect(both.map(({ name }) => name)).toEqual(['One', 'Two']);
  expect(await refused(admin.skills.create({ name: 'One' }))).toMatchObject({ status: 409 });
  const [group] = (await admin.agentGroups.list()).items;
  expect(group?.name).toBe('Main Group');
  expect((await admin.surveys.list()).items).toEqual([]);
  expect((await admin.statusReasons.list()).items).toEqual([]);
  expect((await admin.cannedContent.list()).items).toEqual([]);
  expect((await admin.cannedCategories.list()).items).toEqual([]);
});

it('[CLIENT41] makes a bot with an app key, with which it logs in until the key is revoked', async () => {
  const user = await admin.users.create({
    loginName: 'bot2',
    fullName: 'Second Bot',
    nickname: 'Two',
    email: 'bot2@example.com',
    passwordSh: 'a long enough passphrase',
    profileIds: [2],
    userTypeId: 2,
  });
  const key = await admin.createAppKey({ kind: 'agent', userId: Number(user.id), name: 'bot2' });
  const { key: appKey = '', secret = '', accessToken = '', accessTokenSecret = '' } = key;
  const login = { username: 'bot2', appKey, secret, accessToken, accessTokenSecret };
  const place = { account: DEMO_ACCOUNT, domainApi: server.http };
  const agent = await connectAgent({ ...place, login });
  expect((await agent.info()).loginName).toBe('bot2');
  await agent.close();
  const rotated = await admin.rotateAppKey(Number(key.id));
  expect(rotated.secret).not.toBe(secret);
  await expect(connectAgent({ ...place, login })).rejects.toMatchObject({ status: 401 });
  await admin.appKeys.delete(Number(key.id));
  expect((await admin.appKeys.list()).items.map(({ name }) => name)).not.toContain('bot2');
  await admin.resetPassword(Number(user.id), 'another long passphrase', {
    changeAtNextLogin: false,
  });
  const person = { username: 'bot2', password: 'another long passphrase' };
  const again = await connectAgent({ ...place, login: person });
  await again.close();
});

it('[CLIENT42] reads and changes settings, and reads the audit', async () => {
  const { settings, revision } = await admin.settings();
  expect(settings).toMatchObject({ retentionDays: expect.anything() });
  const changed = await admin.changeSettings({ timeZone: 'Europe/Berlin' }, { revision });
  expect(changed.timeZone).toBe('Europe/Berlin');
  const audit = await admin.audit({ limit: 3 });
  expect(audit).toHaveLength(3);
  expect(JSON.stringify(audit[0])).toContain('settings');
});

it('[CLIENT44] lists chats that wait page by page, moves and ends them', async () => {
  const place = { account: DEMO_ACCOUNT, domainApi: server.http, appKey: DEMO_VISITOR_KEY };
  const visitors = await Promise.all(
    ['Ann', 'Ben', 'Cleo'].map((visitorName) =>
      startChat({ ...place, visitorName, skill: 'Sales' }),
    ),
  );
  const all = async (filter = {}) => {
    const found: SupervisedChat[] = [];
    for await (const chat of admin.supervision.chats(filter)) found.push(chat);
    return found;
  };
  const waiting = await all({ phase: 'waiting', limit: 2 });
  expect(waiting.map(({ visitorName }) => visitorName).sort()).toEqual(['Ann', 'Ben', 'Cleo']);
  const [first, second] = waiting;
  if (first === undefined || second === undefined) throw new Error('no chats');
  const support = (await admin.skills.list()).items.find(({ name }) => name === 'Support');
  const moved = await admin.supervision.assign(first, { skillId: Number(support?.id) });
  expect(moved).toMatchObject({ id: first.id, skillName: 'Support', phase: 'waiting' });
  expect(await all({ skillId: Number(support?.id) })).toHaveLength(1);
  await admin.supervision.end(second);
  expect(await refused(admin.supervision.end(second))).toMatchObject({ status: 409 });
  for (const chat of await all()) await admin.supervision.end(chat);
  expect(await all()).toEqual([]);
  for (const visitor of visitors) visitor.close();
});

it('[CLIENT45] lists agents, shows how it goes, and sets who takes chats', async () => {
  const { bearer } = await server.login('agent1');
  await server.call('POST', '/agentSession?NC=true', { bearer });
  const online: SupervisedAgent[] = [];
  for await (const agent of admin.supervision.agents({ availability: 'Online', limit: 1 })) {
    online.push(agent);
  }
  expect(online).toMatchObject([{ id: 101, nickname: 'Anna', load: 0 }]);
  const [anna] = online;
  if (anna === undefined) throw new Error('nobody is there');
  const { total, skill, windowSeconds } = await admin.supervision.board();
  expect([total.online, windowSeconds]).toEqual([1, 1_800]);
  expect(skill.map(({ name }) => name)).toContain('Sales');
  expect(await admin.supervision.setAvailability(anna, 'Away')).toMatchObject({
    availability: 'Away',
  });
  expect((await admin.supervision.board()).total).toMatchObject({ online: 0, away: 1 });
});

it('[CLIENT43] a login that has ended is made again', async () => {
  const first = await server.login('admin1');
  let asked = 0;
  const bearer = async () => {
    asked += 1;
    return asked === 1 ? first.bearer : (await server.login('admin1')).bearer;
  };
  const place = { account: DEMO_ACCOUNT, domainApi: server.http };
  const other = await connectAdministration({ ...place, login: { bearer } });
  const out = await server.call('POST', '/logout?v=1.3', {
    bearer: first.bearer,
    headers: { cookie: first.cookie },
    body: { csrf: first.csrf },
  });
  expect(out.status).toBe(200);
  const { items } = await other.users.list();
  expect(items.map(({ loginName }) => loginName)).toContain('admin1');
  expect(asked).toBe(2);
  await other.close();
  const manager = { username: 'agent1', password: DEMO_PASSWORD };
  const agent = await connectAdministration({ ...place, login: manager });
  expect(await refused(agent.skills.create({ name: 'Mine' }))).toMatchObject({ status: 403 });
  await agent.close();
});
