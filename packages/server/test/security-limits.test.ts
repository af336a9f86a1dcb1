/**
 * What anybody may bring in, or hold open, has a bound; so has what one answer shows.
 *
 * One file, though it is long: all bounds on one page, by what they are of.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Visitor, Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { at, DEMO_VISITOR_KEY, linkAt, type Reply } from './harness.js';
import { exchange, Silent } from './security-sockets.js';
import { ENGAGEMENT } from './visit-fixture.js';

/** Adds lines to a chat without a request for each. */
async function fill(fixture: Fixture, chat: Visitor, count: number, text: string): Promise<void> {
  const host = await fixture.host();
  const line = {
    type: 'chat.addLine',
    chatId: chat.id,
    from: { party: 'visitor' },
    text,
    textType: 'plain',
    subType: 'REGULAR',
  } as const;
  await Promise.all(Array.from({ length: count }, () => give<'chat.addLine'>(host, line)));
}

const refusal = (reply: Reply) => [
  reply.status,
  // Engagement answers its errors without the outer key.
  at(reply.body, 'error.internalCode') ?? at(reply.body, 'internalCode'),
  reply.headers['retry-after'],
];

describe('a long feed', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterEach(() => fixture.clear());
  afterAll(() => fixture.stop());

  it('[SEC12] is answered in pages of 1,000 events that next leads through', async () => {
    const { chat, visitor } = await fixture.chat();
    await fill(fixture, visitor, 2_300, 'x');
    for (const reader of [chat, visitor]) {
      let path = reader.uri;
      const ids: number[] = [];
      const sizes: number[] = [];
      for (let pages = 0; pages < 10; pages += 1) {
        const { body } = await reader.get(path);
        const events = [at(body, 'chat.events.event') ?? []].flat();
        if (events.length === 0) break;
        sizes.push(events.length);
        ids.push(...events.map((event) => Number(at(event, '@id'))));
        path = linkAt(body, 'chat.link', 'next');
      }
      expect(sizes).toEqual([1_000, 1_000, 304]);
      expect(ids).toEqual(ids.map((_, index) => index));
    }
  });

  it('[SEC12] is answered 500,000 bytes at a time, in every representation', async () => {
    const { visitor } = await fixture.chat();
    await fill(fixture, visitor, 200, 'y'.repeat(8_000));
    for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
      const { text } = await visitor.get('/events', { accept });
      expect(text.length).toBeGreaterThan(490_000);
      expect(text.length).toBeLessThan(550_000);
    }
    expect((await visitor.events(190)).map((event) => Number(event['@id']))).toHaveLength(14);
  });

  it('[SEC12] shares the page with the other chats of one answer', async () => {
    const agent = await fixture.agent('bot1');
    const visitors = [await fixture.visitor(), await fixture.visitor()];
    const chats = [await agent.accept(), await agent.accept()];
    for (const visitor of visitors) await fill(fixture, visitor, 600, 'z');
    const counts: number[] = [];
    let from = [0, 0];
    for (let round = 0; round < 3; round += 1) {
      const keys = chats.map(({ id }) => id).join(',');
      const path = `/chat?chatSessionKeys=${keys}&fromEventIds=${from.join(',')}`;
      const { body } = await agent.get(path);
      const shown = at(body, 'chats.chat') as unknown[];
      counts.push(...shown.map((each) => (at(each, 'events.event') as unknown[]).length));
      from = shown.map((each) => {
        const next = linkAt(each, 'events.link', 'next');
        return Number(next.slice(next.lastIndexOf('=') + 1));
      });
    }
    expect(counts).toEqual([604, 396, 0, 208, 0, 0]);
  });

  it('[SEC13] of a chat that nobody has accepted takes 500 events, and then no line', async () => {
    const visitor = await fixture.visitor();
    await fill(fixture, visitor, 498, 'x');
    const refused = await visitor.post('/events', { event: { '@type': 'line', text: 'more' } });
    expect(refusal(refused)).toEqual([409, 1509, undefined]);
    expect(at(refused.body, 'error.message')).toContain('Until an agent accepts it');
    const agent = await fixture.agent();
    const chat = await agent.accept();
    expect(await visitor.line('now there is room')).toBe(502);
    expect(await chat.line('there is')).toBe(503);
  });

  it('[SEC13] of such a chat takes 250,000 bytes, what came before it included', async () => {
    const visitor = await fixture.visitor({ preChatLines: ['p'.repeat(8_000)] });
    await fill(fixture, visitor, 29, 'x'.repeat(8_000));
    const long = { event: { '@type': 'line', text: 'x'.repeat(4_000) } };
    expect((await visitor.post('/events', long)).status).toBe(409);
    expect(await visitor.line('a short one fits')).toBe(32);
  });

  it('[SEC13] of any chat takes 4,000,000 bytes; its end finds room', async () => {
    const { chat, visitor } = await fixture.chat();
    await fill(fixture, visitor, 470, 'x'.repeat(8_000));
    const long = { event: { '@type': 'line', text: 'x'.repeat(8_000) } };
    let lines = 470;
    while (lines < 500 && (await visitor.post('/events', long)).status === 201) lines += 1;
    expect(lines).toBeGreaterThan(475);
    expect(lines).toBeLessThan(500);
    for (const party of [chat, visitor]) {
      expect(refusal(await party.post('/events', long))).toEqual([409, 1509, undefined]);
    }
    expect((await chat.end()).status).toBe(201);
    expect(await chat.feed(lines + 4)).toEqual(['info:5', 'ended']);
  });
});

