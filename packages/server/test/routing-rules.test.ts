/** Attachment rules over HTTP: their configuration, and what they do. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, textAt } from './harness.js';

let fixture: Fixture;
let admin: string;
beforeAll(async () => {
  fixture = await Fixture.start();
  admin = (await fixture.login('admin1')).bearer;
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const RULES = '/configuration/routing-rules';
const BOT = 103;

const call = (method: string, path: string, body?: unknown, headers = {}, bearer = admin) =>
  fixture.server.call(method, path, { bearer, headers, ...(body === undefined ? {} : { body }) });

it('[RULE7] rules are made, listed with their revision, changed and deleted', async () => {
  const made = await call('POST', RULES, { name: 'Tips', action: 'attach', userId: BOT });
  const defaults = {
    ...{ deleted: false, name: 'Tips', enabled: true, order: 1, action: 'attach', userId: BOT },
    ...{ role: 'listener', skillIds: [], languages: [], hours: [], answers: [] },
  };
  expect([made.status, made.body]).toEqual([201, { id: expect.any(Number), ...defaults }]);
  const path = `${RULES}/${at(made.body, 'id')}`;
  const conditions = {
    languages: ['de-AT'],
    hours: [{ weekday: 'Monday', from: '08:00', to: '24:00' }],
    answers: [{ questionId: 4, answer: 'An order' }],
  };
  const revision = String((await call('GET', path)).headers.etag);
  const changed = await call('PUT', path, conditions, { 'if-match': revision });
  expect([changed.status, changed.body]).toEqual([200, expect.objectContaining(conditions)]);
  expect((await call('PUT', path, { order: 2 }, { 'if-match': revision })).status).toBe(412);
  expect((await call('DELETE', path)).status).toBeLessThan(300);
  expect((await call('GET', path)).status).toBe(404);
  const audit = await call('GET', '/configuration/audit');
  for (const action of ['create', 'change', 'delete']) {
    expect(audit.text).toContain(`routingRule.${action}`);
  }
});

it('[RULE7] what cannot be is refused and said', async () => {
  const refusal = async (rule: object) => {
    const { status, body } = await call('POST', RULES, {
      ...{ name: 'Wrong', action: 'answer-first', userId: BOT, ...rule },
    });
    return [status, textAt(body, 'error.message')];
  };
  expect(await refusal({ userId: 101 })).toEqual([400, expect.stringContaining('is a person')]);
  expect(await refusal({ userId: 9_999 })).toEqual([400, expect.stringContaining('9999')]);
  expect(await refusal({ skillIds: [9_999] })).toEqual([400, expect.stringContaining('9999')]);
  expect(await refusal({ languages: ['no language'] })).toEqual([400, expect.any(String)]);
  const night = [{ weekday: 'Monday', from: '18:00', to: '08:00' }];
  expect(await refusal({ hours: night })).toEqual([400, expect.stringContaining('past midnight')]);
  expect((await call('GET', RULES)).body).toEqual([]);
});

it('[RULE7] agents neither read nor change them; managers read them', async () => {
  const agent = (await fixture.login('agent1')).bearer;
  const manager = (await fixture.login('manager1')).bearer;
  expect((await call('GET', RULES, undefined, {}, agent)).status).toBe(403);
  expect((await call('GET', RULES, undefined, {}, manager)).status).toBe(200);
  const rule = { name: 'Mine', action: 'attach', userId: BOT };
  expect((await call('POST', RULES, rule, {}, manager)).status).toBe(403);
});

it('[RULE1, RULE8] a bot that is attached is asked by the rule, and by nobody', async () => {
  const made = await call('POST', RULES, { name: 'Tips', action: 'attach', userId: BOT });
  const bot = await fixture.agent('bot1');
  await bot.become('Occupied');
  const { chat } = await fixture.chat({ skill: 'Sales' });
  const ringing = (await bot.get('/incomingRequests')).body;
  expect(at(ringing, 'incomingRequests.offer')).toMatchObject({ role: 'listener' });
  expect(at(ringing, 'incomingRequests.offer.invitedBy')).toBeUndefined();
  await bot.accept();
  expect((await chat.get('/collaborationChannels')).text).toContain('"role":"listener"');
  await call('DELETE', `${RULES}/${at(made.body, 'id')}`);
});

it('[RULE8] a rule goes with its user and its last skill', async () => {
  const skill = await call('POST', '/configuration/le-users/skills', { name: 'Doomed' });
  const skillIds = [at(skill.body, 'id')];
  const rule = { name: 'Doomed', action: 'attach', userId: BOT, skillIds };
  expect((await call('POST', RULES, rule)).status).toBe(201);
  await call('DELETE', `/configuration/le-users/skills/${skillIds[0]}`);
  expect((await call('GET', RULES)).body).toEqual([]);
  const user = await call('POST', '/configuration/le-users/users', {
    ...{ loginName: 'doomed', passwordSh: 'a long enough pass phrase 17' },
  });
  const about = { name: 'Of a user', action: 'attach', userId: at(user.body, 'id') };
  expect((await call('POST', RULES, about)).status).toBe(201);
  await call('DELETE', `/configuration/le-users/users/${at(user.body, 'id')}`);
  expect((await call('GET', RULES)).body).toEqual([]);
});
