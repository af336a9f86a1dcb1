/** Who is in a chat beside its agent, over HTTP: channels, offers, watching, taking over. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent, type AgentChat, Fixture } from './chat-fixture.js';
import { at, linkAt, type Reply, textAt } from './harness.js';
import { closeStreams, openStream } from './stream-fixture.js';

const ANNA = 101;
const BEN = 102;
const BOT = 103;
const MANAGER = 104;
const SUPPORT = 12;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(async () => {
  closeStreams();
  await fixture.clear();
});
afterAll(() => fixture.stop());

interface Channel {
  readonly id: string;
  readonly agentId: number;
  readonly role: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

/** The other chat's address, as this agent would have it. */
const seenBy = (agent: Agent, chat: AgentChat): AgentChat =>
  agent.chat(`${agent.uri}/chat/${chat.id}`);

const invite = (chat: AgentChat, channel: unknown): Promise<Reply> =>
  chat.post('/collaborationChannels', { channel });

const channels = async (chat: AgentChat): Promise<readonly Channel[]> =>
  at((await chat.get('/collaborationChannels')).body, 'collaborationChannels.channel') as Channel[];

/** Who is in the chat, or asked: `listener 102 ringing`. */
const people = async (chat: AgentChat) =>
  (await channels(chat)).map(({ role, agentId, state }) => `${role} ${agentId} ${state}`);

/** Somebody else in the chat, who was invited. */
async function beside(chat: AgentChat, name: string, role: string): Promise<AgentChat> {
  const ids: Readonly<Record<string, number>> = { agent2: BEN, bot1: BOT, manager1: MANAGER };
  const other = await fixture.agent(name);
  const reply = await invite(chat, { agentId: ids[name], role });
  if (reply.status !== 201) throw new Error(reply.text);
  return other.accept();
}

/** A session to watch from. */
async function watcher(name: string): Promise<Agent> {
  const login = await fixture.login(name);
  const { bearer } = login;
  const body = { loginData: { role: 'supervisor' } };
  const reply = await fixture.server.call('POST', '/agentSession?NC=true', { bearer, body });
  if (reply.status !== 201) throw new Error(reply.text);
  return new Agent(fixture, reply.headers.location ?? '', login);
}