describe('a visitor', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({
      trustedProxies: ['127.0.0.1'],
      visitors: { waitingChats: 5, linesPerSecond: 2, bytesPerSecond: 100 },
    });
  });
  afterEach(async () => {
    await fixture.clear();
    // Long enough for everything to be forgotten.
    fixture.clock.advance(60 * 60_000);
  });
  afterAll(() => fixture.stop());

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const request = (address: string, body: object = { request: {} }) =>
    fixture.visit('POST', '/chat/request', { body, ...from(address) });

  it('[SEC14] has so many chats waiting for an agent, and no more', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => request('192.0.2.1')));
    expect(asked.map(({ status }) => status).sort()).toEqual([
      201, 201, 201, 201, 201, 429, 429, 429,
    ]);
    const refused = await request('192.0.2.1');
    expect(refusal(refused)).toEqual([429, 1601, '30']);
    expect(refused.headers['ratelimit-policy']).toBe(
      '"waiting-chats";q=5;qu="concurrent-requests"',
    );
    expect(refused.headers.ratelimit).toBe('"waiting-chats";r=0;t=30');
    expect((await request('192.0.2.2')).status).toBe(201);
  });

  it('[SEC14] who was accepted may ask again', async () => {
    for (let number = 0; number < 5; number += 1) await request('192.0.2.3');
    expect((await request('192.0.2.3')).status).toBe(429);
    const agent = await fixture.agent('bot1');
    await agent.accept();
    expect((await request('192.0.2.3')).status).toBe(201);
    expect((await request('192.0.2.3')).status).toBe(429);
  });

  it('[SEC14] of one IPv6 network counts as one', async () => {
    for (let number = 0; number < 5; number += 1) await request(`2001:db8:1:2:${number}::1`);
    expect((await request('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await request('2001:db8:1:3::1')).status).toBe(201);
  });

  it('[SEC14] who comes and goes is counted as long as that is kept', async () => {
    const host = await fixture.host();
    const askAndLeave = async () => {
      const reply = await request('192.0.2.4');
      const chatId = /[^/]+$/.exec(reply.headers.location ?? '')?.[0];
      if (chatId === undefined) return reply.status;
      const visitor = { party: 'visitor' } as const;
      await give<'chat.end'>(host, { type: 'chat.end', chatId, from: visitor });
      return reply.status;
    };
    for (let number = 0; number < 50; number += 1) expect(await askAndLeave()).toBe(201);
    expect(await askAndLeave()).toBe(429);
    fixture.clock.advance(31 * 60_000);
    expect(await askAndLeave()).toBe(201);
  });

  it('[SEC14] is not refused for what others in the account do, up to a bound', async () => {
    for (let number = 0; number < 250; number += 1) {
      expect((await request(`10.0.${number}.1`)).status).toBe(201);
    }
    expect((await request('10.1.0.1')).status).toBe(429);
  });

  it('[SEC14] has no more places than it leaves for others', async () => {
    const host = await fixture.host();
    const visitor = { party: 'visitor' } as const;
    const askAndLeave = async (address: string) => {
      const reply = await request(address);
      const chatId = /[^/]+$/.exec(reply.headers.location ?? '')?.[0];
      if (chatId === undefined) return false;
      await give<'chat.end'>(host, { type: 'chat.end', chatId, from: visitor });
      return true;
    };
    const counts: number[] = [];
    for (let number = 0; number < 6; number += 1) {
      let count = 0;
      while (count < 100 && (await askAndLeave(`192.0.2.${100 + number}`))) count += 1;
      counts.push(count);
    }
    // Fifty each may have, and all together 250.
    expect(counts).toEqual([50, 50, 50, 50, 25, 13]);
    expect((await request('192.0.2.200')).status).toBe(201);
  });

  it('[SEC14] a server with a trusted key speaks for its visitors by their addresses', async () => {
    const appKey = 'trusted-key-of-a-server';
    await fixture.add('appKey', {
      key: appKey,
      kind: 'visitor',
      name: 'server',
      userId: null,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      sealedSecret: null,
      sealedAccessTokenSecret: null,
      origins: [],
      trusted: true,
    });
    for (let number = 0; number < 12; number += 1) {
      const body = { request: { visitorIp: `198.51.100.${number}` } };
      const reply = await fixture.server.call('POST', '/chat/request', { appKey, body });
      expect(reply.status).toBe(201);
    }
  });

  it('[SEC15] writes so many lines per second in a chat, and no more', async () => {
    const visitor = await fixture.visitor();
    const write = () => visitor.post('/events', { event: { '@type': 'line', text: 'x' } });
    const written = await Promise.all(Array.from({ length: 25 }, write));
    expect(written.filter(({ status }) => status === 201)).toHaveLength(20);
    const refused = written.find(({ status }) => status === 429);
    expect(refused && refusal(refused)).toEqual([429, 1601, '1']);
    expect(refused?.headers['ratelimit-policy']).toBe('"lines";q=20;w=10');
    expect(refused?.headers.ratelimit).toBe('"lines";r=0;t=1');
    expect(await visitor.events()).toHaveLength(22);
    fixture.clock.advance(1_000);
    const later = await Promise.all([write(), write(), write()]);
    expect(later.map(({ status }) => status).sort()).toEqual([201, 201, 429]);
  });

  it('[SEC15] the agent of the chat, and other visitors, are not slowed down', async () => {
    const agent = await fixture.agent('bot1');
    const visitor = await fixture.visitor();
    const chat = await agent.accept();
    await Promise.all(
      Array.from({ length: 25 }, () =>
        visitor.post('/events', { event: { '@type': 'line', text: 'x' } }),
      ),
    );
    for (let number = 0; number < 30; number += 1) await chat.line('I may');
    await (await fixture.visitor()).line('and I');
  });

  it('[SEC16] sends so much text, whatever it is for, and no more', async () => {
    const address = '203.0.113.9';
    const body = { request: { preChatLines: ['x'.repeat(5_900)] } };
    const half = () => request(address, body);
    // 100 bytes per second for half an hour are 180,000.
    const asked: number[] = [];
    for (let number = 0; number < 4; number += 1) asked.push((await half()).status);
    const chat = (await request(address)).headers.location ?? '';
    const value = 'y'.repeat(1_000);
    const customVariable = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, value }));
    const body5k = { customVariables: { customVariable } };
    const put = () =>
      fixture.visit('PUT', `${chat}/customVariables`, { body: body5k, ...from(address) });
    for (let number = 0; number < 30; number += 1) asked.push((await put()).status);
    expect(new Set(asked)).toEqual(new Set([200, 201]));
    const refused = await put();
    expect(refusal(refused).slice(0, 2)).toEqual([429, 1601]);
    expect(refused.headers['ratelimit-policy']).toBe('"bytes";q=180000;w=1800;qu="content-bytes"');
    const visits = '/app/engagement/visitors';
    const report = await fixture.visit('POST', visits, { body: body5k, ...from(address) });
    expect(report.status).toBe(429);
    expect((await fixture.visit('GET', `${chat}/events`, from(address))).status).toBe(200);
    expect((await request('203.0.113.10', body)).status).toBe(201);
  });

  it('[SEC16] when all of an account send too much, those wait who sent more than their part', async () => {
    // Sixteen times what one address may send is what an account takes.
    const body = { request: { preChatLines: Array.from({ length: 7 }, () => 'x'.repeat(7_990)) } };
    const replies: Reply[] = [];
    for (let number = 0; number < 18; number += 1) {
      for (let more = 0; more < 3; more += 1) {
        replies.push(await request(`203.0.113.${100 + number}`, body));
      }
    }
    const refused = replies.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(6);
    expect(at(refused[0]?.body, 'error.message')).toContain('Too much text came to this account');
    const small = { request: { preChatLines: ['x'.repeat(7_000)] } };
    expect((await request('203.0.113.200', small)).status).toBe(201);
  });

  it('[SEC21] reports of visits without a body count what is kept of their headers', async () => {
    const report = (address: string) =>
      fixture.visit('POST', ENGAGEMENT, {
        headers: { ...from(address).headers, 'user-agent': 'u'.repeat(2_000) },
      });
    // 1,000 of the user agent and some more: 180,000 hold no 180 of them.
    const asked: number[] = [];
    for (let number = 0; number < 180; number += 1)
      asked.push((await report('203.0.113.11')).status);
    expect(asked.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 200));
    const last = await report('203.0.113.11');
    expect(refusal(last).slice(0, 2)).toEqual([429, 1601]);
    expect((await report('203.0.113.12')).status).toBe(200);
  });
});

