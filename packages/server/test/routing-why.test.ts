/** Why chats go where they go, over HTTP. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fixture, SALES } from './chat-fixture.js';
import { at, linkAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

it('[WHY1] whoever is in the chat reads who was rung and who was passed over', async () => {
  const anna = await fixture.agent('agent1');
  await fixture.agent('agent2');
  await fixture.visitor({ skill: 'Sales' });
  const chat = await anna.accept();
  const routing = linkAt((await chat.get()).body, 'chat.link', 'routing');
  const { status, body } = await chat.get(routing);
  expect(status).toBe(200);
  const decision = [at(body, 'routing.decision')].flat();
  expect(decision).toEqual([
    expect.objectContaining({ agentId: 101, name: 'Anna', role: 'agent', rule: 'queue' }),
  ]);
  const others = [at(decision[0], 'passedOver')].flat();
  expect(others).toContainEqual(expect.objectContaining({ agentId: 102 }));
});

it('[WHY1] who supervises reads it of a chat that waits, with where it would go now', async () => {
  const visitor = await fixture.visitor({ skill: 'Sales' });
  const { bearer } = await fixture.login('admin1');
  const session = await fixture.server.call('POST', '/agentSession?NC=true', {
    bearer,
    body: { loginData: { role: 'supervisor' } },
  });
  const id = visitor.uri.slice(visitor.uri.lastIndexOf('/') + 1);
  const uri = `${session.headers.location}/chat/${id}/routing`;
  const reply = await fixture.server.call('GET', uri, { bearer });
  expect(at(reply.body, 'routing.now.agentId')).toBeUndefined();
  const candidates = [at(reply.body, 'routing.now.candidate')].flat();
  expect(candidates).toContainEqual(expect.objectContaining({ agentId: 101, because: 'offline' }));
  const elsewhere = await fixture.agent('agent2');
  expect((await elsewhere.get(`/chat/${id}/routing`)).status).toBe(404);
});

it('[WHY2] administrators ask where an imagined chat would go; agents may not', async () => {
  await fixture.agent('agent1');
  const ask = async (user: string, chat: object) => {
    const { bearer } = await fixture.login(user);
    const body = { chat };
    return fixture.server.call('POST', '/routing/what-if', { bearer, body });
  };
  const reply = await ask('admin1', { skillId: SALES, language: 'de-DE' });
  expect([reply.status, at(reply.body, 'routing.agentId'), at(reply.body, 'routing.rule')]).toEqual(
    [200, 101, 'queue'],
  );
  expect((await ask('manager1', {})).status).toBe(200);
  expect((await ask('agent2', {})).status).toBe(403);
  const unknown = await ask('admin1', { skillId: 99_999 });
  expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('99999')]);
});