describe('collaboration channels', () => {
  it('[COLLAB9] list who is in the chat and who is asked; POST invites, DELETE takes back', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const link = linkAt((await chat.get()).body, 'chat.link', 'collaboration-channels');
    expect(link).toBe(`${chat.uri}/collaborationChannels`);
    const ben = await fixture.agent('agent2');
    const reply = await invite(chat, { agentId: BEN, role: 'listener', text: 'Tips, please' });
    const { location = '' } = reply.headers;
    expect([reply.status, location.startsWith(`${link}/`)]).toEqual([201, true]);
    expect(linkAt(reply.body, 'channelLocation.link', 'location')).toBe(location);
    const [anna, invited] = await channels(chat);
    expect(anna).toMatchObject({ id: 'agent', agentId: ANNA, role: 'agent', state: 'joined' });
    const id = location.slice(location.lastIndexOf('/') + 1);
    expect(invited).toMatchObject({
      ...{ id, agentId: BEN, name: 'Ben', role: 'listener', state: 'ringing' },
      ...{ invitedBy: ANNA, text: 'Tips, please' },
    });
    expect(textAt((await chat.get(`/collaborationChannels/${id}`)).body, 'channel.id')).toBe(id);
    expect(await ben.ringing()).toBe('1');
    expect((await chat.call('DELETE', `/collaborationChannels/${id}`)).status).toBe(200);
    expect(await ben.ringing()).toBe('0');
    const gone = await chat.get(`/collaborationChannels/${id}`);
    expect([gone.status, at(gone.body, 'error.message')]).toEqual([
      404,
      expect.stringContaining('collaboration channel'),
    ]);
  });

  it('[COLLAB9] keep the id of the invitation for whoever came by it, who leaves by it', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const { location = '' } = (await invite(chat, { skillId: SUPPORT, role: 'assistant' })).headers;
    const id = location.slice(location.lastIndexOf('/') + 1);
    expect((await channels(chat))[1]).toMatchObject({ skillId: SUPPORT, state: 'ringing' });
    const mine = await ben.accept();
    expect(mine.uri).toBe(`${ben.uri}/chat/${chat.id}`);
    expect((await channels(mine))[1]).toMatchObject({ id, agentId: BEN, state: 'joined' });
    expect((await mine.call('DELETE', `/collaborationChannels/${id}`)).status).toBe(200);
    expect((await mine.get()).status).toBe(404);
    expect(await people(chat)).toEqual([`agent ${ANNA} joined`]);
  });

  it('[COLLAB9] refuse what cannot be, and say why', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const refusal = async (channel: unknown) => {
      const { status, body } = await invite(chat, channel);
      return [status, at(body, 'error.message')];
    };
    const containing = (text: string) => expect.stringContaining(text);
    expect(await refusal({ agentId: BEN, skillId: SUPPORT, role: 'listener' })).toEqual([
      400,
      containing('and not both'),
    ]);
    expect(await refusal({ role: 'listener' })).toEqual([400, containing('needs an agent')]);
    expect(await refusal({ agentId: BEN, role: 'boss' })).toEqual([400, containing('role')]);
    expect(await refusal({ agentId: 999, role: 'listener' })).toEqual([409, containing('999')]);
    expect(await refusal({ agentId: BEN, role: 'listener' })).toEqual([
      409,
      containing('not Online'),
    ]);
    expect(await refusal({ agentId: ANNA, role: 'listener' })).toEqual([
      409,
      containing('already'),
    ]);
    // Anna supervises nobody.
    expect(await refusal({ role: 'supervisor' })).toEqual([404, expect.any(String)]);
  });

  it('[COLLAB10] an invitation that comes again by its key is made once, a takeover too', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    await fixture.agent('agent2');
    const headers = { 'idempotency-key': 'k'.repeat(40) };
    const body = { channel: { agentId: BEN, role: 'listener' } };
    const first = await chat.call('POST', '/collaborationChannels', { headers, body });
    const again = await chat.call('POST', '/collaborationChannels', { headers, body });
    expect([again.status, again.headers.location]).toEqual([201, first.headers.location]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await channels(chat)).toHaveLength(2);
    const boss = seenBy(await watcher('admin1'), chat);
    const took = await boss.call('POST', '/takeOver', { headers, body: {} });
    const twice = await boss.call('POST', '/takeOver', { headers, body: {} });
    expect([took.status, twice.status, twice.headers.location]).toEqual([201, 201, boss.uri]);
  });
});

