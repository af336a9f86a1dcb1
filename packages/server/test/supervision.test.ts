import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, linkAt, type Reply } from './harness.js';
import { SALES, SUPPORT, Fixture } from './chat-fixture.js';

const ANNA = 101;
const BEN = 102;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

interface Listed {
  readonly id: string;
  readonly phase: string;
  readonly [field: string]: unknown;
}

const ask = async (
  method: string,
  path: string,
  options: { as?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> => {
  const { bearer } = await fixture.login(options.as ?? 'admin1');
  const { body, headers } = options;
  return fixture.server.call(method, path, {
    bearer,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  });
};
const list = async (query = '', as = 'admin1') =>
  at((await ask('GET', `/supervision/chats${query}`, { as })).body, 'chats.chat') as Listed[];
const move = (chat: string, body: unknown, as = 'admin1') =>
  ask('PUT', `/supervision/chats/${chat}/assignment`, { as, body });
const end = (chat: string, as = 'admin1') => ask('POST', `/supervision/chats/${chat}/end`, { as });

describe('the chats of an account', () => {
  it('[SUPER4] are listed with phase, skill, agent and times, the longest-waiting first', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales', visitorName: 'Vera' });
    fixture.clock.advance(5_000);
    await chat.agent.become('Away');
    const waiting = await fixture.visitor({ skill: 'Support' });
    const chats = await list();
    expect(chats).toEqual([
      {
        link: expect.any(Array),
        id: chat.id,
        phase: 'chatting',
        skillId: SALES,
        skillName: 'Sales',
        agentId: ANNA,
        agentName: 'Anna',
        visitorName: 'Vera',
        requestedAt: fixture.clock.now() - 5_000,
        since: fixture.clock.now() - 5_000,
      },
      {
        link: expect.any(Array),
        id: waiting.id,
        phase: 'waiting',
        skillId: SUPPORT,
        skillName: 'Support',
        requestedAt: fixture.clock.now(),
        since: fixture.clock.now(),
      },
    ]);
    expect((await list('?phase=waiting')).map(({ id }) => id)).toEqual([waiting.id]);
    expect((await list(`?skillId=${SALES}`)).map(({ id }) => id)).toEqual([chat.id]);
    expect((await list(`?agentId=${ANNA}`)).map(({ id }) => id)).toEqual([chat.id]);
    expect(await list(`?agentId=${BEN}`)).toEqual([]);
    await chat.end();
    expect((await list()).map(({ id }) => id)).toEqual([waiting.id]);
  });

  it('[SUPER5] come in pages that lead on, and are 304 while nothing changes', async () => {
    const chats = [await fixture.visitor(), await fixture.visitor(), await fixture.visitor()];
    const first = await ask('GET', '/supervision/chats?limit=2');
    expect(at(first.body, 'chats.total')).toBe(3);
    const { bearer } = await fixture.login('admin1');
    const next = await fixture.server.call('GET', linkAt(first.body, 'chats.link', 'next'), {
      bearer,
    });
    const ids = [first, next].flatMap(({ body }) => at(body, 'chats.chat') as Listed[]);
    expect(ids.map(({ id }) => id)).toEqual(chats.map(({ id }) => id));
    expect(JSON.stringify(at(next.body, 'chats.link'))).not.toContain('next');
    const headers = { 'if-none-match': String(first.headers.etag) };
    expect((await ask('GET', '/supervision/chats?limit=2', { headers })).status).toBe(304);
    await chats[0]?.end();
    expect((await ask('GET', '/supervision/chats?limit=2', { headers })).status).toBe(200);
  });

  it('[SUPER5] a filter that cannot be is 400 and named', async () => {
    for (const query of ['phase=lost', 'skillId=Sales', 'limit=0', 'limit=1000', 'offset=-1']) {
      const reply = await ask('GET', `/supervision/chats?${query}`);
      const [name = ''] = query.split('=');
      expect([query, reply.status, at(reply.body, 'error.message')]).toEqual([
        query,
        400,
        expect.stringContaining(name),
      ]);
    }
  });

  it('[SUPER6] are for administrators, and for managers as far as their groups go', async () => {
    const { chat, agent } = await fixture.chat({ skill: 'Sales' });
    await agent.become('Away');
    expect((await ask('GET', '/supervision/chats', { as: 'agent1' })).status).toBe(403);
    expect((await move(chat.id, { skillId: SUPPORT }, 'agent1')).status).toBe(403);
    expect((await end(chat.id, 'bot1')).status).toBe(403);

    const elsewhere = await fixture.add('agentGroup', {
      name: 'Elsewhere',
      description: '',
      parentGroupId: null,
      enabled: true,
    });
    await fixture.changeUser(104, { managerOf: [{ groupId: elsewhere, since: 0 }] });
    const forSupport = await fixture.visitor({ skill: 'Support' });
    const forAnybody = await fixture.visitor();
    // Nobody in that group holds a skill: only who waits for anybody concerns its manager.
    const seen = async () => (await list('', 'manager1')).map(({ id }) => id);
    expect(await seen()).toEqual([forAnybody.id]);
    expect((await end(chat.id, 'manager1')).status).toBe(404);
    expect((await move(chat.id, { agentId: BEN }, 'manager1')).status).toBe(404);

    await fixture.changeUser(BEN, { groupId: elsewhere, skillIds: [SUPPORT] });
    expect(await seen()).toEqual([forSupport.id, forAnybody.id]);
    await fixture.changeUser(BEN, { groupId: 1, skillIds: [SALES, SUPPORT] });
    await fixture.changeUser(104, { managerOf: [{ groupId: 1, since: 0 }] });
    expect((await end(chat.id, 'manager1')).status).toBe(200);
  });
});

describe('moving and ending', () => {
  it('[SUPER1, SUPER7] a chat that nobody takes goes to an agent, who is rung at once', async () => {
    const waiting = await fixture.visitor({ skill: 'Support' });
    await fixture.changeUser(ANNA, { skillIds: [SALES] });
    const anna = await fixture.agent();
    expect(await anna.ringing()).toBe('0');
    const reply = await move(waiting.id, { agentId: ANNA });
    expect([reply.status, at(reply.body, 'chat.phase'), at(reply.body, 'chat.agentId')]).toEqual([
      200,
      'ringing',
      ANNA,
    ]);
    expect(await anna.ringing()).toBe('1');
    const chat = await anna.accept();
    expect(chat.id).toBe(waiting.id);
    expect(await waiting.feed()).toEqual(['waiting', 'info:4', 'info:13', 'chatting', 'info:3']);
    await fixture.changeUser(ANNA, { skillIds: [SALES, SUPPORT] });
  });

  it('[SUPER1, SUPER7] a chat with an agent goes to another skill, and is theirs no longer', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const reply = await move(chat.id, { skillId: SUPPORT });
    expect(at(reply.body, 'chat.phase')).toBe('ringing');
    expect((await chat.get()).status).toBe(404);
    expect((await ben.accept()).id).toBe(visitor.id);
  });

  it('[SUPER2, SUPER7] what cannot be is said, and changes nothing', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const refusal = async (body: unknown) => {
      const reply = await move(chat.id, body);
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await refusal({ skillId: 999 })).toEqual([409, expect.stringContaining('no skill 999')]);
    expect(await refusal({ agentId: BEN })).toEqual([409, expect.stringContaining('not Online')]);
    expect(await refusal({})).toEqual([400, expect.stringContaining('a skill or an agent')]);
    expect((await refusal({ skillId: SALES, agentId: BEN }))[0]).toBe(400);
    expect((await chat.get()).status).toBe(200);
    expect((await move('H1-00000000000000000000000000000000K2', { skillId: SALES })).status).toBe(
      404,
    );
  });

  it('[SUPER3, SUPER7] any chat is ended, once', async () => {
    const waiting = await fixture.visitor({ skill: 'Support' });
    const reply = await end(waiting.id);
    expect([reply.status, at(reply.body, 'chat.phase')]).toEqual([200, 'ended']);
    expect(await waiting.feed()).toEqual(['waiting', 'info:4', 'info:5', 'ended']);
    expect((await end(waiting.id)).status).toBe(409);
  });
});
