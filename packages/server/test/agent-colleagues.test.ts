/** Other agents, free slots, the account's skills. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, SALES, SUPPORT, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';

const ANNA = 101;
const BEN = 102;
const EVERYBODY = ['101', '102', '103', '104'];

let fixture: Fixture;
let agent: Agent;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

/** The agents in an answer, by id. */
async function agents(path: string): Promise<Map<string, Record<string, unknown>>> {
  const reply = await agent.get(path);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  const list = at(reply.body, 'availableAgents.agents.agent');
  expect(list).toBeInstanceOf(Array);
  return new Map((list as Record<string, unknown>[]).map((entry) => [String(entry['@id']), entry]));
}
const ids = async (query: string) => [...(await agents(`/availableAgents${query}`)).keys()];

describe('available agents', () => {
  it('[AGENT20] one agent and the link to the next look, to the byte', async () => {
    agent = await fixture.agent();
    fixture.clock.advance(5_000);
    const reply = await agent.get('/availableAgents?chatState=Online');
    expect(reply.text).toBe(
      '{"availableAgents":{"agents":{"agent":[{"@id":"101","@chatState":"2","@voiceState":"1",' +
        '"@maxChats":"10","userName":"agent1","nickname":"Anna","email":"agent1@example.com",' +
        '"privilegeGroup":"agents","skills":{"skill":["11","12"]},' +
        '"skillsInfo":{"skillInfo":[{"id":"11","name":"Sales"},{"id":"12","name":"Support"}]},' +
        '"chats":0,"agentGroupName":"Main Group","agentGroupId":"1","elapsedTimeInState":"5000"}]},' +
        `"link":{"@href":"${agent.uri}/availableAgents?timeStamp=${fixture.clock.now()}","@rel":"next"}}}`,
    );
  });

  it('[AGENT20] the same as XML', async () => {
    agent = await fixture.agent();
    const reply = await agent.get('/availableAgents.xml?chatState=Online');
    expect(reply.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><availableAgents><agents>' +
        '<agent id="101" chatState="2" voiceState="1" maxChats="10"><userName>agent1</userName>' +
        '<nickname>Anna</nickname><email>agent1@example.com</email>' +
        '<privilegeGroup>agents</privilegeGroup><skills><skill>11</skill><skill>12</skill></skills>' +
        '<skillsInfo><skillInfo><id>11</id><name>Sales</name></skillInfo>' +
        '<skillInfo><id>12</id><name>Support</name></skillInfo></skillsInfo><chats>0</chats>' +
        '<agentGroupName>Main Group</agentGroupName><agentGroupId>1</agentGroupId>' +
        '<elapsedTimeInState>0</elapsedTimeInState></agent></agents>' +
        `<link href="${agent.uri}/availableAgents?timeStamp=${fixture.clock.now()}" rel="next"/>` +
        '</availableAgents>',
    );
  });

  it('[AGENT21] all who may take chats, online or not; the disabled are left out', async () => {
    agent = await fixture.agent();
    expect(await ids('')).toEqual(EVERYBODY);
    await fixture.changeUser(BEN, { enabled: false });
    expect(await ids('')).toEqual(['101', '103', '104']);
    await fixture.changeUser(BEN, { enabled: true });
  });

  it('[AGENT22] the state is a number; who has no session is Offline', async () => {
    agent = await fixture.agent();
    const ben = await fixture.agent('agent2');
    const bot = await fixture.agent('bot1');
    await ben.become('Away');
    await bot.become('Occupied');
    const states = [...(await agents('/availableAgents')).values()];
    expect(states.map((each) => [each['@id'], each['@chatState'], each['@voiceState']])).toEqual([
      ['101', '2', '1'],
      ['102', '4', '1'],
      ['103', '3', '1'],
      ['104', '1', '1'],
    ]);
  });

  it('[AGENT23] the time in that state runs from the last change, logout and loss included', async () => {
    agent = await fixture.agent();
    const ben = await fixture.agent('agent2');
    await ben.become('Away');
    await fixture.pass(30, agent, ben);
    const elapsed = async (id: number) =>
      (await agents('/availableAgents')).get(String(id))?.['elapsedTimeInState'];
    expect(await elapsed(BEN)).toBe('30000');
    await ben.call('DELETE');
    fixture.clock.advance(1_500);
    expect(await elapsed(BEN)).toBe('1500');
    await fixture.agent('agent2');
    expect(await elapsed(BEN)).toBe('0');
    await fixture.pass(130, agent);
    expect(await elapsed(BEN)).toBe('10000');
    expect(await elapsed(ANNA)).toBe('161500');
  });

  it('[AGENT23] who never had a session has been in that state for 0 ms', async () => {
    agent = await fixture.agent();
    expect((await agents('/availableAgents')).get('104')?.['elapsedTimeInState']).toBe('0');
  });

  it('[AGENT24] chats counts those the agent is in and those that ring', async () => {
    agent = await fixture.agent();
    await fixture.visitor();
    await agent.accept();
    await fixture.visitor();
    expect((await agents('/availableAgents')).get('101')?.['chats']).toBe(2);
  });

  it('[AGENT25] skills: one is written as that skill, none as null', async () => {
    agent = await fixture.agent();
    await fixture.changeUser(BEN, { skillIds: [SUPPORT] });
    expect((await agents('/availableAgents')).get('102')).toMatchObject({
      skills: { skill: '12' },
      skillsInfo: { skillInfo: { id: '12', name: 'Support' } },
    });
    const text = (await agent.get('/availableAgents')).text;
    expect(text).toContain('"skills":null,"skillsInfo":null');
    await fixture.changeUser(BEN, { skillIds: [SALES, SUPPORT] });
  });

  it('[AGENT26] filters: skill by name, or id as skillId, states by word or number', async () => {
    agent = await fixture.agent();
    await (await fixture.agent('agent2')).become('Away');
    await fixture.changeUser(BEN, { skillIds: [SUPPORT] });
    expect(await ids('?skill=Sales')).toEqual(['101', '103']);
    expect(await ids('?skill=support')).toEqual(['101', '102', '103']);
    expect(await ids(`?skillId=${SUPPORT}`)).toEqual(['101', '102', '103']);
    expect(await ids('?chatState=Away')).toEqual(['102']);
    expect(await ids('?chatState=4')).toEqual(['102']);
    expect(await ids('?chatState=online,away')).toEqual(['101', '102']);
    expect(await ids('?chatState=Online&chatState=Away')).toEqual(['101', '102']);
    expect(await ids('?skill=Sales&chatState=Away')).toEqual([]);
    expect(await ids('?voiceState=Offline')).toEqual(EVERYBODY);
    expect(await ids('?voiceState=Online')).toEqual([]);
    expect(await ids('?skill=&chatState=')).toEqual(EVERYBODY);
    await fixture.changeUser(BEN, { skillIds: [SALES, SUPPORT] });
  });

  it('[AGENT26] an unknown skill or state is 400 and named', async () => {
    agent = await fixture.agent();
    const message = async (query: string) => {
      const reply = await agent.get(`/availableAgents?${query}`);
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await message('skill=Repairs')).toEqual([
      400,
      'There is no skill "Repairs" in this account: give the name of one that there is, or its id as skillId.',
    ]);
    expect(await message('chatState=Busy')).toEqual([
      400,
      'Query parameter chatState must be one of Offline, Online, Occupied, Away, got "Busy".',
    ]);
    expect((await message('timeStamp=yesterday'))[0]).toBe(400);
  });

  it('[AGENT27] following next gives the agents whose state changed since, and a new next', async () => {
    agent = await fixture.agent();
    const ben = await fixture.agent('agent2');
    fixture.clock.advance(1_000);
    const next = async (path: string) =>
      linkAt((await agent.get(path)).body, 'availableAgents.link', 'next');
    const first = await next('/availableAgents');
    fixture.clock.advance(1_000);
    expect([...(await agents(first)).keys()]).toEqual([]);
    const second = await next(first);
    expect(second).toBe(`${agent.uri}/availableAgents?timeStamp=${fixture.clock.now()}`);
    fixture.clock.advance(1_000);
    await ben.become('Away');
    expect([...(await agents(second)).keys()]).toEqual(['102']);
    await ben.call('DELETE');
    expect((await agents(second)).get('102')).toMatchObject({ '@chatState': '1' });
    expect([...(await agents(`${second}&v=1&NC=true`)).keys()]).toEqual(['102']);
  });

  it('[AGENT27] a change in the very millisecond of the last look is not lost', async () => {
    agent = await fixture.agent();
    const ben = await fixture.agent('agent2');
    fixture.clock.advance(1_000);
    const next = linkAt((await agent.get('/availableAgents')).body, 'availableAgents.link', 'next');
    await ben.become('Occupied');
    expect([...(await agents(next)).keys()]).toEqual(['102']);
  });

  it('[AGENT27] next keeps the skill, but not the states: who left one is in it', async () => {
    agent = await fixture.agent();
    const name = 'Q&A / Größe?';
    const skillId = await fixture.add('skill', { name, description: '', maxWaitTime: 120 });
    await fixture.changeUser(BEN, { skillIds: [skillId] });
    const ben = await fixture.agent('agent2');
    fixture.clock.advance(1_000);
    const query = `?chatState=Online&skill=${encodeURIComponent(name)}`;
    const reply = await agent.get(`/availableAgents${query}`);
    const next = linkAt(reply.body, 'availableAgents.link', 'next');
    expect(new URL(next).searchParams.get('skillId')).toBe(String(skillId));
    fixture.clock.advance(1_000);
    await agent.become('Away');
    await ben.become('Away');
    expect([...(await agents(next)).keys()]).toEqual(['102']);
    await fixture.changeUser(BEN, { skillIds: [SALES, SUPPORT] });
  });
});

