/** An agent's chats: resources, events, info, names, typing, several at once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SALES, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

describe('the chat', () => {
  it('[CHAT1] links, events and info, to the byte', async () => {
    const request = { skill: 'Sales', visitorId: '1214701440734022', language: 'de-DE' };
    const { agent, chat } = await fixture.chat({
      ...request,
      engagementId: 17,
      campaignId: 5,
      LETagVisitorId: 'v1',
      LETagSessionId: 's1',
      LETagContextId: '2',
    });
    const C = chat.uri;
    const link = (href: string, rel: string) => `{"@href":"${href}","@rel":"${rel}"}`;
    const visitId = `${chat.id.slice(0, chat.id.indexOf('-'))}${/K\d+$/.exec(chat.id)?.[0]}`;
    const links = [
      link(C, 'self'),
      link(`${C}/events`, 'events'),
      link(`${C}/info`, 'info'),
      link(`${C}?from=4`, 'next'),
      link(`${C}/collaborationChannels`, 'collaboration-channels'),
      link(`${agent.uri}/visits/visit/${visitId}`, 'visit-id'),
      link(`${C}/transfer`, 'transfer'),
      link(`${C}/transferAccount`, 'transfer-account'),
      link(`${C}/survey`, 'agent-survey'),
      link(`${C}/suggestions`, 'suggestions'),
      link(`${C}/escalation`, 'escalation'),
      link(`${C}/read`, 'read'),
      link(`${C}/routing`, 'routing'),
    ];
    const line = (id: number, message: number, text: string) =>
      `{"@id":"${id}","@type":"line","time":"${now}","textType":"plain","text":"${text}",` +
      `"by":"info","source":"system","systemMessageId":${message},"subType":"REGULAR"}`;
    const state = (id: number, name: string) =>
      `{"@id":"${id}","@type":"state","time":"${now}","state":"${name}"}`;
    const now = new Date(fixture.clock.now()).toISOString().replace('Z', '+00:00');
    expect((await chat.get()).text).toBe(
      `{"chat":{"link":[${links.join(',')}],` +
        `"events":{"link":[${link(`${C}/events`, 'self')},${link(`${C}/events?from=4`, 'next')}],` +
        `"event":[${state(0, 'waiting')},` +
        `${line(1, 4, 'Thank you for choosing to chat with us. An agent will be with you shortly.')},` +
        `${state(2, 'chatting')},${line(3, 3, 'You are now chatting with Anna.')}]},` +
        `"info":{"link":[${link(`${C}/info`, 'self')},${link(`${C}/info/visitorName`, 'visitor-name')},` +
        `${link(`${C}/info/visitorTyping`, 'visitor-typing')},` +
        `${link(`${C}/info/agentTyping`, 'agent-typing')}],` +
        `"state":"chatting","chatSessionKey":"${chat.id}","skillName":"Sales","skillId":11,` +
        `"agentName":"Anna","agentId":101,"startTime":"${now}","duration":0,"lastUpdate":"${now}",` +
        '"chatTimeout":40,"visitorId":1214701440734022,"agentTyping":"not-typing",' +
        '"visitorTyping":"not-typing","visitorName":"visitor",' +
        `"rtSessionId":${Number(/\d+$/.exec(chat.id)?.[0])},"sharkVisitorId":"v1",` +
        '"sharkSessionId":"s1","sharkContextId":2,"engagementId":17,"campaignId":5,' +
        '"language":"de-DE"}}}',
    );
  });

  it('[CHAT1] with from only what is new comes, and next goes on there', async () => {
    const { chat, visitor } = await fixture.chat();
    await visitor.line('one');
    const some = await chat.get('?from=4');
    expect(at(some.body, 'chat.events.event.text')).toBe('one');
    expect(linkAt(some.body, 'chat.link', 'next')).toBe(`${chat.uri}?from=5`);
    const none = await chat.get('?from=5');
    expect(at(none.body, 'chat.events.event')).toBeUndefined();
    expect(linkAt(none.body, 'chat.link', 'next')).toBe(`${chat.uri}?from=5`);
  });

  it('[CHAT2] info alone has plain keys and arrays, to the byte', async () => {
    const { chat } = await fixture.chat();
    const info = `${chat.uri}/info`;
    const link = (href: string, rel: string) => `{"href":"${href}","rel":"${rel}"}`;
    const { text } = await chat.get('/info');
    expect(text).toMatch(
      new RegExp(
        `"chatSessionKey":"${chat.id}","agentName":"Anna","agentId":101,` +
          '"startTime":"[^"]+","duration":0,"lastUpdate":"[^"]+","chatTimeout":40,"visitorId":\\d+,' +
          '"agentTyping":"not-typing","visitorTyping":"not-typing","visitorName":"visitor",' +
          '"rtSessionId":\\d+\\}\\}$',
      ),
    );
    expect(
      text.startsWith(
        `{"info":{"link":[${link(info, 'self')},${link(`${info}/visitorName`, 'visitor-name')},` +
          `${link(`${info}/visitorTyping`, 'visitor-typing')},` +
          `${link(`${info}/agentTyping`, 'agent-typing')}],"state":"chatting",`,
      ),
    ).toBe(true);
  });

  it('[CHAT3] duration and lastUpdate run on, startTime stays', async () => {
    const { chat, visitor } = await fixture.chat();
    const started = at((await chat.get('/info')).body, 'info.startTime');
    await fixture.pass(30, visitor, chat);
    await visitor.line('still there?');
    fixture.clock.advance(7_900);
    expect((await chat.get('/info')).body).toMatchObject({
      info: { startTime: started, duration: 37 },
    });
    const updated = String(at((await chat.get('/info')).body, 'info.lastUpdate'));
    expect(Date.parse(updated)).toBe(Date.parse(String(started)) + 30_000);
    await chat.end();
    fixture.clock.advance(60_000);
    expect((await chat.get('/info')).body).toMatchObject({
      info: { state: 'ended', duration: 37, agentName: 'Anna' },
    });
  });

  it('[CHAT3] a visitor id that is no number is given as it came', async () => {
    for (const visitorId of ['v-0017', '0017', '1e3', '9007199254740993']) {
      const { chat } = await fixture.chat({ visitorId });
      expect(at((await chat.get('/info')).body, 'info.visitorId')).toBe(visitorId);
    }
  });
});

describe('events', () => {
  it('[CHAT4] from=N gives the events with id ≥ N, next is last id + 1', async () => {
    const { chat, visitor } = await fixture.chat();
    await visitor.line('a');
    await chat.line('b');
    const uri = `${chat.uri}/events`;
    for (const [from, expected, next] of [
      ['', ['0', '1', '2', '3', '4', '5'], 6],
      ['?from=0', ['0', '1', '2', '3', '4', '5'], 6],
      ['?from=', ['0', '1', '2', '3', '4', '5'], 6],
      ['?from=4', ['4', '5'], 6],
      ['?from=5', ['5'], 6],
      ['?from=6', [], 6],
      ['?from=900', [], 900],
    ] as const) {
      const reply = await chat.get(`/events${from}`);
      const events = [at(reply.body, 'events.event') ?? []].flat();
      expect(events.map((event) => at(event, '@id'))).toEqual(expected);
      expect(linkAt(reply.body, 'events.link', 'next')).toBe(`${uri}?from=${next}`);
    }
  });

  it('[CHAT5] one event alone, to the byte; beyond the last 404', async () => {
    const { chat } = await fixture.chat();
    expect((await chat.get('/events/0')).text).toMatch(
      /^\{"event":\{"@id":"0","@type":"state","time":"[^"]+","state":"waiting"\}\}$/,
    );
    for (const id of ['4', '-1', 'x', '1.0', '00000000000', '1e1']) {
      expect([id, (await chat.get(`/events/${id}`)).status]).toEqual([id, 404]);
    }
  });

  it('[CHAT6] a line is answered with its address, in Location and body, to the byte', async () => {
    const { chat, visitor } = await fixture.chat();
    const reply = await chat.post('/events?v=1&NC=true', {
      event: { '@type': 'line', text: 'Hi' },
    });
    const href = `${chat.uri}/events/4`;
    expect([reply.status, reply.headers.location, reply.text]).toEqual([
      201,
      href,
      `{"chatEventLocation":{"link":{"@href":"${href}","@rel":"location"}}}`,
    ]);
    expect((await chat.get(href)).text).toContain('"text":"Hi","by":"Anna","source":"agent"');
    expect(await visitor.feed(4)).toEqual(['Anna:Hi']);
  });

  it('[CHAT7] the end is line 5 and state ended; its address is answered twice, to the byte', async () => {
    const { chat, visitor } = await fixture.chat();
    const reply = await chat.end();
    const href = `${chat.uri}/events/5`;
    const link = `{"link":{"@href":"${href}","@rel":"location"}}`;
    expect([reply.status, reply.headers.location, reply.text]).toEqual([
      201,
      href,
      `{"chatEventLocation":${link},"chatLocation":${link}}`,
    ]);
    expect(await visitor.feed(4)).toEqual(['info:5', 'ended']);
    expect(at((await visitor.get('/events/5')).body, 'event.state')).toBe('ended');
  });

  it('[CHAT8] everybody sees the events in the same order, with the same ids and times', async () => {
    const { chat, visitor } = await fixture.chat();
    await Promise.all([
      ...['a', 'b', 'c'].map((text) => chat.line(text)),
      ...['x', 'y', 'z'].map((text) => visitor.line(text)),
    ]);
    const mine = await chat.events();
    expect(mine.map((event) => event['@id'])).toEqual(mine.map((_, index) => String(index)));
    expect((await visitor.events()).map((event) => [event['@id'], event.text, event.time])).toEqual(
      mine.map((event) => [event['@id'], event.text, event.time]),
    );
  });

  it('[CHAT9] rich content is kept with its line and given to both', async () => {
    const { chat, visitor } = await fixture.chat();
    const json = { type: 'vertical', elements: [{ type: 'text', text: 'Pick one' }] };
    await chat.line('', { textType: 'rich-content', json });
    for (const party of [chat, visitor]) {
      expect((await party.events(4))[0]).toMatchObject({ textType: 'rich-content', json });
    }
  });

  it('[CHAT10] an ended chat is readable for 30 min by those who were in it, then by nobody', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    const bot = await fixture.agent('bot1');
    await chat.post('/collaborationChannels', { channel: { agentId: 103, role: 'listener' } });
    const listener = await bot.accept();
    await chat.end();
    await fixture.pass(30 * 60 - 1, agent, bot);
    for (const party of [chat, listener, visitor]) {
      expect((await party.get()).status).toBe(200);
      expect((await party.feed(4)).slice(-2)).toEqual(['info:5', 'ended']);
    }
    fixture.clock.advance(1_000);
    for (const party of [chat, listener, visitor]) {
      for (const path of ['', '/events', '/events/0', '/info']) {
        expect((await party.get(path)).status).toBe(404);
      }
    }
  });

  it('[CHAT11] its last agent may still leave notes for agents, and nothing else', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    await visitor.end();
    expect(await chat.line('Angry customer', { subType: 'ONLY_TO_REP' })).toBe(5);
    expect(await chat.feed(4)).toEqual(['ended', 'Anna:Angry customer']);
    expect(await visitor.feed(4)).toEqual(['ended']);
    const other = await fixture.agent('agent2');
    const note = { event: { '@type': 'line', text: 'Me too', subType: 'ONLY_TO_REP' } };
    expect((await other.post(`/chat/${chat.id}/events`, note)).status).toBe(404);
    const spoken = { event: { '@type': 'line', text: 'Sorry' } };
    expect((await agent.post(`/chat/${chat.id}/events`, spoken)).status).toBe(409);
  });
});

describe('names and typing', () => {
  it('[CHAT12] an unnamed visitor is “visitor” to the agent, a named one has that name', async () => {
    const { chat, visitor } = await fixture.chat();
    await visitor.line('hi');
    expect((await chat.get('/info/visitorName')).text).toBe('{"visitorName":"visitor"}');
    await visitor.put('/info/visitorName', { visitorName: 'Zoë "Z" <b>' });
    await visitor.line('again');
    expect((await chat.get('/info/visitorName')).text).toBe('{"visitorName":"Zoë \\"Z\\" <b>"}');
    expect(at((await chat.get('/info')).body, 'info.visitorName')).toBe('Zoë "Z" <b>');
    expect(await chat.feed(4)).toEqual(['visitor:hi', 'Zoë "Z" <b>:again']);
  });

  it('[CHAT13] typing is not-typing, then as said, and falls back after 10 s', async () => {
    const { chat, visitor } = await fixture.chat();
    const seen = async () => (await chat.get('/info/visitorTyping')).text;
    expect(await seen()).toBe('{"visitorTyping":"not-typing"}');
    const said = await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    expect([said.status, said.text]).toEqual([200, '{"visitorTyping":"typing"}']);
    expect(await seen()).toBe('{"visitorTyping":"typing"}');
    fixture.clock.advance(9_999);
    expect(await seen()).toBe('{"visitorTyping":"typing"}');
    fixture.clock.advance(1);
    expect(await seen()).toBe('{"visitorTyping":"not-typing"}');
    await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    await visitor.put('/info/visitorTyping', { visitorTyping: 'not-typing' });
    expect(await seen()).toBe('{"visitorTyping":"not-typing"}');
  });

  it('[CHAT13] the agent’s typing is seen by the visitor; a line ends it', async () => {
    const { chat, visitor } = await fixture.chat();
    const seen = async () => [
      at((await visitor.get('/info/agentTyping')).body, 'agentTyping'),
      at((await visitor.get('/info')).body, 'info.agentTyping'),
      at((await chat.get('/info/agentTyping')).body, 'agentTyping'),
    ];
    const said = await chat.put('/info/agentTyping', { agentTyping: 'typing' });
    expect([said.status, said.text]).toEqual([200, '{"agentTyping":"typing"}']);
    expect(await seen()).toEqual(['typing', 'typing', 'typing']);
    await visitor.line('take your time');
    expect(await seen()).toEqual(['typing', 'typing', 'typing']);
    await chat.line('Done');
    expect(await seen()).toEqual(['not-typing', 'not-typing', 'not-typing']);
  });

  it('[CHAT13] typing is no event, and nobody sets the other side’s', async () => {
    const { chat, visitor } = await fixture.chat();
    const before = await chat.events();
    expect((await chat.put('/info/visitorTyping', { visitorTyping: 'typing' })).status).toBe(405);
    expect((await visitor.put('/info/agentTyping', { agentTyping: 'typing' })).status).toBe(405);
    expect((await chat.put('/info/visitorName', { visitorName: 'x' })).status).toBe(405);
    expect((await chat.put('/info/agentTyping', { agentTyping: 'sleeping' })).status).toBe(400);
    expect(await chat.events()).toEqual(before);
  });
});

describe('several chats', () => {
  const keys = (ids: readonly string[], more = '') =>
    `/chat?chatSessionKeys=${ids.join(',')}${more}`;

  it('[CHAT14] each from its own position on, plain keys, lists always, to the byte', async () => {
    const { agent, chat: first, visitor } = await fixture.chat({ skill: 'Sales' });
    await fixture.visitor({ skill: 'Support' });
    const second = await agent.accept();
    await visitor.line('hello');
    const reply = await agent.get(keys([first.id, second.id], '&fromEventIds=4,4&v=1&NC=true'));
    expect(reply.status).toBe(200);
    const both = at(reply.body, 'chats.chat') as unknown[];
    expect(both.map((chat) => at(chat, 'info.chatSessionKey'))).toEqual([first.id, second.id]);
    expect(at(both[0], 'events.event.length')).toBe(1);
    expect(at(both[0], 'events.event.0')).toEqual({
      id: 4,
      type: 'line',
      time: expect.stringMatching(/\+00:00$/),
      textType: 'plain',
      text: 'hello',
      by: 'visitor',
      source: 'visitor',
      subType: 'REGULAR',
    });
    expect(at(both[1], 'events.event')).toEqual([]);
    expect(linkAt(both[0], 'link', 'next')).toBe(`${first.uri}?from=5`);
    expect(linkAt(both[1], 'events.link', 'next')).toBe(`${second.uri}/events?from=4`);
    expect(
      reply.text.startsWith(`{"chats":{"chat":[{"link":[{"href":"${first.uri}","rel":"self"},`),
    ).toBe(true);
  });

  it('[CHAT15] what is not there, not this agent’s or not accepted is left out', async () => {
    const { agent, chat } = await fixture.chat();
    const ringing = await fixture.visitor();
    const reply = await agent.get(keys(['H1-0K1', ringing.id, chat.id], '&fromEventIds=9,9,3'));
    expect(at(reply.body, 'chats.chat.length')).toBe(1);
    expect(at(reply.body, 'chats.chat.0.info.chatSessionKey')).toBe(chat.id);
    expect(at(reply.body, 'chats.chat.0.events.event.0.id')).toBe(3);
    const other = await fixture.agent('agent2');
    expect((await other.get(keys([chat.id]))).text).toBe('{"chats":{"chat":[]}}');
  });

  it('[CHAT15] positions left out are 0', async () => {
    const { agent, chat } = await fixture.chat();
    await fixture.visitor();
    const second = await agent.accept();
    for (const more of ['', '&fromEventIds=', '&fromEventIds=,4', '&fromEventIds=0']) {
      const reply = await agent.get(keys([chat.id, second.id], more));
      expect(at(reply.body, 'chats.chat.0.events.event.length')).toBe(4);
    }
  });

  it('[CHAT29] without keys they are all that the agent is in, each with the role', async () => {
    const { agent, chat } = await fixture.chat();
    expect(at((await agent.get('/chat')).body, 'chats.chat.length')).toBe(1);
    await fixture.visitor();
    const other = await agent.accept();
    const { body } = await agent.get('/chat');
    const chats = at(body, 'chats.chat') as Record<string, unknown>[];
    expect(chats.map(({ role, info }) => [role, at(info, 'chatSessionKey')])).toEqual([
      ['agent', chat.id],
      ['agent', other.id],
    ]);
    await chat.end();
    expect(at((await agent.get('/chat')).body, 'chats.chat.0.info.chatSessionKey')).toBe(other.id);
    const named = await agent.get(`/chat?chatSessionKeys=${other.id}`);
    expect(named.text).not.toContain('"role"');
  });

  it('[CHAT16] too many keys, or positions that do not fit, are 400', async () => {
    const agent = await fixture.agent();
    const message = async (query: string) => {
      const reply = await agent.get(`/chat${query}`);
      return [reply.status, at(reply.body, 'error.message')];
    };
    expect(await message('?fromEventIds=1')).toEqual([
      400,
      'Query parameter fromEventIds goes with chatSessionKeys, position by position: name the chats too.',
    ]);
    expect(await message('?chatSessionKeys=a&fromEventIds=1,2')).toEqual([
      400,
      'Query parameter fromEventIds has 2 members for 1 chats: give one for each chat, in the same order.',
    ]);
    expect(await message('?chatSessionKeys=a&fromEventIds=x')).toEqual([
      400,
      'Query parameter fromEventIds must be event ids separated by commas, got "x".',
    ]);
    expect((await message(`?chatSessionKeys=${'a,'.repeat(100)}a`))[0]).toBe(400);
    expect((await message(`?chatSessionKeys=${'a,'.repeat(99)}a`))[0]).toBe(200);
  });
});

it('[CHAT17] the skill of a chat is shown by name and number, and not at all without one', async () => {
  const { chat } = await fixture.chat({ skillId: SALES });
  expect((await chat.get('/info')).body).toMatchObject({
    info: { skillName: 'Sales', skillId: SALES },
  });
  await chat.end();
  const { chat: plain } = await fixture.chat();
  expect((await plain.get('/info')).text).not.toContain('skill');
});