describe('a connection', () => {
  const quick = { headersMs: 1_000, requestMs: 1_500, silenceMs: 2_000 };

  it('[SEC17] is one of so many from an address; what is over is cut', async () => {
    const fixture = await Fixture.start({ connections: { perAddress: 4 } });
    const port = fixture.server.running.httpPort;
    const held = await Promise.all(Array.from({ length: 4 }, () => new Silent(port).open()));
    const over = await new Silent(port).open();
    await over.closed;
    for (const connection of held) connection.end();
    await Promise.all(held.map(({ closed }) => closed));
    await expect
      .poll(() => fixture.server.call('GET', '/chat/availability'))
      .toMatchObject({
        status: 401,
      });
    await fixture.stop();
  });

  it('[SEC17] of a trusted proxy is not counted', async () => {
    const fixture = await Fixture.start({
      connections: { perAddress: 1 },
      trustedProxies: ['127.0.0.0/8'],
    });
    const port = fixture.server.running.httpPort;
    const held = await Promise.all(Array.from({ length: 4 }, () => new Silent(port).open()));
    expect((await fixture.visit('GET', '/chat/availability')).status).toBe(200);
    for (const connection of held) connection.end();
    await fixture.stop();
  });

  it('[SEC18] that brings its request slowly, or never, is answered so and cut', async () => {
    const fixture = await Fixture.start({ connections: quick });
    const port = fixture.server.running.httpPort;
    const nothing = (await new Silent(port).open()).read();
    const headers = (await new Silent(port).open()).read().send('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => headers.send('X: y\r\n'), 50);
    const body = (await new Silent(port).open()).read();
    body.send(`POST /api/account/12345678/chat/request HTTP/1.1\r\nHost: a\r\n`);
    body.send('Content-Length: 1000\r\n\r\n{');
    await Promise.all([nothing.closed, headers.closed, body.closed]);
    clearInterval(drip);
    for (const { received } of [nothing, headers, body]) {
      expect(received).toMatch(/^HTTP\/1\.1 408 .*did not arrive in time/s);
    }
    await fixture.stop();
  });

  it('[SEC18] that brings a body and stops is answered so, whichever time is over first', async () => {
    for (const times of [
      { unreadMs: 500, requestMs: 60_000 },
      { unreadMs: 60_000, requestMs: 1_500 },
    ]) {
      const fixture = await Fixture.start({
        connections: { ...quick, silenceMs: 60_000, ...times },
      });
      const body = (await new Silent(fixture.server.running.httpPort).open()).read();
      body.send('POST /api/account/12345678/login HTTP/1.1\r\nHost: a\r\n');
      body.send('Content-Length: 1000\r\n\r\n{');
      await body.closed;
      expect(body.received).toMatch(/^HTTP\/1\.1 408 .*did not arrive in time/s);
      expect(body.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
      await fixture.stop();
    }
  });

  it('[SEC18] that asks and does not read the answers is cut', async () => {
    const fixture = await Fixture.start({ connections: { ...quick, perAddress: 2 } });
    const { visitor } = await fixture.chat();
    await fill(fixture, visitor, 60, 'x'.repeat(8_000));
    const { port, pathname } = new URL(visitor.uri);
    const key = `Authorization: LivePerson appKey=${DEMO_VISITOR_KEY}`;
    const others = () =>
      exchange(Number(port), ['GET /healthz HTTP/1.1', 'Host: a', 'Connection: close']).then(
        ({ status }) => status,
        () => 0,
      );
    const request = `GET ${pathname} HTTP/1.1\r\nHost: a\r\n${key}\r\n\r\n`;
    const deaf = [new Silent(Number(port)), new Silent(Number(port))];
    for (const connection of deaf) (await connection.open()).send(request.repeat(30));
    expect(await others()).toBe(0);
    await expect.poll(others, { timeout: 15_000 }).toBe(200);
    for (const connection of deaf) connection.end();
    await fixture.stop();
  });
});