describe('available slots', () => {
  const slots = async (query: string) => (await agent.get(`/chat/availableSlots${query}`)).text;

  it('[AGENT28] free places of the Online agents of a skill, by name, or id as skillId; of all without one', async () => {
    agent = await fixture.agent();
    await fixture.changeUser(ANNA, { maxChats: 3 });
    await fixture.changeUser(BEN, { maxChats: 2, skillIds: [SUPPORT] });
    await fixture.agent('agent2');
    expect(await slots('')).toBe('{"availableSlots":5}');
    expect(await slots('?skill=Sales')).toBe('{"availableSlots":3}');
    expect(await slots(`?skillId=${SALES}`)).toBe('{"availableSlots":3}');
    await fixture.visitor({ skill: 'Sales' });
    expect(await slots('?skill=Sales&v=1&NC=true')).toBe('{"availableSlots":2}');
    expect(await slots('?skill=Sales&maxWaitTime=0')).toBe('{"availableSlots":2}');
    await fixture.changeUser(ANNA, { maxChats: 10 });
    await fixture.changeUser(BEN, { maxChats: 10, skillIds: [SALES, SUPPORT] });
  });

  it('[AGENT28] -1 when there is no limit', async () => {
    agent = await fixture.agent();
    await fixture.changeUser(ANNA, { maxChats: -1 });
    expect(await slots('?skill=Sales')).toBe('{"availableSlots":-1}');
    await fixture.changeUser(ANNA, { maxChats: 10 });
  });

  it('[AGENT29] of one agent, by login name', async () => {
    agent = await fixture.agent();
    expect(await slots('?agent=agent1')).toBe('{"availableSlots":10}');
    expect(await slots('?agent=agent2')).toBe('{"availableSlots":0}');
  });

  it('[AGENT29] an agent excludes the rest; who is unknown is named', async () => {
    agent = await fixture.agent();
    const message = async (query: string) => {
      const reply = await agent.get(`/chat/availableSlots?${query}`);
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await message('agent=agent1&skill=Sales&maxWaitTime=0')).toEqual([
      400,
      'Query parameter agent excludes skill, maxWaitTime: send one or the other.',
    ]);
    for (const unknown of ['nobody', '101', 'admin1']) {
      expect(await message(`agent=${unknown}`)).toEqual([
        400,
        `There is no agent "${unknown}" in this account: check the login name.`,
      ]);
    }
    expect((await message('skill=Repairs'))[0]).toBe(400);
    expect((await message('maxWaitTime=86401'))[0]).toBe(400);
  });
});

describe('skills', () => {
  it('[AGENT30] all skills of the account, with ids as text', async () => {
    agent = await fixture.agent('bot1');
    const reply = await agent.get('/skills');
    expect(reply.text).toMatch(
      /^\{"skills":\{"skill":\[\{"id":"11","name":"Sales"\},\{"id":"12","name":"Support"\}[,\]]/,
    );
  });
});
