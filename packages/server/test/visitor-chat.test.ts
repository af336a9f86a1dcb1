/** A visitor's chat: their own view, name, typing, heartbeats. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const now = () => new Date(fixture.clock.now()).toISOString().replace('Z', '+00:00');

describe('the chat', () => {
  it('[VIS20] links in their order, events and info, to the byte', async () => {
    const visitor = await fixture.visitor({ skill: 'Sales', visitorId: '42' });
    const C = visitor.uri;
    const link = (href: string, rel: string) => `{"@href":"${href}","@rel":"${rel}"}`;
    expect((await visitor.get()).text).toBe(
      `{"chat":{"link":[${[
        link(C, 'self'),
        link(`${C}/events`, 'events'),
        link(`${C}/info`, 'info'),
        link(`${C}?from=2`, 'next'),
        link(`${C}/transcriptRequest`, 'transcript-request'),
        link(`${C}/transcriptWithSubjectRequest`, 'transcript-with-subject-request'),
        link(`${C}/exitSurvey`, 'exit-survey'),
        link(`${C}/customVariables`, 'custom-variables'),
        link(`${C}/stream`, 'stream'),
        link(`${C}/ws`, 'websocket'),
        link(`${C}/tickets`, 'tickets'),
        link(`${C}/read`, 'read'),
      ].join(',')}],` +
        `"events":{"link":[${link(`${C}/events`, 'self')},${link(`${C}/events?from=2`, 'next')}],` +
        `"event":[{"@id":"0","@type":"state","time":"${now()}","state":"waiting"},` +
        `{"@id":"1","@type":"line","time":"${now()}","textType":"plain",` +
        '"text":"Thank you for choosing to chat with us. An agent will be with you shortly.",' +
        '"by":"info","source":"system","systemMessageId":4,"subType":"REGULAR"}]},' +
        `"info":{"link":[${link(`${C}/info`, 'self')},${link(`${C}/info/visitorName`, 'visitor-name')},` +
        `${link(`${C}/info/visitorTyping`, 'visitor-typing')},` +
        `${link(`${C}/info/agentTyping`, 'agent-typing')}],"state":"waiting",` +
        `"chatSessionKey":"${visitor.id}","skillName":"Sales","skillId":11,"startTime":"${now()}",` +
        `"duration":0,"lastUpdate":"${now()}","chatTimeout":40,"visitorId":42,` +
        '"agentTyping":"not-typing","visitorTyping":"not-typing","visitorName":"You",' +
        `"rtSessionId":${Number(/\d+$/.exec(visitor.id)?.[0])},` +
        '"queuePosition":1,"estimatedWait":-1}}}',
    );
  });

  it('[VIS20] info alone has plain keys', async () => {
    const visitor = await fixture.visitor();
    expect(
      (await visitor.get('/info')).text.startsWith(
        `{"info":{"link":[{"href":"${visitor.uri}/info","rel":"self"},`,
      ),
    ).toBe(true);
  });

  it('[VIS21] lines and the end are answered as for agents', async () => {
    const { visitor, chat } = await fixture.chat();
    const line = await visitor.post('/events', { event: { '@type': 'line', text: 'hi' } });
    const first = `${visitor.uri}/events/4`;
    expect([line.status, line.headers.location, line.text]).toEqual([
      201,
      first,
      `{"chatEventLocation":{"link":{"@href":"${first}","@rel":"location"}}}`,
    ]);
    const end = await visitor.end();
    const last = `{"link":{"@href":"${visitor.uri}/events/5","@rel":"location"}}`;
    expect([end.status, end.text]).toEqual([
      201,
      `{"chatEventLocation":${last},"chatLocation":${last}}`,
    ]);
    expect(await chat.feed(4)).toEqual(['visitor:hi', 'ended']);
  });

  it('[VIS22] a visitor’s line is plain and for everybody, whatever was asked', async () => {
    const { visitor, chat } = await fixture.chat();
    const text = '<b>bold</b> <script>alert(1)</script> javascript:alert(1)';
    const event = { '@type': 'line', text, textType: 'html', subType: 'ONLY_TO_REP' };
    await visitor.post('/events', { event });
    await visitor.line('card', { textType: 'rich-content', json: { type: 'text' } });
    for (const party of [visitor, chat]) {
      const [first, second] = await party.events(4);
      expect(first).toMatchObject({ text, textType: 'plain', subType: 'REGULAR' });
      expect(second).toMatchObject({ text: 'card', textType: 'plain', subType: 'REGULAR' });
      expect(second?.json).toBeUndefined();
    }
  });

  it('[VIS23] plain text is data in every representation, never markup', async () => {
    const { visitor, chat } = await fixture.chat();
    const text = '</text><by>info</by><script>alert("1")</script>&amp;]]>';
    await visitor.line(text);
    for (const party of [visitor, chat]) {
      expect((await party.events(4))[0]?.text).toBe(text);
      const xml = await party.get('/events?from=4', { accept: 'application/xml' });
      expect(xml.text).toContain(
        '<text>&lt;/text&gt;&lt;by&gt;info&lt;/by&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;' +
          '&amp;amp;]]&gt;</text>',
      );
      expect(xml.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('[VIS24] a visitor can write while the chat waits or rings', async () => {
    const visitor = await fixture.visitor();
    await visitor.line('anyone?');
    const agent = await fixture.agent();
    expect(await agent.ringing()).toBe('1');
    await visitor.line('hello?');
    const chat = await agent.accept();
    expect(await chat.feed(2)).toEqual(['visitor:anyone?', 'visitor:hello?', 'chatting', 'info:3']);
  });

  it('[VIS25] leaving while it rings stops the ring', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor();
    await visitor.end();
    expect(await agent.ringing()).toBe('0');
    expect(await visitor.feed(2)).toEqual(['ended']);
  });

  it('[VIS26] two visitors see nothing of each other', async () => {
    const { agent, visitor: first } = await fixture.chat();
    const second = await fixture.visitor({ visitorName: 'Zoë' });
    await agent.accept();
    await first.line('my secret');
    await second.line('mine');
    expect(await first.feed(4)).toEqual(['You:my secret']);
    expect(await second.feed(4)).toEqual(['Zoë:mine']);
    expect((await second.get('/info')).text).not.toContain(first.id);
  });

  it('[VIS26] a chat cannot be found by parts of its id, or by changing them', async () => {
    const visitor = await fixture.visitor();
    const { id } = visitor;
    const guesses = [
      id.replace(/-[0-9a-f]{32}/, ''),
      id.replace(/[0-9a-f]{32}/, '0'.repeat(32)),
      id.toLowerCase(),
      `${id}0`,
      id.slice(0, -1),
      id.slice(id.indexOf('K') + 1),
      '__proto__',
      'constructor',
    ];
    for (const guess of guesses) {
      for (const path of ['', '/events', '/events/0', '/info', '/info/visitorName']) {
        const reply = await fixture.visit('GET', `/chat/${guess}${path}`);
        expect([guess, reply.status]).toEqual([guess, 404]);
      }
    }
  });

  it('[VIS27] an agent’s address of the chat is not for visitors, nor a visitor’s for agents', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    expect((await fixture.visit('GET', chat.uri)).status).toBe(401);
    expect((await agent.get(visitor.uri)).status).toBe(401);
  });
});

describe('the visitor’s name', () => {
  it('[VIS28] “You” to oneself until one gives a name', async () => {
    const { visitor, chat } = await fixture.chat();
    await visitor.line('first');
    expect((await visitor.get('/info/visitorName')).text).toBe('{"visitorName":"You"}');
    expect(at((await visitor.get('/info')).body, 'info.visitorName')).toBe('You');
    const reply = await visitor.put('/info/visitorName', { visitorName: 'Zoë' });
    expect([reply.status, reply.text]).toEqual([200, '{"visitorName":"Zoë"}']);
    await visitor.line('second');
    expect((await visitor.get('/info/visitorName')).text).toBe('{"visitorName":"Zoë"}');
    expect(await visitor.feed(4)).toEqual(['You:first', 'Zoë:second']);
    expect(await chat.feed(4)).toEqual(['visitor:first', 'Zoë:second']);
  });

  it('[VIS28] an empty or endless name is 400 and changes nothing', async () => {
    const visitor = await fixture.visitor({ visitorName: 'Zoë' });
    for (const visitorName of ['', 'x'.repeat(129), { a: 1 }]) {
      expect((await visitor.put('/info/visitorName', { visitorName })).status).toBe(400);
    }
    expect((await visitor.put('/info/visitorName', {})).status).toBe(400);
    expect((await visitor.get('/info/visitorName')).text).toBe('{"visitorName":"Zoë"}');
  });
});

describe('heartbeats', () => {
  it('[VIS29] 40 s without a call end the chat with line 6', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    fixture.clock.advance(39_999);
    expect(await chat.feed(4)).toEqual([]);
    fixture.clock.advance(1);
    expect(await chat.feed(4)).toEqual(['info:6', 'ended']);
    expect(at((await visitor.get('/info')).body, 'info.state')).toBe('ended');
    expect(await agent.ringing()).toBe('0');
  });

  it.each([
    ['GET', ''],
    ['GET', '/events?from=99'],
    ['GET', '/info'],
    ['GET', '/info/agentTyping'],
    ['PUT', '/info/visitorTyping'],
    ['POST', '/events'],
  ])('[VIS29] any call on the chat counts: %s %s', async (method, path) => {
    const { chat, visitor } = await fixture.chat();
    for (let i = 0; i < 3; i += 1) {
      fixture.clock.advance(39_000);
      await visitor.call(method, path, { body: method === 'GET' ? undefined : { nonsense: 1 } });
    }
    expect(await chat.feed(4)).toEqual([]);
  });

  it('[VIS29] calls that are refused for their key, or on other chats, do not', async () => {
    const { chat, visitor } = await fixture.chat();
    fixture.clock.advance(39_000);
    await send('GET', visitor.uri, { authorization: 'LivePerson appKey=nobodys' });
    await fixture.visitor();
    fixture.clock.advance(1_000);
    expect(await chat.feed(4)).toEqual(['info:6', 'ended']);
  });

  it('[VIS30] interactionTimeout asks for another time', async () => {
    const { chat } = await fixture.chat({ interactionTimeout: 10 });
    fixture.clock.advance(9_999);
    expect(await chat.feed(4)).toEqual([]);
    fixture.clock.advance(1);
    expect(await chat.feed(4)).toEqual(['info:6', 'ended']);
  });

  it('[VIS30] a waiting chat ends by silence too, and then rings nowhere', async () => {
    const visitor = await fixture.visitor();
    fixture.clock.advance(40_000);
    expect(await visitor.feed(2)).toEqual(['info:6', 'ended']);
    expect(await (await fixture.agent()).ringing()).toBe('0');
  });

  it('[VIS31] waiting too long with nobody online: line 2, once', async () => {
    const visitor = await fixture.visitor({ maxWaitTime: 30 });
    await fixture.pass(29, visitor);
    expect(await visitor.feed(2)).toEqual([]);
    await fixture.pass(1, visitor);
    expect(await visitor.feed(2)).toEqual(['info:2']);
    await fixture.pass(100, visitor);
    expect(await visitor.feed(2)).toEqual(['info:2']);
  });
});

describe('who sees what', () => {
  it.each(['application/json', 'application/xml', 'application/hal+json'])(
    '[LINE11] nobody is shown the author of a line, in %s',
    async (accept) => {
      const { visitor, chat } = await fixture.chat();
      await visitor.line('hi');
      const last = await chat.line('hello');
      const { state } = await fixture.host();
      expect(state.chats.get(visitor.id)?.feed[last]).toHaveProperty('author');
      const headers = { accept };
      for (const reader of [visitor, chat]) {
        for (const path of ['', '/events', `/events/${last}`, '/info']) {
          const { status, text } = await reader.get(path, headers);
          expect([status, /author/i.test(text)]).toEqual([200, false]);
        }
      }
    },
  );

  const SECRETS = ['secret-prechat', 'secret-note', 'secret-transfer', 'secret-after'];

  it('[VIS32] hidden lines never reach the visitor, in no resource and no representation', async () => {
    const { chat, visitor } = await fixture.chat({
      preChatLines: { line: ['secret-prechat'] },
      skill: 'Sales',
    });
    const ben = await fixture.agent('agent2');
    await chat.line('hello');
    await chat.line('secret-note', { subType: 'ONLY_TO_REP' });
    await chat.line('<b>secret-note</b>', { subType: 'ONLY_TO_REP', textType: 'html' });
    const text = 'secret-transfer';
    await chat.post('/transfer', { transfer: { agent: { id: 102 }, text } });
    const mine = await ben.accept();
    await mine.line('bye');
    await mine.end();
    await mine.line('secret-after', { subType: 'ONLY_TO_REP' });
    const all = await mine.events();
    expect(
      all.filter((event) => event.subType === 'ONLY_TO_REP').map((event) => event.text),
    ).toEqual([
      'secret-prechat',
      'secret-note',
      '<b>secret-note</b>',
      'secret-transfer',
      'secret-after',
    ]);

    const paths = ['', '?from=0', '/events', '/info', '/info/visitorName', '/info/agentTyping'];
    for (let id = 0; id < all.length + 2; id += 1) {
      paths.push(`/events/${id}`, `/events?from=${id}`, `?from=${id}`);
    }
    let seen = '';
    for (const path of paths) {
      for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
        seen += (await visitor.get(path, { accept })).text;
      }
    }
    expect(seen).toContain('hello');
    expect(seen).toContain('bye');
    for (const secret of [...SECRETS, 'ONLY_TO_REP']) expect(seen).not.toContain(secret);
    const hidden = all.filter((event) => event.subType === 'ONLY_TO_REP');
    for (const event of hidden) {
      const one = await visitor.get(`/events/${event['@id']}`);
      const none = await visitor.get('/events/99999');
      expect([one.status, one.text]).toEqual([404, none.text]);
    }
    expect(await visitor.feed()).toEqual([
      'waiting',
      'info:4',
      'chatting',
      'info:3',
      'Anna:hello',
      'info:13',
      'waiting',
      'chatting',
      'info:3',
      'Ben:bye',
      'info:5',
      'ended',
    ]);
  });

  it('[VIS33] nothing that the visitor reads changes when a hidden line is written', async () => {
    const { chat, visitor } = await fixture.chat();
    const view = async () =>
      (
        await Promise.all(
          ['', '/events', '/events?from=4', '/info'].map((path) => visitor.get(path)),
        )
      )
        .map(({ text }) => text)
        .join();
    await chat.put('/info/agentTyping', { agentTyping: 'not-typing' });
    const before = await view();
    fixture.clock.advance(500);
    await chat.line('note', { subType: 'ONLY_TO_REP' });
    expect(await view()).toBe(before);
    expect(linkAt((await visitor.get('/events')).body, 'events.link', 'next')).toBe(
      `${visitor.uri}/events?from=4`,
    );
    await chat.line('visible');
    expect((await visitor.events(4)).map((event) => event['@id'])).toEqual(['5']);
    expect(await view()).not.toBe(before);
  });
});