describe('roles', () => {
  it('[ROLE3] a listener whispers, and is 403 where the visitor would hear', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const ben = await beside(chat, 'agent2', 'listener');
    const event = { '@type': 'line', text: 'hello' };
    const spoken = await ben.post('/events', { event });
    expect([spoken.status, at(spoken.body, 'error.internalCode')]).toEqual([403, 1203]);
    expect(await ben.line('psst', { subType: 'ONLY_TO_REP' })).toBeGreaterThan(0);
    const typing = await ben.put('/info/agentTyping', { agentTyping: 'typing', preview: 'psst' });
    expect([typing.status, at(typing.body, 'error.internalCode')]).toEqual([403, 1203]);
    const refused = [
      await ben.end(),
      await ben.post('/transfer', { transfer: { skill: { id: 12 } } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(textAt((await visitor.get('/info/agentTyping')).body, 'agentTyping')).toBe('not-typing');
    expect(await visitor.feed(4)).toEqual([]);
    expect(await chat.feed(4)).toEqual(['Ben:psst']);
  });

  it('[ROLE3] an assistant speaks under their own name, and is seen to type', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const ben = await beside(chat, 'agent2', 'assistant');
    await ben.put('/info/agentTyping', { agentTyping: 'typing' });
    expect(textAt((await visitor.get('/info/agentTyping')).body, 'agentTyping')).toBe('typing');
    await ben.line('hello');
    expect(textAt((await visitor.get('/info/agentTyping')).body, 'agentTyping')).toBe('not-typing');
    expect(await visitor.feed(4)).toEqual(['Ben:hello']);
    expect(at((await visitor.get('/info')).body, 'info.agentName')).toBe('Anna');
  });

  it('[COLLAB11] who came and went is told to who asks for it, or follows a stream', async () => {
    const { agent, chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const stream = await openStream(agent);
    await stream.next('hello');
    await beside(chat, 'agent2', 'assistant');
    const bot = await beside(chat, 'bot1', 'listener');
    await bot.line('psst', { subType: 'ONLY_TO_REP' });
    const ids = async (of: AgentChat | typeof visitor, path: string) => {
      const { events } = (await of.get(path)).body as {
        events: { event?: unknown; link: unknown };
      };
      const found = [events.event ?? []].flat() as Record<string, unknown>[];
      return found.map((each) => `${each['@id']} ${each['@type']} ${each['role'] ?? ''}`.trim());
    };
    expect(await ids(chat, '/events?from=4')).toEqual(['6 line']);
    expect(await ids(chat, '/events?from=4&collaboration=true')).toEqual([
      '4 collaboration assistant',
      '5 collaboration listener',
      '6 line',
    ]);
    expect(await ids(visitor, '/events?from=4')).toEqual([]);
    const asked = '/events?from=4&collaboration=true';
    expect(await ids(visitor, asked)).toEqual(['4 collaboration assistant']);
    const next = linkAt((await visitor.get(asked)).body, 'events.link', 'next');
    expect(next).toBe(`${visitor.uri}/events?from=5&collaboration=true`);
    expect((await visitor.get('/events/4')).status).toBe(404);
    expect((await visitor.get('/events/4?collaboration=true')).status).toBe(200);
    expect((await visitor.get('/events/5?collaboration=true')).status).toBe(404);
    await stream.next('events', 2);
    const shown = stream.ofType('events').flatMap(({ data }) => at(data, 'events.event'));
    expect(shown.map((event) => (event as Record<string, unknown>)['role'])).toEqual([
      'assistant',
      'listener',
      undefined,
    ]);
  });

  it('[COLLAB12] all chats of a session come with the role in each, in the document and in streams', async () => {
    const { agent, chat } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const stream = await openStream(ben);
    await stream.next('hello');
    await invite(chat, { agentId: BEN, role: 'listener', text: 'Tips?' });
    const incoming = await stream.next('incoming');
    expect(at(incoming.data, 'incomingRequests.offer')).toMatchObject([
      { role: 'listener', text: 'Tips?', invitedBy: ANNA },
    ]);
    const mine = await ben.accept();
    const came = await stream.next('chat');
    expect(came.data).toMatchObject({ change: 'came', chat: { role: 'listener' } });
    await chat.line('hello');
    await stream.next('events');
    const roles = async (of: Agent) =>
      (at((await of.get('/chat')).body, 'chats.chat') as { role: string }[]).map(
        ({ role }) => role,
      );
    expect([await roles(agent), await roles(ben)]).toEqual([['agent'], ['listener']]);
    const id = (await channels(mine))[1]?.id;
    await mine.call('DELETE', `/collaborationChannels/${id}`);
    const left = await stream.next('chat', 1);
    expect(left.data).toMatchObject({ change: 'left', why: 'leave' });
    expect(await roles(ben)).toEqual([]);
  });
});

describe('offers', () => {
  it('[OFFER4] are listed with id, role and text, and accepted by id', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    await invite(chat, { agentId: BEN, role: 'listener', text: 'Tips?' });
    const visitor = await fixture.visitor({ agent: 'agent2', visitorName: 'Vera' });
    const asked = (await ben.get('/incomingRequests')).body;
    const offers = at(asked, 'incomingRequests.offer') as { id: string }[];
    expect(offers).toMatchObject([
      { role: 'listener', text: 'Tips?', invitedBy: ANNA, remaining: 20 },
      { role: 'agent', visitorName: 'Vera', waited: 0 },
    ]);
    const { id = '' } = offers[1] ?? {};
    const accepted = await ben.post('/incomingRequests', { chat: 'start', offer: id });
    expect(linkAt(accepted.body, 'chatLocation.link', 'location')).toContain(visitor.id);
    const again = await ben.post('/incomingRequests', { chat: 'start', offer: id });
    expect(again.status).toBe(404);
    for (const offer of ['x', null, { toString: 7 }, [{ toString: 1 }]]) {
      expect((await ben.post('/incomingRequests', { offer })).status).toBe(404);
    }
    const xml = '<chat><offer>77</offer></chat>';
    expect((await ben.call('POST', '/incomingRequests', { body: xml })).status).toBe(404);
    expect((await ben.accept()).id).toBe(chat.id);
  });

  it('[OFFER5] are declined by DELETE: an invitation changes nothing else, a chat turns its agent Away', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const ben = await fixture.agent('agent2');
    const offer = async () => {
      const asked = (await ben.get('/incomingRequests')).body;
      return `${ben.uri}/incomingRequests/${textAt(asked, 'incomingRequests.offer.id')}`;
    };
    await invite(chat, { agentId: BEN, role: 'listener' });
    expect((await ben.call('DELETE', await offer())).status).toBe(200);
    expect([await ben.availability(), await people(chat)]).toEqual([
      'Online',
      [`agent ${ANNA} joined`],
    ]);
    await fixture.visitor({ agent: 'agent2' });
    const ringing = await offer();
    expect((await ben.call('DELETE', ringing)).status).toBe(200);
    expect(await ben.availability()).toBe('Away');
    expect((await ben.call('DELETE', ringing)).status).toBe(404);
    expect((await ben.call('DELETE', `${ben.uri}/incomingRequests/none`)).status).toBe(404);
  });
});

