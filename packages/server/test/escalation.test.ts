/** Chats that programs do not answer, or give up, over HTTP. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { at, linkAt, textAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

/** The demo's bot has a chat for Sales; Ben may take it when he comes. */
async function begin() {
  const bot = await fixture.agent('bot1');
  const visitor = await fixture.visitor({ skill: 'Sales' });
  const chat = await bot.accept();
  return { bot, visitor, chat };
}

it('[ESC9] a bot gives its chat up by the link; people read why, and the bot gets 409', async () => {
  const { chat, visitor } = await begin();
  const ben = await fixture.agent('agent2');
  const escalation = linkAt((await chat.get()).body, 'chat.link', 'escalation');
  const note = { escalation: { reason: 'error', text: 'The order service is down' } };
  expect((await chat.post(escalation, note)).status).toBe(200);
  const late = { event: { '@type': 'line', text: 'Still here?' } };
  expect((await chat.post('/events', late)).status).toBe(409);
  expect((await chat.get()).status).toBe(404);
  const taken = await ben.accept();
  const { text } = await taken.get('/events');
  expect(text).toContain('failed, and handed the chat over.');
  expect(text).toContain('The order service is down');
  expect((await visitor.get()).text).not.toContain('order service');
  expect((await chat.post('/events', late)).text).toContain('Ben');
});

it('[ESC12] what a bot was about to say is gone with the chat, and it shows nothing more there', async () => {
  const { chat, visitor } = await begin();
  const type = (preview: string) =>
    chat.put('/info/agentTyping', { agentTyping: 'typing', preview });
  const typing = async () => textAt((await visitor.get('/info')).body, 'info.agentTyping');
  expect((await type('Let me look')).status).toBe(200);
  expect(await typing()).toBe('typing');
  expect((await chat.post('/escalation', { escalation: {} })).status).toBe(200);
  expect(await typing()).toBe('not-typing');
  expect((await type('Here it is')).status).toBe(409);
  expect(await typing()).toBe('not-typing');
});

it('[ESC9] with the same Idempotency-Key it is given up once', async () => {
  const { chat } = await begin();
  const headers = { 'idempotency-key': 'once-and-only-once-1234' };
  const body = { escalation: {} };
  const first = await chat.call('POST', '/escalation', { headers, body });
  const again = await chat.call('POST', '/escalation', { headers, body });
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.headers['idempotency-replayed']).toBe('true');
});

it('[ESC9] a skill that there is not is refused, and the chat stays', async () => {
  const { chat } = await begin();
  const reply = await chat.post('/escalation', { escalation: { skillId: 99_999 } });
  expect([reply.status, textAt(reply.body, 'error.message')]).toEqual([
    409,
    expect.stringContaining('99999'),
  ]);
  expect((await chat.get()).status).toBe(200);
  const wrong = await chat.post('/escalation', { escalation: { reason: 'bored' } });
  expect(wrong.status).toBe(400);
});

it('[ESC10] a skill’s answerLimit is configured, and holds for lines that come', async () => {
  const skills = '/configuration/le-users/skills';
  const admin = await fixture.login('admin1');
  const call = (method: string, path: string, body?: unknown) =>
    fixture.server.call(method, path, { bearer: admin.bearer, ...(body ? { body } : {}) });
  const all = (await call('GET', skills)).body as { id: number; name: string }[];
  const sales = all.find(({ name }) => name === 'Sales');
  expect(at(sales, 'answerLimit')).toBe(60);
  const changed = await call('PUT', `${skills}/${sales?.id}`, { answerLimit: 7 });
  expect(at(changed.body, 'answerLimit')).toBe(7);
  const refused = await call('PUT', `${skills}/${sales?.id}`, { answerLimit: 86_401 });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('86401')]);

  const { chat, visitor } = await begin();
  await visitor.line('Hello?');
  await fixture.pass(6, visitor);
  expect((await chat.get()).status).toBe(200);
  await fixture.pass(1, visitor);
  expect((await chat.get()).status).toBe(404);
  await call('PUT', `${skills}/${sales?.id}`, { answerLimit: 60 });
});
