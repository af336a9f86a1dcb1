/** Supervising agents: who is there, how it goes, and setting their availability. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture, SALES, SUPPORT } from './chat-fixture.js';
import { at, linkAt, type Reply } from './harness.js';
import { closeStreams, openStream } from './stream-fixture.js';

const ANNA = 101;
const BEN = 102;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

const ask = async (
  method: string,
  path: string,
  { as = 'admin1', body, etag }: { as?: string; body?: unknown; etag?: string } = {},
): Promise<Reply> => {
  const { bearer } = await fixture.login(as);
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  return fixture.server.call(method, path, {
    ...{ bearer, headers },
    ...(body === undefined ? {} : { body }),
  });
};

type Agent = Readonly<Record<string, unknown>> & { readonly id: number };

const agents = async (query = '', as = 'admin1') =>
  at((await ask('GET', `/supervision/agents${query}`, { as })).body, 'agents.agent') as Agent[];

const board = async (as = 'admin1') =>
  at((await ask('GET', '/supervision/skills', { as })).body, 'skills') as {
    readonly total: Readonly<Record<string, number>>;
    readonly skill: readonly Readonly<Record<string, unknown>>[];
  };

const set = (user: number | string, chat: string, as = 'admin1') =>
  ask('PUT', `/supervision/agents/${user}/availability`, { as, body: { availability: { chat } } });

describe('agents, for who supervises them', () => {
  it('[SUPER9] are listed with their state, since when, and what they have to do', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    await chat.post('/collaborationChannels', { channel: { agentId: BEN, role: 'assistant' } });
    await ben.accept();
    const since = fixture.clock.now();
    const found = await agents();
    expect(found.map(({ nickname }) => nickname)).toEqual(
      found.map(({ nickname }) => nickname).toSorted(),
    );
    expect(found.find(({ id }) => id === ANNA)).toMatchObject({
      ...{ nickname: 'Anna', availability: 'Online', since, chatting: 1, ringing: 0 },
      ...{ assisting: 0, load: 1, maxChats: expect.any(Number), groupName: expect.any(String) },
      skill: expect.arrayContaining([{ id: SALES, name: 'Sales' }]),
    });
    expect(found.find(({ id }) => id === BEN)).toMatchObject({
      chatting: 0,
      assisting: 1,
      load: 1,
    });
    const offline = found.find(({ availability }) => availability === 'Offline');
    expect(offline).toMatchObject({ link: [], load: 0 });
    const ids = async (query: string) => (await agents(query)).map(({ id }) => id);
    expect(await ids('?availability=Online')).toEqual([ANNA, BEN]);
    expect(await ids(`?availability=Online&skillId=${SUPPORT}&limit=1`)).toHaveLength(1);
    expect(await ids('?groupId=4711')).toEqual([]);
    const first = await ask('GET', '/supervision/agents?limit=2');
    const rest = await ask('GET', linkAt(first.body, 'agents.link', 'next'));
    const all = [first, rest].flatMap(({ body }) => at(body, 'agents.agent') as Agent[]);
    expect(all.map(({ id }) => id)).toEqual(found.slice(0, 4).map(({ id }) => id));
    const same = await ask('GET', '/supervision/agents?limit=2', {
      etag: first.headers.etag ?? '',
    });
    expect(same.status).toBe(304);
    expect((await ask('GET', '/supervision/agents?availability=Here')).status).toBe(400);
    const chats = await ask('GET', '/supervision/chats');
    expect(linkAt(chats.body, 'chats.link', 'agents')).toMatch(/\/supervision\/agents$/);
  });

  it('[SUPER9] are for administrators, and for managers as far as their groups go', async () => {
    await fixture.agent('agent1');
    expect((await ask('GET', '/supervision/agents', { as: 'agent1' })).status).toBe(403);
    expect((await ask('GET', '/supervision/skills', { as: 'agent1' })).status).toBe(403);
    await fixture.changeUser(104, { roles: ['manager'], managerOf: [] });
    expect(await agents('', 'manager1')).toEqual([]);
    expect((await set(ANNA, 'Away', 'manager1')).status).toBe(404);
    const nobody = await board('manager1');
    expect([nobody.skill, nobody.total['online']]).toEqual([[], 0]);
  });

  it('[SUPER10] are set Away by who supervises them, see it at once, and ring no more', async () => {
    const anna = await fixture.agent('agent1');
    const stream = await openStream(anna);
    await stream.next('hello');
    await fixture.visitor({ skill: 'Sales' });
    expect(await anna.ringing()).toBe('1');
    const reply = await set(ANNA, 'Away');
    expect([reply.status, at(reply.body, 'agent')]).toEqual([
      200,
      expect.objectContaining({ id: ANNA, availability: 'Away', ringing: 0 }),
    ]);
    const { data } = await stream.next('availability');
    expect(data).toMatchObject({ availability: { chat: 'Away' } });
    expect(await anna.availability()).toBe('Away');
    expect((await set(BEN, 'Away')).status).toBe(409);
    for (const unknown of [4711, '0101', 'agent1']) {
      expect((await set(unknown, 'Away')).status).toBe(404);
    }
    expect((await set(ANNA, 'Offline')).status).toBe(400);
    expect((await set(ANNA, 'Online', 'agent2')).status).toBe(403);
    expect(await anna.availability()).toBe('Away');
  });
});

describe('the board', () => {
  it('[SUPER11] counts what waits and who is there, of each skill and of all', async () => {
    const before = await board();
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    await chat.agent.become('Occupied');
    const since = fixture.clock.now();
    const waiting = await fixture.visitor({ skill: 'Sales' });
    for (let seconds = 0; seconds < 40; seconds += 20) {
      fixture.clock.advance(20_000);
      await Promise.all([visitor, waiting].map((each) => each.get()));
    }
    await fixture.visitor({ skill: 'Support' });
    const now = await board();
    const sales = now.skill.find(({ id }) => id === SALES);
    expect(sales).toMatchObject({
      ...{ name: 'Sales', waiting: 1, ringing: 0, chatting: 1, longestWaitSince: since },
      ...{ online: 0, occupied: 1, away: 0, load: 1, freeSlots: 0 },
    });
    expect(now.total).toMatchObject({
      waiting: 2,
      chatting: 1,
      occupied: 1,
      longestWaitSince: since,
    });
    const more = (name: string) => (now.total[name] ?? 0) - (before.total[name] ?? 0);
    expect([more('accepted'), more('acceptedIn30')]).toEqual([1, 1]);
    await chat.agent.become('Online');
    const rings = await board();
    expect(rings.total).toMatchObject({ online: 1, occupied: 0 });
    expect(rings.total['ringing']).toBeGreaterThan(0);
    await chat.agent.accept();
    const late = await board();
    expect(more('accepted')).toBe(1);
    expect([late.total['accepted'], late.total['acceptedIn30']]).toEqual([
      (now.total['accepted'] ?? 0) + 1,
      now.total['acceptedIn30'],
    ]);
    const { headers } = await ask('GET', '/supervision/skills');
    const same = await ask('GET', '/supervision/skills', { etag: headers.etag ?? '' });
    expect(same.status).toBe(304);
  });
});