describe('supervising', () => {
  it('[WATCH5] a session with the role supervisor watches a chat of its groups, whispers, and takes it over', async () => {
    const { chat, visitor } = await fixture.chat({ skill: 'Sales' });
    const manager = await watcher('manager1');
    const session = (await manager.get()).body;
    const list = linkAt(session, 'agentSessionId.link', 'supervision');
    expect(list).toBe(`${fixture.base}/supervision/chats`);
    const [listed] = at((await manager.get(list)).body, 'chats.chat') as Channel[];
    const watch = linkAt(listed, 'link', 'collaboration-channels');
    const mine = seenBy(manager, chat);
    expect(watch).toBe(`${mine.uri}/collaborationChannels`);
    expect((await mine.get('/events')).status).toBe(404);
    expect((await manager.post(watch, { channel: { role: 'supervisor' } })).status).toBe(201);
    await chat.line('hello');
    expect(await mine.feed(4)).toEqual(['Anna:hello']);
    await mine.line('offer a discount', { subType: 'ONLY_TO_REP' });
    expect(await chat.feed(5)).toEqual(['Anna:hello', 'Mia:offer a discount']);
    const spoken = await mine.post('/events', { event: { '@type': 'line', text: 'hi' } });
    expect(spoken.status).toBe(403);
    const takeOver = linkAt((await mine.get()).body, 'chat.link', 'take-over');
    expect((await mine.post(takeOver, {})).headers.location).toBe(mine.uri);
    await mine.line('hi');
    const late = await chat.post('/events', { event: { '@type': 'line', text: 'me too' } });
    expect([late.status, at(late.body, 'error.message')]).toEqual([
      409,
      expect.stringContaining(String(MANAGER)),
    ]);
    expect((await visitor.feed(4)).map((each) => each.split(':')[1])).toEqual(['hello', '3', 'hi']);
  });

  it('[WATCH6] is not for agents, nor for managers of others; the role is spelled as it is', async () => {
    const { chat } = await fixture.chat({ skill: 'Sales' });
    const { bearer } = await fixture.login('agent2');
    const open = (role: string) =>
      fixture.server.call('POST', '/agentSession?NC=true', {
        bearer,
        body: { loginData: { role } },
      });
    expect((await open('supervisor')).status).toBe(403);
    expect((await open('supervizor')).status).toBe(400);
    const xml = '<loginData><role>supervisor</role></loginData>';
    const asXml = await fixture.server.call('POST', '/agentSession', { bearer, body: xml });
    expect(asXml.status).toBe(403);
    const elsewhere = await fixture.add('agentGroup', {
      ...{ name: 'Far away', description: '', parentGroupId: null, enabled: true },
    });
    const manager = await watcher('manager1');
    const mine = seenBy(manager, chat);
    expect((await invite(mine, { role: 'supervisor' })).status).toBe(201);
    expect((await mine.get()).status).toBe(200);
    // The right ends at once, and with it the watching.
    await fixture.changeUser(MANAGER, { managerOf: [{ groupId: elsewhere, since: 0 }] });
    expect((await mine.get()).status).toBe(404);
    expect((await invite(mine, { role: 'supervisor' })).status).toBe(404);
    expect((await mine.post('/takeOver', {})).status).toBe(404);
    await fixture.changeUser(MANAGER, { managerOf: [{ groupId: 1, since: 0 }] });
  });

  it('[WATCH6] a session to watch from takes no chats', async () => {
    const manager = await watcher('manager1');
    const reply = await manager.put('/availability', { availability: { chat: 'Online' } });
    expect([reply.status, at(reply.body, 'error.message')]).toEqual([
      409,
      expect.stringContaining('supervise'),
    ]);
    await fixture.visitor({ agent: 'manager1' });
    expect(await manager.ringing()).toBe('0');
  });
});
