/** Agent sessions: opening, availability, info, incoming requests, takeover. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent, SALES, SUPPORT, send, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, linkAt } from './harness.js';

const ANNA = 101;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('opening', () => {
  it('[AGENT1] 201 with the session’s address in Location and body, to the byte', async () => {
    const { bearer } = await fixture.login('agent1');
    for (const body of [{ loginData: '' }, {}, undefined, 'whatever', { loginData: { a: 1 } }]) {
      const reply = await fixture.server.call('POST', '/agentSession?v=1&NC=true', {
        bearer,
        body,
      });
      const { location } = reply.headers;
      expect(location).toMatch(new RegExp(`^${fixture.base}/agentSession/[1-9][0-9]*$`));
      expect([reply.status, reply.text]).toEqual([
        201,
        `{"agentSessionLocation":{"link":{"@href":"${location}","@rel":"location"}}}`,
      ]);
    }
  });

  it('[AGENT2] the resource links to all that a session has, in this order', async () => {
    const agent = await fixture.agent();
    const links: [string, string][] = [
      ['', 'self'],
      ['/availability', 'availability'],
      ['/info', 'info'],
      ['/incomingRequests', 'incoming-requests'],
      ['/availableAgents', 'available-agents'],
      ['/chat/availableSlots', 'available-slots'],
      ['/chatSessions', 'chat-sessions'],
      ['/skills', 'skills'],
      ['/stream', 'stream'],
      ['/ws', 'websocket'],
      ['/tickets', 'tickets'],
      ['/chat', 'chats'],
    ];
    const own = links.map(([path, rel]) => [agent.uri + path, rel]);
    const base = agent.uri.slice(0, agent.uri.indexOf('/agentSession/'));
    const link = [
      ...own,
      [`${base}/approvals`, 'approvals'],
      [`${agent.uri}/delegations`, 'delegations'],
      [`${agent.uri}/cannedTexts`, 'canned-texts'],
    ].map(([href, rel]) => `{"@href":"${href}","@rel":"${rel}"}`);
    expect((await agent.get()).text).toBe(`{"agentSessionId":{"link":[${link.join(',')}]}}`);
    const statuses: Record<string, number> = { '/ws': 426, '/tickets': 405 };
    for (const [path] of links) {
      expect([path, (await agent.get(path)).status]).toEqual([path, statuses[path] ?? 200]);
    }
  });

  it('[AGENT3] DELETE ends the session; it is gone and a new one starts empty', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const other = await fixture.agent('agent2');
    const reply = await agent.call('DELETE');
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect((await agent.get()).status).toBe(404);
    expect((await agent.call('DELETE')).status).toBe(404);
    expect(await visitor.feed(4)).toEqual(['info:23', 'waiting']);
    expect(await other.ringing()).toBe('1');
    const next = await fixture.agent();
    expect((await next.get('/chatSessions')).text).toBe('{"chatSessions":{"chatSession":[]}}');
    expect((await next.get(`/chat/${chat.id}`)).status).toBe(404);
  });

  it('[AUTH1] the header’s name and its scheme may be in any case', async () => {
    const agent = await fixture.agent();
    for (const [name, scheme] of [
      ['Authorization', 'Bearer'],
      ['authorization', 'bearer'],
      ['AUTHORIZATION', 'BEARER'],
    ] as const) {
      const reply = await send('GET', agent.uri, { [name]: `${scheme} ${agent.login.bearer}` });
      expect([scheme, reply.status]).toEqual([scheme, 200]);
    }
  });

  it('[AUTH7] a bearer is worth nothing after logout, and its session is gone', async () => {
    const agent = await fixture.agent();
    const login = await fixture.server.login('agent1');
    const again = new Agent(fixture, agent.uri, login);
    expect((await again.get()).status).toBe(200);
    const { bearer, csrf } = login;
    await fixture.server.call('POST', '/logout', { bearer, body: { csrf } });
    expect((await again.get()).status).toBe(401);
    expect((await agent.get()).status).toBe(404);
  });
});

describe('availability', () => {
  it('[AGENT4] a new session is Online, one to watch from Away, both without voice', async () => {
    const agent = await fixture.agent();
    expect((await agent.get('/availability')).text).toBe(
      '{"availability":{"chat":"Online","voice":"Offline"}}',
    );
    const { bearer } = await fixture.login('admin1');
    const body = { loginData: { role: 'supervisor' } };
    const opened = await fixture.server.call('POST', '/agentSession?NC=true', { bearer, body });
    const watcher = `${opened.headers.location}/availability`;
    expect((await fixture.server.call('GET', watcher, { bearer })).text).toBe(
      '{"availability":{"chat":"Away","voice":"Offline"}}',
    );
  });

  it.each(['Away', 'Occupied', 'Online'])(
    '[AGENT5] %s can be set, and is answered',
    async (chat) => {
      const agent = await fixture.agent();
      const text = `{"availability":{"chat":"${chat}","voice":"Offline"}}`;
      const set = await agent.put('/availability', { availability: { chat } });
      expect([set.status, set.text]).toEqual([200, text]);
      expect((await agent.get('/availability')).text).toBe(text);
    },
  );

  it('[AGENT5] Offline cannot be set: DELETE the session', async () => {
    const agent = await fixture.agent();
    const reply = await agent.put('/availability', { availability: { chat: 'Offline' } });
    expect(reply.status).toBe(400);
    expect(await agent.availability()).toBe('Online');
  });

  it('[AGENT6] Away sends ringing chats back at once; Occupied keeps them', async () => {
    const agent = await fixture.agent();
    await fixture.visitor();
    await agent.become('Occupied');
    expect(await agent.ringing()).toBe('1');
    await agent.become('Away');
    expect(await agent.ringing()).toBe('0');
    await agent.become('Online');
    expect(await agent.ringing()).toBe('1');
  });
});

describe('info', () => {
  it('[AGENT7] who the agent is, to the byte', async () => {
    await fixture.changeUser(ANNA, { maxChats: -1 });
    const agent = await fixture.agent();
    await agent.become('Occupied');
    expect((await agent.get('/info')).text).toBe(
      `{"info":{"link":{"@href":"${agent.uri}/info","@rel":"self"},"agentName":"Anna",` +
        '"displayName":"Anna Agent","loginName":"agent1","id":"101","maxChats":"-1",' +
        '"availability":{"chat":"Occupied","voice":"Offline"},' +
        '"skillsInfo":{"skillInfo":[{"id":"11","name":"Sales"},{"id":"12","name":"Support"}]}}}',
    );
    await fixture.changeUser(ANNA, { maxChats: 10 });
  });

  it('[AGENT7] one skill is written as that skill, none not at all', async () => {
    const agent = await fixture.agent();
    await fixture.changeUser(ANNA, { skillIds: [SUPPORT] });
    expect(at((await agent.get('/info')).body, 'info.skillsInfo')).toEqual({
      skillInfo: { id: '12', name: 'Support' },
    });
    await fixture.changeUser(ANNA, { skillIds: [] });
    expect(at((await agent.get('/info')).body, 'info.skillsInfo')).toBeUndefined();
    await fixture.changeUser(ANNA, { skillIds: [SALES, SUPPORT] });
  });
});

describe('incoming requests', () => {
  it('[AGENT8, OFFER1] the count as text, and the link to accept and who waits only while something rings', async () => {
    const agent = await fixture.agent();
    const uri = `${agent.uri}/incomingRequests`;
    expect((await agent.get('/incomingRequests')).text).toBe(
      '{"incomingRequests":{"ringingCount":"0"}}',
    );
    const vera = await fixture.visitor({ visitorName: 'Vera', skill: 'Sales' });
    fixture.clock.advance(3_000);
    const id = at((await agent.get('/incomingRequests')).body, 'incomingRequests.offer.id');
    expect(id).toMatch(/^\d+$/);
    const offer = `{"id":"${id}","role":"agent","skillId":11,"skillName":"Sales","visitorName":"Vera","waited":3,"remaining":17}`;
    expect((await agent.get('/incomingRequests')).text).toBe(
      `{"incomingRequests":{"ringingCount":"1","link":{"@href":"${uri}","@rel":"acceptNextChat"},"offer":${offer}}}`,
    );
    const xml = (await agent.get('/incomingRequests.xml')).text;
    expect(xml).toContain(`<offer><id>${id}</id><role>agent</role><skillId>11</skillId>`);
    await vera.end();
    await fixture.visitor();
    await fixture.visitor();
    expect(await agent.ringing()).toBe('2');
    expect(
      at((await agent.get('/incomingRequests')).body, 'incomingRequests.offer.1'),
    ).toBeDefined();
  });

  it('[AGENT9] accepting takes the longest-ringing, whatever the body says', async () => {
    const agent = await fixture.agent();
    for (const body of [{}, { chat: 'start' }, undefined, 'start', '<chat>start</chat>', '{']) {
      const first = await fixture.visitor();
      fixture.clock.advance(1);
      const second = await fixture.visitor();
      const reply = await agent.post('/incomingRequests', body);
      const uri = `${agent.uri}/chat/${first.id}`;
      expect([reply.status, reply.headers.location, reply.text]).toEqual([
        201,
        uri,
        `{"chatLocation":{"link":{"@href":"${uri}","@rel":"location"}}}`,
      ]);
      await second.end();
      await first.end();
    }
  });

  it('[AGENT9] the chat is the agent’s, and the visitor reads so', async () => {
    const { chat, visitor } = await fixture.chat();
    expect(await visitor.feed()).toEqual(['waiting', 'info:4', 'chatting', 'info:3']);
    expect((await visitor.events())[3]).toMatchObject({ text: 'You are now chatting with Anna.' });
    expect(at((await chat.get('/info')).body, 'info.state')).toBe('chatting');
  });
});

describe('takeover', () => {
  it('[AGENT10] a new session lists the chats it took over, with plain keys, to the byte', async () => {
    const before = await fixture.agent();
    const visitors = [await fixture.visitor(), await fixture.visitor()];
    for (const _ of visitors) await before.accept();
    const after = await fixture.agent();
    const entries = visitors.map(
      ({ id }) =>
        `{"link":{"href":"${after.uri}/chat/${id}","rel":"chat-session"},` +
        `"chatSessionKey":"${id}","startTime":${fixture.clock.now()}}`,
    );
    expect((await after.get('/chatSessions')).text).toBe(
      `{"chatSessions":{"chatSession":[${entries.join(',')}]}}`,
    );
  });

  it('[AGENT10] one chat taken over is still a list, and goes on where it was', async () => {
    const { agent: before, chat, visitor } = await fixture.chat();
    const after = await fixture.agent();
    const reply = await after.get('/chatSessions');
    expect(at(reply.body, 'chatSessions.chatSession.length')).toBe(1);
    const uri = linkAt(reply.body, 'chatSessions.chatSession.0.link', 'chat-session');
    const mine = after.chat(uri);
    expect(await mine.line('Still here')).toBe(4);
    expect(await visitor.feed(4)).toEqual(['Anna:Still here']);
    expect((await before.get()).status).toBe(404);
    expect((await chat.get('/events')).status).toBe(404);
    await mine.end();
    expect((await after.get('/chatSessions')).text).toBe('{"chatSessions":{"chatSession":[]}}');
  });

  it('[AGENT10] ringing chats come along, unlisted', async () => {
    await fixture.agent();
    await fixture.visitor();
    const after = await fixture.agent();
    expect(await after.ringing()).toBe('1');
    expect((await after.get('/chatSessions')).text).toBe('{"chatSessions":{"chatSession":[]}}');
  });
});

describe('heartbeats', () => {
  it('[AGENT11] a chat not accepted within 20 s goes on, and the agent turns Away', async () => {
    const first = await fixture.agent('agent1');
    const visitor = await fixture.visitor();
    const second = await fixture.agent('agent2');
    fixture.clock.advance(19_999);
    expect([await first.ringing(), await second.ringing()]).toEqual(['1', '0']);
    fixture.clock.advance(1);
    expect([await first.ringing(), await second.ringing()]).toEqual(['0', '1']);
    expect([await first.availability(), await second.availability()]).toEqual(['Away', 'Online']);
    expect((await first.post('/incomingRequests', {})).status).toBe(404);
    expect((await second.accept()).id).toBe(visitor.id);
  });

  it('[AGENT12] a session without a call for 120 s is lost; its chats go to another agent', async () => {
    const { agent: lost, visitor } = await fixture.chat({ skill: 'Sales' });
    const other = await fixture.agent('agent2');
    await fixture.pass(119, visitor, other);
    fixture.clock.advance(999);
    expect(await visitor.feed(4)).toEqual([]);
    fixture.clock.advance(1);
    expect(await visitor.feed(4)).toEqual(['info:23', 'waiting']);
    expect((await lost.get()).status).toBe(404);
    expect((await other.accept()).id).toBe(visitor.id);
  });

  it('[AGENT12] with nobody else online its chats end; the bearer lives on', async () => {
    const { visitor, agent: lost } = await fixture.chat();
    await fixture.pass(120, visitor);
    expect(await visitor.feed(4)).toEqual(['info:6', 'ended']);
    expect((await fixture.agent()).login.bearer).toBe(lost.login.bearer);
  });

  it('[AGENT12] any call on the session, or on one of its chats, is a heartbeat', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    for (const path of ['/incomingRequests', '/availability', `/chat/${chat.id}/events?from=9`]) {
      await fixture.pass(100, visitor);
      expect((await agent.get(path)).status).toBe(200);
    }
    await fixture.pass(100, visitor);
    expect((await agent.get()).status).toBe(200);
  });
});

describe('the account', () => {
  it('[AUTH10] a disabled user is out at once: bearer, session and chats', async () => {
    const { agent, visitor } = await fixture.chat();
    await fixture.changeUser(ANNA, { enabled: false });
    const reply = await agent.get();
    expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([401, 10]);
    expect(await visitor.feed(4)).toEqual(['info:6', 'ended']);
    await fixture.changeUser(ANNA, { enabled: true });
    expect((await agent.get()).status).toBe(401);
  });

  it('[AUTH10] a bearer of one account is unknown in another', async () => {
    const agent = await fixture.agent('agent2');
    const { store } = fixture.server.running.server;
    await store.accounts.create({ id: 'elsewhere', createdAt: 0 });
    const url = agent.uri.replace(DEMO_ACCOUNT, 'elsewhere');
    expect((await agent.get(url)).status).toBe(401);
  });
});
