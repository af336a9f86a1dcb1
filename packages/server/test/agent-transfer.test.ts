/** Transfer (rules XFER…). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type AgentChat, SALES, SUPPORT, Fixture } from './chat-fixture.js';
import { at } from './harness.js';

const ANNA = 101;
const BEN = 102;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const toSkill = (id: number | string, text?: string) => ({
  transfer: { skill: { id }, ...(text === undefined ? {} : { text }) },
});
const toAgent = (id: number | string, text?: string) => ({
  transfer: { agent: { id }, ...(text === undefined ? {} : { text }) },
});

describe('the skills to transfer to', () => {
  it('[XFER20] those that another agent could take the chat for, with their number as text', async () => {
    const { chat } = await fixture.chat();
    expect((await chat.get('/transfer')).text).toBe('{"transfer":{}}');
    const ben = await fixture.agent('agent2');
    expect((await chat.get('/transfer')).text).toBe(
      '{"transfer":{"skill":[{"id":"11","name":"Sales","onlineAgents":"1"},' +
        '{"id":"12","name":"Support","onlineAgents":"1"}]}}',
    );
    await fixture.changeUser(BEN, { skillIds: [SUPPORT] });
    expect((await chat.get('/transfer')).text).toBe(
      '{"transfer":{"skill":{"id":"12","name":"Support","onlineAgents":"1"}}}',
    );
    await fixture.agent('bot1');
    expect(at((await chat.get('/transfer')).body, 'transfer.skill.1.onlineAgents')).toBe('2');
    await ben.become('Away');
    expect(at((await chat.get('/transfer')).body, 'transfer.skill.1.onlineAgents')).toBe('1');
    await fixture.changeUser(BEN, { skillIds: [SALES, SUPPORT] });
  });

  it('[XFER20] what is listed can be transferred to: an Occupied agent counts', async () => {
    const { chat } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    await ben.become('Occupied');
    expect(at((await chat.get('/transfer')).body, 'transfer.skill.0.onlineAgents')).toBe('1');
    expect((await chat.post('/transfer', toSkill(SALES))).status).toBe(200);
    expect(await ben.ringing()).toBe('1');
  });

  it('[XFER20] none once the chat has ended', async () => {
    const { chat } = await fixture.chat();
    await fixture.agent('agent2');
    await chat.end();
    expect((await chat.get('/transfer')).text).toBe('{"transfer":{}}');
  });
});

describe('transfer', () => {
  it('[XFER21] to a skill: 200, line 15, waiting; rings another agent who holds it', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const reply = await chat.post('/transfer', toSkill(SUPPORT, 'Knows the order number'));
    expect([reply.status, reply.text]).toEqual([200, '']);
    const mine = await ben.accept();
    expect(mine.id).toBe(visitor.id);
    expect(await mine.feed(4)).toEqual([
      'info:15',
      'waiting',
      'Anna:Knows the order number',
      'chatting',
      'info:3',
    ]);
    expect(await visitor.feed(4)).toEqual(['info:15', 'waiting', 'chatting', 'info:3']);
    expect((await visitor.events(4))[0]?.text).toBe('You are being transferred to Support.');
    expect(at((await mine.get('/info')).body, 'info.skillName')).toBe('Support');
  });

  it('[XFER22] to an agent: 200, line 13, waiting; rings that agent only', async () => {
    const { chat, visitor } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    const bot = await fixture.agent('bot1');
    const reply = await chat.post('/transfer', toAgent(String(BEN)));
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect([await ben.ringing(), await bot.ringing()]).toEqual(['1', '0']);
    expect((await visitor.events(4)).map((event) => event.text ?? event.state)).toEqual([
      'You are being transferred to Ben.',
      'waiting',
    ]);
  });

  it('[XFER22] not accepted within 20 s it falls back to the chat’s skill', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const bot = await fixture.agent('bot1');
    await chat.post('/transfer', toAgent(BEN));
    fixture.clock.advance(19_999);
    expect([await ben.ringing(), await bot.ringing()]).toEqual(['1', '0']);
    fixture.clock.advance(1);
    expect([await ben.ringing(), await bot.ringing()]).toEqual(['0', '1']);
    expect(await ben.availability()).toBe('Away');
    expect((await bot.accept()).id).toBe(visitor.id);
  });

  it('[XFER23] both given, the agent wins', async () => {
    const { chat } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    const bot = await fixture.agent('bot1');
    const both = { transfer: { skill: { id: SUPPORT }, agent: { id: BEN } } };
    expect((await chat.post('/transfer', both)).status).toBe(200);
    expect([await ben.ringing(), await bot.ringing()]).toEqual(['1', '0']);
  });

  it('[XFER24] to the former agent, reading the chat is over in every part; writing names who has it', async () => {
    const { chat } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    await chat.post('/transfer', toAgent(BEN));
    for (const path of ['', '/events', '/events/0', '/info', '/info/visitorName', '/transfer']) {
      expect([path, (await chat.get(path)).status]).toEqual([path, 404]);
    }
    const line = { event: { '@type': 'line', text: 'One more thing' } };
    const writes = (mine: AgentChat) =>
      Promise.all([
        mine.post('/events', line),
        mine.post('/events', { event: { '@type': 'state', state: 'ended' } }),
        mine.post('/transfer', toSkill(SALES)),
        mine.put('/info/agentTyping', { agentTyping: 'typing' }),
        mine.put('/survey', { survey: { question: [] } }),
        mine.put('/read', { read: 1 }),
      ]);
    const refusals = async (mine: AgentChat) =>
      (await writes(mine)).map(({ status, body }) => [
        status,
        at(body, 'error.internalCode'),
        at(body, 'error.message'),
      ]);
    const all = (message: string) => Array<unknown>(6).fill([409, 1510, message]);
    const gone = 'This chat is not yours any more:';
    expect(await refusals(chat)).toEqual(all(`${gone} it is ringing at agent 102 (Ben).`));
    const his = await ben.accept();
    expect(await refusals(chat)).toEqual(all(`${gone} agent 102 (Ben) has it now.`));
    const inSession = (mine: Agent) => mine.chat(`${mine.uri}/chat/${chat.id}`);
    const newer = await fixture.agent('agent1');
    expect(await refusals(inSession(newer))).toEqual(all(`${gone} agent 102 (Ben) has it now.`));
    // Under a session that is over nothing is answered, nor to who never had the chat.
    expect((await writes(chat)).map(({ status }) => status)).toEqual(Array(6).fill(404));
    const bot = await fixture.agent('bot1');
    expect((await writes(inSession(bot))).map(({ status }) => status)).toEqual(Array(6).fill(404));
    await his.end();
    const late = await inSession(newer).post('/events', line);
    expect([late.status, at(late.body, 'error.message')]).toEqual([
      409,
      `${gone} it has ended, and agent 102 (Ben) had it last.`,
    ]);
    expect((await inSession(newer).get('/events')).status).toBe(404);
    expect((await newer.get(`/chat?chatSessionKeys=${chat.id}`)).text).toBe(
      '{"chats":{"chat":[]}}',
    );
  });

  it.each([
    ['a skill nobody else serves', toSkill(SALES), 1502, 'No other agent is Online'],
    ['an unknown skill', toSkill(999), 1502, 'There is no skill 999'],
    ['an agent who is not there', toAgent(104), 1503, 'Agent 104 is not Online'],
    ['an agent who is Away', toAgent(BEN), 1503, 'Agent 102 is not Online'],
    ['an unknown agent', toAgent(999), 1503, 'There is no agent 999'],
    ['oneself', toAgent(ANNA), 1503, 'Agent 101 has this chat'],
  ])('[XFER25] to %s: 409 saying why, and the chat stays', async (_, body, internalCode, why) => {
    const { chat, visitor } = await fixture.chat();
    await (await fixture.agent('agent2')).become('Away');
    const reply = await chat.post('/transfer', body);
    expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([409, internalCode]);
    expect(at(reply.body, 'error.message')).toContain(why);
    expect(await visitor.feed(4)).toEqual([]);
    expect(await chat.line('Still me')).toBe(4);
  });

  it('[XFER25] of an ended chat: 409', async () => {
    const { chat } = await fixture.chat();
    await fixture.agent('agent2');
    await chat.end();
    const reply = await chat.post('/transfer', toAgent(BEN));
    expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([409, 1501]);
  });

  it('[XFER26] to nothing, or to what is no id: 400 and named', async () => {
    const { chat, visitor } = await fixture.chat();
    await fixture.agent('agent2');
    const message = async (body: unknown) => {
      const reply = await chat.post('/transfer', body);
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await message({ transfer: { text: 'Somebody?' } })).toEqual([
      400,
      expect.stringContaining('needs a skill or an agent'),
    ]);
    expect(await message(undefined)).toEqual([
      400,
      expect.stringContaining('transfer is required'),
    ]);
    expect(await message(toSkill('Sales'))).toEqual([
      400,
      'transfer.skill.id must be a whole number, got "Sales".',
    ]);
    expect(await message(toSkill(0))).toEqual([400, expect.stringContaining('at least 1')]);
    expect(await visitor.feed(4)).toEqual([]);
  });

  it('[XFER27] the transfer as XML', async () => {
    const { chat, visitor } = await fixture.chat();
    const ben = await fixture.agent('agent2');
    const body = '<transfer><skill><id>12</id></skill><text>For you &amp; yours</text></transfer>';
    const headers = { 'content-type': 'application/xml', accept: 'application/xml' };
    expect((await chat.call('POST', '/transfer', { body, headers })).status).toBe(200);
    const mine = await ben.accept();
    expect(await mine.feed(6)).toEqual(['Anna:For you & yours', 'chatting', 'info:3']);
    expect(await visitor.feed(6)).toEqual(['chatting', 'info:3']);
  });
});
